/** The task client: what runs behind the records. */
import type { Id } from '../core/identity.js';
import type { Task } from '../core/task.js';
import type { PortCall } from './port-call.js';

/** Reads tasks. */
export interface TaskReader {
  /** All tasks in one call. What it lacks may still exist: containerd leaves out a task whose state it cannot read. */
  readonly list: () => PortCall<ReadonlyArray<Task>>;
  /** One task; `NotFound` where there is none, `halfDeleted` where the port can tell that its deletion was cut short. */
  readonly get: (id: Id) => PortCall<Task>;
}

/** Deletes tasks. */
export interface TaskRemover {
  /**
   * Deletes the task; `NotFound` where there is none. What runs, or is paused, is killed first where that is wanted, and refused with
   * `Unexpected` or `Denied` otherwise.
   */
  readonly delete: (id: Id, mayKill: boolean) => PortCall<void>;
}
