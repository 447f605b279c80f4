/**
 * Ports → observation: reads a whole node and changes nothing. A handful of calls for an ordinary node; what does not answer is noted as
 * such and holds up nobody else.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as RTE from 'fp-ts/lib/ReaderTaskEither.js';
import type * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type BoundOptions, bounded } from './bounds/bounded.js';
import { hasGivenUp } from './bounds/deadline.js';
import type { Limits } from './bounds/limits.js';
import type { RecoveryFailure } from './core/failure.js';
import type { Observation } from './core/observation.js';
import type { ReadPorts } from './ports/index.js';
import { listNode } from './reading/lists.js';
import { type Look, lookAtItems } from './reading/look.js';
import { readTasks } from './reading/task-list.js';
import type { Tell } from './telling/tell.js';
import { toldRun } from './telling/told.js';

/**
 * Observes a node. Fails only without containerd's version or one of its three lists; everything else that cannot be read is part of the
 * observation.
 */
export const observe =
  (options: BoundOptions = {}): RTE.ReaderTaskEither<ReadPorts, RecoveryFailure, Observation> =>
  (ports) =>
    toldRun(
      ports.log,
      { mode: 'observe', policy: O.none },
      () => O.none,
      (tell) => bounded(options, (limits, signal) => observeUnder(limits, signal, tell)(ports)),
    );

/** The same under limits and a signal that somebody else watches, told as part of a run. */
export const observeUnder =
  (limits: Limits, signal: AbortSignal, tell: Tell): RTE.ReaderTaskEither<ReadPorts, RecoveryFailure, Observation> =>
  (ports) =>
    pipe(
      look(limits, signal, tell)(ports),
      TE.chain(({ whole }) => unlessGivenUp(signal)(whole)),
    );

/** `Aborted` where the caller has given up meanwhile: what was read in haste is worth nothing. */
export const unlessGivenUp =
  (signal: AbortSignal) =>
  <A>(work: T.Task<A>): TE.TaskEither<RecoveryFailure, A> =>
    pipe(
      TE.fromTask(work),
      TE.filterOrElse(
        () => !hasGivenUp(signal),
        (): RecoveryFailure => ({ _tag: 'Aborted' }),
      ),
    );

const phase = { phase: 'observe', part: 'whole' } as const;

/** The same for those who can make use of what is known early. The phase ends when it fails, or with the last item. */
export const look =
  (limits: Limits, signal: AbortSignal, tell: Tell): RTE.ReaderTaskEither<ReadPorts, RecoveryFailure, Look> =>
  (ports) =>
    pipe(
      TE.Do,
      TE.tapIO(() => () => tell({ _tag: 'PhaseBegan', ...phase })),
      TE.bind('takenAt', () => TE.fromIO(() => ports.clock.now())),
      TE.bind('lists', () => listNode(ports, tell, limits, signal)),
      TE.bind('readTask', ({ lists }) => TE.fromTask(readTasks(ports, tell, lists, signal))),
      TE.bimap(
        (error): RecoveryFailure => (hasGivenUp(signal) ? { _tag: 'Aborted' } : { _tag: 'NodeUnreadable', error }),
        ({ takenAt, lists, readTask }) => lookAtItems(ports, tell, lists, readTask, takenAt, limits, signal),
      ),
      TE.tapError((failure) => TE.fromIO(() => tell({ _tag: 'PhaseEnded', ...phase, failure: O.some(failure) }))),
    );
