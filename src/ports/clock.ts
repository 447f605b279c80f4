/** The wall clock. */
import type * as IO from 'fp-ts/lib/IO.js';

/** Tells the time. */
export interface Clock {
  /** Nanoseconds since 1970. */
  readonly now: IO.IO<bigint>;
}

/** The system's clock, to the millisecond. */
export const systemClock: Clock = { now: () => BigInt(Date.now()) * 1_000_000n };
