/** The node's lock: at most one process acts on a node. */
import type { PortCall } from './port-call.js';

/** Keeps everybody else off the node. */
export interface Lock {
  /**
   * Takes the lock for this process. `Denied` while a living process has it, this one included; the message names its pid. What a dead process
   * left behind is taken over.
   */
  readonly acquire: () => PortCall<void>;
  /** Gives the lock back; does nothing where it is not, or no longer, the one that was acquired here. */
  readonly release: () => PortCall<void>;
}
