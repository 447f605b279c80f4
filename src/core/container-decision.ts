/**
 * A decision about one container: the value that the tables make, that acting works off, and that the report is made from.
 */
import type { ContainerStep, Performed } from './action.js';
import type { Known } from './evidence.js';
import type { Finding } from './finding.js';
import type { ContainerRecord } from './metadata.js';
import type { Recalled } from './recall-checkpoint.js';

/** What a container is taken to be, and what is still to be done about it. */
export interface ContainerDecision extends Verdict {
  readonly record: ContainerRecord;
  readonly recalled: Recalled;
  /** What has been done about its streams: FIFOs made for a start to come, or its task's read. */
  readonly io: 'untouched' | 'created' | 'attached';
  /** False when the task is known to be over. */
  readonly mayBeAlive: boolean;
  readonly checkpoint: CheckpointFate;
  /** What has been done so far; empty in a plan. */
  readonly performed: ReadonlyArray<Performed<ContainerStep>>;
}

/** What becomes of the file: nothing, a write to come, a write done, a write that failed; `none`: there is no file and will be none. */
export type CheckpointFate = 'unchanged' | 'planned' | 'written' | 'dirty' | 'none';

/** One row's answer, checkpoint aside. */
export interface Verdict extends Known {
  /** Whether somebody should wait for the exit. */
  readonly monitored: boolean;
  /** In the order they are to be done. */
  readonly steps: ReadonlyArray<ContainerStep>;
  readonly findings: ReadonlyArray<Finding>;
}
