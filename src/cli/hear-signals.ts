/** What an operator says to a command that stays: end, end at once, go on in new logs. */
import { type OwnProcess, type SignalName, signalNumbers } from './own-process.js';
import type { Terminal } from './terminal.js';

export interface Heard {
  /** Fires with the first SIGTERM or SIGINT, whose name is the reason. */
  readonly stopping: AbortSignal;
  /** Does something at every SIGHUP from now on, and now for those that came before. */
  readonly onHangup: (reopen: () => void) => void;
  /** Leaves signals to the system again. */
  readonly forget: () => void;
}

/** Under npx a terminal's Ctrl-C comes twice, from the terminal and from npx: what comes so soon after the first is the same. */
const echoMs = 300;

/** Hears signals from now on. A second SIGTERM or SIGINT ends the process at once, with 128 and the signal's number. */
export const hearSignals = (own: OwnProcess, terminal: Terminal): Heard => {
  const stop = new AbortController();
  let stoppedAt = 0;
  let reopenLogs: (() => void) | undefined;
  let wasHungUp = false;
  const heardStop = (name: SignalName) => (): void => {
    if (!stop.signal.aborted) {
      stoppedAt = performance.now();
      if (terminal.isWatched) terminal.err('\r\u001b[Kstopping; once more ends it at once\n');
      stop.abort(name);
    } else if (performance.now() - stoppedAt > echoMs) own.exit(128 + signalNumbers[name], 0);
  };
  const heardHangup = (): void => {
    if (reopenLogs === undefined) wasHungUp = true;
    else reopenLogs();
  };
  const listeners = [
    own.onSignal('SIGTERM', heardStop('SIGTERM')),
    own.onSignal('SIGINT', heardStop('SIGINT')),
    own.onSignal('SIGHUP', heardHangup),
  ];
  return {
    stopping: stop.signal,
    onHangup: (reopen) => {
      reopenLogs = reopen;
      if (wasHungUp) reopen();
      wasHungUp = false;
    },
    forget: () => {
      for (const forget of listeners) forget();
    },
  };
};
