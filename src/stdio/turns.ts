/** One after the other: what concerns one container never meets itself, not even what its caller has given up. */

export interface Turns {
  /** Runs what is asked for under one key in the order it is asked for, each when the one before has ended, well or not. */
  readonly take: <A>(key: string, run: () => Promise<A>) => Promise<A>;
  /** The keys under which something runs or waits. */
  readonly keys: () => Iterable<string>;
}

export const makeTurns = (): Turns => {
  const last = new Map<string, Promise<unknown>>();
  return {
    take: (key, run) => {
      const turn = (last.get(key) ?? Promise.resolve()).then(run, run);
      const end = (): void => {
        if (last.get(key) === turn) last.delete(key);
      };
      last.set(key, turn);
      turn.then(end, end);
      return turn;
    },
    keys: () => last.keys(),
  };
};
