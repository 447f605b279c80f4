/** What the program that only reads tells. It is told a `Place`. */
import type { Phases } from '../recover/messages.js';

export interface FloorResult {
  readonly tookMs: number;
  readonly cpuMs: number;
  /** What a recovery calls by the same names. */
  readonly phases: Pick<Phases, 'enter' | 'lists' | 'tasks' | 'items'>;
  readonly importMs: number;
  /** What there was to read. */
  readonly records: number;
  readonly tasks: number;
  readonly bundles: number;
  readonly checkpoints: number;
  readonly images: number;
}
