/**
 * Deadlines as signals: work gets a signal that fires when its time is up, and a port call that does not heed it is left behind.
 */
import { setMaxListeners } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { type Call, type PortCall, type PortError, portError } from '../ports/index.js';

/** Runs work under a signal that fires after `ms` milliseconds, or with `outer`, whichever is first. */
export const withDeadline =
  <A>(ms: number, outer: AbortSignal, work: (signal: AbortSignal) => T.Task<A>): T.Task<A> =>
  async () => {
    const controller = new AbortController();
    // Every call in flight listens to it; that is no leak.
    setMaxListeners(0, controller.signal);
    const giveUp = (): void => controller.abort(outer.reason);
    const timer = setTimeout(() => controller.abort(timeIsUp), ms);
    outer.addEventListener('abort', giveUp);
    if (outer.aborted) giveUp();
    try {
      return await work(controller.signal)();
    } finally {
      clearTimeout(timer);
      outer.removeEventListener('abort', giveUp);
    }
  };

const timeIsUp = Symbol('time is up');

/** True when a caller's signal fired, false while there is time and when it is merely up. */
export const hasGivenUp = (signal: AbortSignal): boolean => signal.aborted && signal.reason !== timeIsUp;

/** A port call, made and run here, that always answers: `TimedOut` as soon as the signal fires, `Unexpected` where an adapter throws after all. */
export const answer =
  <A>(call: Call, make: () => PortCall<A>, signal: AbortSignal): TE.TaskEither<PortError, A> =>
  () =>
    new Promise((resolve) => {
      const settle = (result: E.Either<PortError, A>): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(result);
      };
      const giveUp = (): void => settle(E.left(portError('TimedOut', call, 'no answer in time')));
      const fail = (thrown: unknown): void =>
        settle(
          E.left(portError('Unexpected', call, thrown instanceof Error ? thrown.message : String(thrown), thrown)),
        );
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp);
      try {
        make()(signal)().then(settle, fail);
      } catch (thrown) {
        fail(thrown);
      }
    });
