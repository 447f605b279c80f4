/** The standard streams of containers. */
import type { Id } from '../core/identity.js';
import type { TaskStdio } from '../core/task.js';
import type { PortCall } from './port-call.js';

export interface ContainerIo {
  /** Goes on reading the FIFOs of a task into the CRI log at `logPath`. */
  readonly attach: (id: Id, stdio: TaskStdio, logPath: string) => PortCall<void>;
  /** Makes a new FIFO set for a container that has not started. */
  readonly create: (id: Id, streams: { readonly tty: boolean; readonly stdin: boolean }) => PortCall<TaskStdio>;
}
