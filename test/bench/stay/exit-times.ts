/** When each exit was heard of, stored and told, in the process that is measured. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { CheckpointWriter, ExitSubscriber } from '../../../src/ports/index.js';
import { millisecondsOf, type SettledExit } from './messages.js';

export interface ExitTimes {
  /** The same writer, with a look at the clock when it has written. */
  readonly timed: <W extends CheckpointWriter>(writer: W) => W;
  /** Listens until the signal; resolves then. */
  readonly listen: (exits: ExitSubscriber, signal: AbortSignal) => Promise<void>;
  readonly told: (id: string) => void;
}

const now = (): number => performance.timeOrigin + performance.now();

/** Calls back once for each exit of which everything is known. */
export const openExitTimes = (tell: (exit: SettledExit) => void): ExitTimes => {
  const known = new Map<string, Partial<SettledExit>>();
  const note = (id: string, times: Partial<SettledExit>): void => {
    // The first counts: containerd may tell an exit again, with a time of its own, when a shim's connection breaks.
    const all = { ...times, ...known.get(id) };
    known.set(id, all);
    const { exited, heard, written, told } = all;
    if (exited !== undefined && heard !== undefined && written !== undefined && told !== undefined)
      tell({ id, exited, heard, written, told });
  };
  return {
    timed: (writer) => ({
      ...writer,
      write: (id, checkpoint) => (signal) =>
        TE.map(() => note(id, { written: now() }))(writer.write(id, checkpoint)(signal)),
    }),
    listen: async (exits, signal) => {
      for await (const notice of exits.subscribe(signal)) {
        const heard = now();
        if (notice._tag === 'Exit') {
          const { containerId: id, exitedAt } = notice.exit;
          note(id, { heard, exited: millisecondsOf(exitedAt) });
        }
      }
    },
    told: (id) => note(id, { told: now() }),
  };
};
