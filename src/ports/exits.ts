/** Exits as they happen: containerd's `/tasks/exit` events. */
import type { PortError } from '../core/failure.js';

export interface Exit {
  readonly containerId: string;
  /** The process within the container: equal to `containerId` for the container itself, else an exec. */
  readonly processId: string;
  readonly pid: number;
  readonly exitStatus: number;
  /** Nanoseconds since 1970. */
  readonly exitedAt: bigint;
}

export interface ExitSubscriber {
  /** Ends with the signal; throws nothing: a broken subscription is its last value, on the left. */
  readonly subscribe: (signal: AbortSignal) => AsyncIterable<ExitNotice>;
}

/** An exit, or why there will be no more of them. */
export type ExitNotice =
  | { readonly _tag: 'Exit'; readonly exit: Exit }
  | { readonly _tag: 'Broken'; readonly error: PortError };
