/** One after the other: what its caller has given up may still be under way, and must not meet the next. */

/** Runs what is asked for under one key in the order it is asked for, each when the one before has ended, well or not. */
export const inTurn = (): (<A>(key: string, run: () => Promise<A>) => Promise<A>) => {
  const last = new Map<string, Promise<unknown>>();
  return (key, run) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(run, run);
    const end = (): void => {
      if (last.get(key) === turn) last.delete(key);
    };
    last.set(key, turn);
    turn.then(end, end);
    return turn;
  };
};
