/** The end of a call: when nobody waits for it any more, when the connection is closed, or when it is done. */
import { setMaxListeners } from 'node:events';

export interface Ending {
  /** Fires with any of the signals it was made of, or with `end`. */
  readonly signal: AbortSignal;
  /** Fires the signal and lets go of the others; owed by whoever made the ending, or they keep it for ever. */
  readonly end: () => void;
}

/** The ending of what lasts no longer than any of the signals. */
export const endingWith = (signals: ReadonlyArray<AbortSignal>): Ending => {
  const ending = new AbortController();
  const abort = (): void => ending.abort();
  if (signals.some(({ aborted }) => aborted)) abort();
  // Node warns of more than ten listeners, and one signal may well end a hundred calls.
  setMaxListeners(0, ...signals, ending.signal);
  for (const signal of signals) signal.addEventListener('abort', abort);
  return {
    signal: ending.signal,
    end: () => {
      for (const signal of signals) signal.removeEventListener('abort', abort);
      abort();
    },
  };
};
