/** The standard streams of containers. */
import type { Id } from '../core/identity.js';
import type { TaskStdio } from '../core/task.js';
import type { PortCall } from './port-call.js';

/** Reads what containers write, and makes what they are started with. */
export interface ContainerIo {
  /**
   * Goes on reading the FIFOs of a task into the CRI log at `logPath`, until their other end is closed; without a path the output is read and
   * dropped. An id that is attached already stays so, and an empty FIFO path is one stream less. `NotFound` for a FIFO that is gone, `Corrupt`
   * for one that is none.
   */
  readonly attach: (id: Id, stdio: TaskStdio, logPath: string) => PortCall<void>;
  /** Makes a new FIFO set for a container that has not started, and removes those of earlier attempts. */
  readonly create: (id: Id, streams: { readonly tty: boolean; readonly stdin: boolean }) => PortCall<TaskStdio>;
  /** Goes on in a new file at the log's path, after the old one was renamed; nothing is lost or told twice. `NotFound` for what is not attached. */
  readonly reopenLog: (id: Id) => PortCall<void>;
  /** Stops reading, once what was read is in the log; the FIFOs keep the rest for whoever comes next. What is not attached is fine. */
  readonly detach: (id: Id) => PortCall<void>;
}
