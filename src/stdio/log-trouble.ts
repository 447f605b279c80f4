/** What an embedder is told of a log that cannot be written. */
import type { PortError } from '../core/failure.js';
import type { Id } from '../core/identity.js';

/**
 * A container's log could not be written, and records were dropped so as not to block the container on its log, as containerd does. Told when it
 * begins and when it is over: when records are written again, or the log is closed.
 */
export interface LogTrouble {
  readonly id: Id;
  readonly phase: 'began' | 'over';
  /** Why the first of the records was dropped: `NoSpace`, or `Unexpected` for EIO and the like. */
  readonly error: PortError;
  /** Records dropped so far. */
  readonly dropped: number;
}
