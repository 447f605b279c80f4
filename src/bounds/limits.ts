/** How long an observation or a recovery may take, and how much it may do at once. */

export interface Limits {
  /** Milliseconds for one item with everything that is read of it. */
  readonly itemTimeoutMs: number;
  /** Milliseconds for everything; what is not read by then counts as not answering, what is not done by then has failed. */
  readonly deadlineMs: number;
  /** Items read at the same time; one that takes over a second no longer counts. */
  readonly concurrency: number;
}

/** 10 s for an item as in containerd (`loadContainerTimeout`), two minutes for everything, 32 at a time. */
export const defaultLimits: Limits = { itemTimeoutMs: 10_000, deadlineMs: 120_000, concurrency: 32 };

/** How long a call may hold up others, in milliseconds. */
export const patienceMs = 1_000;
