/** How every call to the local disk behaves: lazy, logged, never throwing, and given up when the signal fires. */
import { setMaxListeners } from 'node:events';
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import type { PortError } from '../core/failure.js';
import { type Call, fromErrno, type PortCall, portError } from '../ports/index.js';

const log = debug('cri-recovery:disk');

/** A file system call cannot be stopped once it has begun: when the signal fires its answer is dropped, and what it opened is closed later. */
export const diskCall =
  <A>(call: Call, run: () => Promise<E.Either<PortError, A>>): PortCall<A> =>
  (signal) =>
  () =>
    new Promise((resolve) => {
      const answer = (result: E.Either<PortError, A>): void => {
        signal.removeEventListener('abort', giveUp);
        log('%s %s: %s', call.operation, call.subject, E.isLeft(result) ? result.left._tag : 'ok');
        resolve(result);
      };
      const giveUp = (): void => answer(E.left(portError('TimedOut', call, 'given up waiting for the disk')));
      if (signal.aborted) return giveUp();
      // Many calls may share a signal, and Node warns at the eleventh listener; each is taken off above.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', giveUp);
      run().then(answer, (thrown: unknown) => answer(E.left(fromErrno(call, thrown))));
    });
