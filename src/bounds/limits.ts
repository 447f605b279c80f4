/** How long an observation or a recovery may take, and how much it may do at once. */

export interface Limits {
  /** Milliseconds for one item with everything that is read of it; up to a hundredth less, because items that begin together end together. */
  readonly itemTimeoutMs: number;
  /** Milliseconds for everything; what is not read by then counts as not answering, what is not done by then has failed. */
  readonly deadlineMs: number;
  /** Items read at the same time; one that takes over a second no longer counts. */
  readonly concurrency: number;
}

/** 10 s for an item as in containerd (`loadContainerTimeout`), two minutes for everything, 32 at a time. */
export const defaultLimits: Limits = { itemTimeoutMs: 10_000, deadlineMs: 120_000, concurrency: 32 };

/** What a timer can hold; given more it would fire at once. */
const longestMs = 2 ** 31 - 1;

/** Limits as they can be kept: at least one of each, `Infinity` is as long or as many as can be, and what is no number is the default. */
export const limitsOf = (given: Partial<Limits> = {}): Limits => {
  const within = (key: keyof Limits, most: number): number => {
    const limit = Math.floor(Math.min(Math.max(given[key] ?? Number.NaN, 1), most));
    return Number.isNaN(limit) ? defaultLimits[key] : limit;
  };
  return {
    itemTimeoutMs: within('itemTimeoutMs', longestMs),
    deadlineMs: within('deadlineMs', longestMs),
    concurrency: within('concurrency', Number.MAX_SAFE_INTEGER),
  };
};

/** How long a call may hold up others, in milliseconds. */
export const patienceMs = 1_000;
