/** What the kernel says of processes and network namespaces. */
import type { PortCall } from './port-call.js';

/** Answers what only the kernel knows. */
export interface Host {
  /** When a process started, in nanoseconds since 1970, to the tick (10 ms); `NotFound` where there is no such process. */
  readonly processStartedAt: (pid: number) => PortCall<bigint>;
  /** Whether a network namespace is mounted at a path. */
  readonly hasNetworkNamespace: (path: string) => PortCall<boolean>;
}
