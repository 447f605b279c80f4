/** The status checkpoints on disk, one a container: `<root>/containers/<id>/status`. */
import type { Checkpoint } from '../core/container-status.js';
import type { Id } from '../core/identity.js';
import type { PortCall } from './port-call.js';

/** Reads checkpoints. */
export interface CheckpointReader {
  /** `NotFound` without a file, `Corrupt` for one that is not a checkpoint, with `foreignVersion` where it is of another version. */
  readonly read: (id: Id) => PortCall<Checkpoint>;
}

/** Changes checkpoints. */
export interface CheckpointWriter {
  /**
   * Replaces the file in one step, so that a reader and a crash find the old one or the new one; the directory is made where it is missing.
   * `NoSpace` when the disk is full or read-only, never `NotFound`.
   */
  readonly write: (id: Id, checkpoint: Checkpoint) => PortCall<void>;
  /** Moves an unreadable file, or what is in its place, aside in its own directory, over nothing that is there; `NotFound` where there is nothing. */
  readonly keepAside: (id: Id) => PortCall<void>;
  /** Deletes what writes that were killed left; there being nothing is fine. What cannot be deleted is left, and the first error told, when all others are done. */
  readonly collectStale: () => PortCall<void>;
}
