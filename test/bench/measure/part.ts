/** A part of the benchmark. */
import type { Release } from '../../containerd/harness/index.js';
import type { Verdict } from './verdicts.js';

export interface Setting {
  /** The containerd releases to measure. */
  readonly releases: ReadonlyArray<Release>;
  /** Whether what the repository keeps of the results is to be renewed. */
  readonly write: boolean;
  readonly signal: AbortSignal;
}

/** Measures, prints as it goes, and says what became of its targets. */
export type Part = (setting: Setting) => Promise<ReadonlyArray<Verdict>>;
