/** Chance that can be had again: everything that a test of kills leaves to it comes from one seed, which it prints. */

export interface Chance {
  /** At least 0 and less than 1. */
  readonly fraction: () => number;
  /** A whole number, at least 0 and less than `limit`. */
  readonly below: (limit: number) => number;
  readonly isLikely: (probability: number) => boolean;
  /** One of them, taken out of the list. */
  readonly take: <A>(from: A[]) => A | undefined;
  /** One of them. */
  readonly pick: <A>(from: ReadonlyArray<A>) => A;
}

/** The seed of this run: `CRI_RECOVERY_KILL_SEED`, or one that no other run has. */
export const killSeed = Number(process.env.CRI_RECOVERY_KILL_SEED ?? Date.now() % 2 ** 31);

/** Chance from a seed: the same seed, the same numbers. */
export const chanceFrom = (seed: number): Chance => {
  let state = seed >>> 0;
  // A Weyl sequence put through the finalizer of a hash.
  const fraction = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    isLikely: (probability) => fraction() < probability,
    take: (from) => from.splice(below(from.length), 1)[0],
    pick: (from) => {
      const one = from[below(from.length)];
      if (one === undefined) throw new Error('there is nothing to pick from');
      return one;
    },
  };
};
