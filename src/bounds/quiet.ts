/**
 * When to stop waiting for the last of many: once all of them have been begun and for a while none has ended. What hangs is then left for
 * later, and the others go on without it (H5).
 */
import type * as T from 'fp-ts/lib/Task.js';

export interface Quiet {
  /** Counts the work as begun when it is run, and as ended when it is done. */
  readonly count: <A>(work: T.Task<A>) => T.Task<A>;
  /** Resolves when all have ended, or `quietMs` after the last of them began or ended; true where all have. */
  readonly reached: Promise<boolean>;
}

/** Waits for `expected` pieces of work. */
export const untilQuiet = (expected: number, quietMs: number): Quiet => {
  let begun = 0;
  let ended = 0;
  let timer: NodeJS.Timeout | undefined;
  let reach: (isAll: boolean) => void = () => undefined;
  const reached = new Promise<boolean>((resolve) => {
    reach = resolve;
  });
  const stir = (): void => {
    clearTimeout(timer);
    if (ended === expected) reach(true);
    else if (begun === expected) timer = setTimeout(() => reach(false), quietMs);
  };
  stir();
  return {
    count: (work) => async () => {
      begun += 1;
      stir();
      try {
        return await work();
      } finally {
        ended += 1;
        stir();
      }
    },
    reached,
  };
};
