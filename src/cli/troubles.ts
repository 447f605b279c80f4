/** Troubles with logs, from when they are told until they are shown: the latest of each container, so that a slow reader costs no memory. */
import type { LogTrouble } from '../stdio/index.js';

export interface Troubles {
  readonly tell: (trouble: LogTrouble) => void;
  /** Ends the iteration, once what was told has been read. */
  readonly end: () => void;
  /** For one reader. */
  readonly values: AsyncIterable<LogTrouble>;
}

export const openTroubles = (): Troubles => {
  const waiting = new Map<string, LogTrouble>();
  let hasEnded = false;
  let wake = (): void => undefined;
  const read = async function* (): AsyncGenerator<LogTrouble> {
    for (;;) {
      const [next] = waiting.values();
      if (next !== undefined) {
        waiting.delete(next.id);
        yield next;
      } else if (hasEnded) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  };
  return {
    tell: (trouble) => {
      waiting.set(trouble.id, trouble);
      wake();
    },
    end: () => {
      hasEnded = true;
      wake();
    },
    values: { [Symbol.asyncIterator]: read },
  };
};
