/**
 * Deadlines as signals: work gets a signal that fires when its time is up, and a port call that does not heed it is left behind.
 */
import { setMaxListeners } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { type Call, type PortCall, type PortError, portError } from '../ports/index.js';
import { onAbort } from '../ports/on-abort.js';

/** Runs work under a signal that fires when its time is up, or before that with whatever it is within. */
export type InTime = <A>(work: (signal: AbortSignal) => T.Task<A>) => T.Task<A>;

/** Runs work under a signal that fires after `ms` milliseconds, or with `outer`, whichever is first. */
export const withDeadline = <A>(ms: number, outer: AbortSignal, work: (signal: AbortSignal) => T.Task<A>): T.Task<A> =>
  deadlines(ms, outer)(work);

/** The same for many: what begins at about the same time shares a signal, and has up to a hundredth less time. */
export const deadlines = (ms: number, outer: AbortSignal): InTime => {
  let latest: Deadline | undefined;
  return (work) => async () => {
    if (latest === undefined || performance.now() - latest.began > ms / 100) latest = begin(ms, outer);
    const deadline = latest;
    deadline.users += 1;
    try {
      return await work(deadline.signal)();
    } finally {
      deadline.users -= 1;
      if (deadline.users === 0) {
        deadline.end();
        if (latest === deadline) latest = undefined;
      }
    }
  };
};

interface Deadline {
  readonly began: number;
  readonly signal: AbortSignal;
  users: number;
  /** Lets go of the timer and of what it is within. */
  readonly end: () => void;
}

const begin = (ms: number, outer: AbortSignal): Deadline => {
  const controller = new AbortController();
  // Every call in flight listens to it; that is no leak.
  setMaxListeners(0, controller.signal);
  const timer = setTimeout(() => controller.abort(timeIsUp), ms);
  const waitNoMore = outer.aborted ? () => undefined : onAbort(outer, () => controller.abort(outer.reason));
  if (outer.aborted) controller.abort(outer.reason);
  const end = (): void => {
    clearTimeout(timer);
    waitNoMore();
  };
  return { began: performance.now(), signal: controller.signal, users: 0, end };
};

const timeIsUp = Symbol('time is up');

/** True when a caller's signal fired, false while there is time and when it is merely up. */
export const hasGivenUp = (signal: AbortSignal): boolean => signal.aborted && signal.reason !== timeIsUp;

/** A port call, made and run here, that always answers: `TimedOut` as soon as the signal fires, `Unexpected` where an adapter throws after all. */
export const answer =
  <A>(call: Call, make: () => PortCall<A>, signal: AbortSignal): TE.TaskEither<PortError, A> =>
  () =>
    new Promise((resolve) => {
      const giveUp = (): void => resolve(E.left(portError('TimedOut', call, 'no answer in time')));
      if (signal.aborted) return giveUp();
      const waitNoMore = onAbort(signal, giveUp);
      const settle = (result: E.Either<PortError, A>): void => {
        waitNoMore();
        resolve(result);
      };
      const fail = (thrown: unknown): void =>
        settle(
          E.left(portError('Unexpected', call, thrown instanceof Error ? thrown.message : String(thrown), thrown)),
        );
      try {
        make()(signal)().then(settle, fail);
      } catch (thrown) {
        fail(thrown);
      }
    });
