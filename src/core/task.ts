/**
 * A task: what containerd knows of the process behind a sandbox or container.
 */
import type * as O from 'fp-ts/lib/Option.js';

/** containerd's task states. `unknown` is what it answers for a shim that does not. */
export type TaskState = 'unknown' | 'created' | 'running' | 'stopped' | 'paused' | 'pausing';

/** A task as containerd tells of it. */
export interface Task {
  readonly id: string;
  readonly pid: number;
  readonly state: TaskState;
  /** uint32, as the shim reports it. */
  readonly exitStatus: number;
  /** Nanoseconds since 1970; none where the shim reports no exit (Go's zero time on the wire). */
  readonly exitedAt: O.Option<bigint>;
  readonly stdio: TaskStdio;
}

/** FIFO paths, empty where there is none. */
export interface TaskStdio {
  readonly stdin: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly terminal: boolean;
}

/** What containerd stores for a task that has stopped without an exit time: Go's `time.Time{}.UnixNano()` (H10). */
export const goZeroTime = -6_795_364_578_871_345_152n;
