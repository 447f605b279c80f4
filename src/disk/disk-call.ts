/** How every call to the local disk behaves: lazy, logged, never throwing, and given up when the signal fires. */
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import type { PortError } from '../core/failure.js';
import { type Call, fromErrno, type PortCall, portError } from '../ports/index.js';
import { onAbort } from '../ports/on-abort.js';

const log = debug('cri-recovery:disk');

/**
 * A file system call cannot be stopped once it has begun: when the signal fires its answer is dropped, and what it opened is closed later. What
 * takes several calls asks the signal between them.
 */
export const diskCall =
  <A>(call: Call, run: (signal: AbortSignal) => Promise<E.Either<PortError, A>>): PortCall<A> =>
  (signal) =>
  () =>
    new Promise((resolve) => {
      const answer = (result: E.Either<PortError, A>): void => {
        waitNoMore();
        log('%s %s: %s', call.operation, call.subject, E.isLeft(result) ? result.left._tag : 'ok');
        resolve(result);
      };
      const givenUp = () => E.left(portError('TimedOut', call, 'given up waiting for the disk'));
      if (signal.aborted) return resolve(givenUp());
      const waitNoMore = onAbort(signal, () => answer(givenUp()));
      run(signal).then(answer, (thrown: unknown) => answer(E.left(fromErrno(call, thrown))));
    });

/**
 * A call that changes the disk. Something missing on the way is `Unexpected`: a caller takes `NotFound` for "already gone", so only `run` itself
 * says that.
 */
export const diskChange = <A>(call: Call, run: (signal: AbortSignal) => Promise<E.Either<PortError, A>>): PortCall<A> =>
  diskCall(call, async (signal) => {
    try {
      return await run(signal);
    } catch (thrown) {
      const error = fromErrno(call, thrown);
      return E.left(error._tag === 'NotFound' ? portError('Unexpected', call, error.message, thrown) : error);
    }
  });
