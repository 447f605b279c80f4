/**
 * A few places for many: Node does its file work on four threads, and a disk that is slow or hangs must not take all of them. What waits for a
 * place holds back only the container it is for.
 */

/** Runs work when there is a place for it, in the order asked for. */
export type Slots = <A>(work: () => Promise<A>) => Promise<A>;

export const makeSlots = (limit: number): Slots => {
  let free = limit;
  const waiting: Array<() => void> = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      leave();
    }
  };
};
