/** How every call to this adapter behaves: lazy, logged, never rejecting, in turn for its container, and given up when the signal fires. */
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import type { PortError } from '../core/failure.js';
import type { Id } from '../core/identity.js';
import { type Call, fromErrno, type PortCall, portError } from '../ports/index.js';
import { onAbort } from '../ports/on-abort.js';
import type { Turns } from './turns.js';

/** What this adapter tells on `cri-recovery:stdio`. */
export const log = debug('cri-recovery:stdio');

export const callOf = (operation: string, subject: string): Call => ({ port: 'container-io', operation, subject });

/** What a call does. */
export interface Work<A> {
  readonly run: () => Promise<E.Either<PortError, A>>;
  /** Takes back what was done although nobody waited for it any more. */
  readonly undo?: (done: A) => Promise<void>;
}

/** A call about a container. A turn that comes when its caller has given up is let pass. */
export const ioCall =
  <A>(turns: Turns, operation: string, id: Id, { run, undo }: Work<A>): PortCall<A> =>
  (signal) =>
  () =>
    new Promise((resolve) => {
      const call = callOf(operation, id);
      let isWaitedFor = true;
      const answer = (result: E.Either<PortError, A>): void => {
        if (!isWaitedFor) return;
        isWaitedFor = false;
        waitNoMore();
        log('%s %s: %s', operation, id, E.isLeft(result) ? `${result.left._tag}: ${result.left.message}` : 'ok');
        resolve(result);
      };
      const givenUp = () => E.left(portError('TimedOut', call, 'given up waiting'));
      if (signal.aborted) return resolve(givenUp());
      const waitNoMore = onAbort(signal, () => answer(givenUp()));
      const turn = turns.take(id, async () => {
        if (!isWaitedFor) return;
        const result = await run();
        if (!isWaitedFor && E.isRight(result)) await undo?.(result.right);
        answer(result);
      });
      turn.catch((thrown: unknown) => answer(E.left(fromErrno(call, thrown))));
    });
