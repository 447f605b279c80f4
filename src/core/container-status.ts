/**
 * The status of a container as the CRI plugin keeps it (containerd `internal/cri/store/container/status.go`).
 *
 *   CREATED ──start──▶ RUNNING ──exit──▶ EXITED          UNKNOWN: nobody can say; a flag beside the times, never stored
 */
import type { JsonObject } from './json.js';

/** Times are nanoseconds since 1970; 0 means "not yet". */
export interface ContainerStatus {
  readonly pid: number;
  readonly createdAt: bigint;
  readonly startedAt: bigint;
  readonly finishedAt: bigint;
  /** int32; 255 where nobody saw the exit. */
  readonly exitCode: number;
  /** A word for machines, as in `OOMKilled`. */
  readonly reason: string;
  /** A sentence for people. */
  readonly message: string;
  /** Set: the state is UNKNOWN whatever the times say. */
  readonly unknown: boolean;
}

/** The four states of CRI’s `ContainerState`. */
export type ContainerState = 'CREATED' | 'RUNNING' | 'EXITED' | 'UNKNOWN';

/** What is stored of a status: everything but the flag, and the fields of the file that this library does not know. */
export interface Checkpoint {
  readonly status: ContainerStatus;
  /** Unknown fields (`Resources`, `Restore`, later ones), kept for the next write. */
  readonly rest: JsonObject;
}

/** The state that the times and the flag amount to, in containerd's order of precedence. */
export const containerState = (status: ContainerStatus): ContainerState => {
  if (status.unknown) return 'UNKNOWN';
  if (status.finishedAt !== 0n) return 'EXITED';
  if (status.startedAt !== 0n) return 'RUNNING';
  if (status.createdAt !== 0n) return 'CREATED';
  return 'UNKNOWN';
};

/** True when both would be stored as the same checkpoint: all fields but the flag. */
export const isSameWhenStored = (a: ContainerStatus, b: ContainerStatus): boolean =>
  a.pid === b.pid &&
  a.createdAt === b.createdAt &&
  a.startedAt === b.startedAt &&
  a.finishedAt === b.finishedAt &&
  a.exitCode === b.exitCode &&
  a.reason === b.reason &&
  a.message === b.message;

/** Exit code of an exit that nobody saw (containerd `unknownExitCode`). */
export const unknownExitCode = 255;

/** Reason of an exit that nobody saw (containerd `unknownExitReason`). */
export const unknownExitReason = 'Unknown';

/** Reason of a container out of memory (containerd `oomExitReason`). */
export const outOfMemoryReason = 'OOMKilled';

/** What containerd makes of a checkpoint it cannot read (`unknownContainerStatus`). */
export const lostStatus: ContainerStatus = {
  pid: 0,
  createdAt: 0n,
  startedAt: 0n,
  finishedAt: 0n,
  exitCode: unknownExitCode,
  reason: unknownExitReason,
  message: '',
  unknown: true,
};
