/** What every call of the library takes: limits, and a signal to give up by. */
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { RecoveryFailure } from '../core/failure.js';
import { withDeadline } from './deadline.js';
import { type Limits, limitsOf } from './limits.js';

/** How long a call may take, and how to give up on it. */
export interface BoundOptions {
  readonly limits?: Partial<Limits>;
  /** Gives up: `Aborted` while the node is observed; after that, what is not done yet fails. */
  readonly signal?: AbortSignal;
}

/** Runs work under the whole deadline and the caller's signal. */
export const bounded = <A>(
  options: BoundOptions,
  work: (limits: Limits, signal: AbortSignal) => TE.TaskEither<RecoveryFailure, A>,
): TE.TaskEither<RecoveryFailure, A> => {
  const limits = limitsOf(options.limits);
  const caller = options.signal ?? new AbortController().signal;
  return withDeadline(limits.deadlineMs, caller, (signal) => work(limits, signal));
};
