/** The status checkpoints on disk, one a container: `<root>/containers/<id>/status`. */
import type { Checkpoint } from '../core/container-status.js';
import type { Id } from '../core/identity.js';
import type { PortCall } from './port-call.js';

export interface CheckpointReader {
  /** `NotFound` without a file, `Corrupt` for one that is not a checkpoint, with `foreignVersion` where it is of another version. */
  readonly read: (id: Id) => PortCall<Checkpoint>;
}

export interface CheckpointWriter {
  /** Replaces the file atomically; the directory is made where it is missing. */
  readonly write: (id: Id, checkpoint: Checkpoint) => PortCall<void>;
  /** Moves an unreadable file aside, in its own directory. */
  readonly keepAside: (id: Id) => PortCall<void>;
}
