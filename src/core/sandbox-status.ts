/**
 * The status of a pod sandbox; nothing of it is on disk, it follows from the record and the task
 * (containerd `internal/cri/store/sandbox/status.go`).
 */

export type SandboxState = 'READY' | 'NOTREADY' | 'UNKNOWN';

/** `createdAt` is the containerd record's, in nanoseconds since 1970; `pid` is 0 unless the sandbox is READY. */
export interface SandboxStatus {
  readonly state: SandboxState;
  readonly pid: number;
  readonly createdAt: bigint;
}

/** The network namespace of a sandbox: the host's, or a path and whether one is mounted there (`undefined`: could not be told). */
export type NetworkNamespace =
  | { readonly mode: 'host' }
  | { readonly mode: 'pod'; readonly path: string; readonly present: boolean | undefined };
