/** What the benchmark and the process that it measures say to each other. */

/** Where the node is, as the measured process gets it for its only argument, in JSON. */
export interface Place {
  readonly address: string;
  readonly root: string;
  readonly state: string;
}

/** `measure` begins the first window; `stop` ends the watch, and the process with it. */
export type Order = 'measure' | 'stop';

/** One window. Delays are what the event loop came late by, in milliseconds. */
export interface Sample {
  /** Seconds since `measure`, at the window's end. */
  readonly at: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Share of one core: what the whole process used, and how long its first thread was ready to run and had to wait for a core. */
  readonly cpu: number;
  readonly waited: number;
  /** Bytes, after a full garbage collection. */
  readonly rss: number;
  readonly heap: number;
}

/** One exit: milliseconds since 1970, from one clock but for `exited`, which is the shim's. */
export interface SettledExit {
  readonly id: string;
  readonly exited: number;
  /** A subscription of the benchmark's own has told it. */
  readonly heard: number;
  /** The checkpoint is on the disk. */
  readonly written: number;
  /** The task is deleted, and `changes` has told it. */
  readonly told: number;
}

export type News =
  | { readonly _tag: 'Recovered'; readonly containers: number; readonly tookMs: number }
  | { readonly _tag: 'Window'; readonly sample: Sample }
  | { readonly _tag: 'Settled'; readonly exit: SettledExit }
  /** Whatever should not happen in a benchmark. */
  | { readonly _tag: 'Trouble'; readonly text: string };

/** To the microsecond: more has no place in a number. */
export const millisecondsOf = (nanoseconds: bigint): number => Number(nanoseconds / 1_000n) / 1_000;
