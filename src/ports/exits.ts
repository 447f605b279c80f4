/** Exits as they happen: containerd's `/tasks/exit` and `/tasks/oom` events. */
import type { PortError } from '../core/failure.js';

/** The end of a process in a container. */
export interface Exit {
  readonly containerId: string;
  /** The process within the container: equal to `containerId` for the container itself, else an exec. */
  readonly processId: string;
  readonly pid: number;
  /** uint32, as the shim reports it. */
  readonly exitStatus: number;
  /** Nanoseconds since 1970; Go's zero time where the shim reports none. */
  readonly exitedAt: bigint;
}

/** Tells of exits. */
export interface ExitSubscriber {
  /**
   * Begins with `Open` once nothing can be missed any more, and ends with the signal. Throws nothing: a broken subscription says why in its
   * last value.
   */
  readonly subscribe: (signal: AbortSignal) => AsyncIterable<ExitNotice>;
}

/** What a subscription tells. */
export type ExitNotice =
  /** Whatever happens from now on is told. */
  | { readonly _tag: 'Open' }
  | { readonly _tag: 'Exit'; readonly exit: Exit }
  /**
   * The kernel has killed a process of the container for want of memory; its exit, if any, is told on its own, before or after. A runc shim listens for
   * this only once the container's process is started (`cmd/containerd-shim-runc-v2/task/service.go`): what came earlier is never told.
   */
  | { readonly _tag: 'OutOfMemory'; readonly containerId: string }
  /** There will be no more. */
  | { readonly _tag: 'Broken'; readonly error: PortError };
