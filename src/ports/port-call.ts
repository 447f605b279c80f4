/** The shape of every call through a port: lazy, typed in its error, and given a signal that says when nobody waits any more. */
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { PortError } from '../core/failure.js';

/** An adapter should stop and answer `TimedOut` when the signal fires; the caller does not rely on it. */
export type PortCall<A> = (signal: AbortSignal) => TE.TaskEither<PortError, A>;
