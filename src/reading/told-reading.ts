/** What is told of an item as it is read: when its turn comes, and how much of it has answered. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';
import type { ObservedBase, ObservedContainer, ObservedImage, ObservedSandbox, Reading } from '../core/observation.js';
import type { Task } from '../core/task.js';
import { sightTask } from '../core/task-sight.js';
import type { Happening } from '../ports/index.js';
import type { Tell } from '../telling/tell.js';
import { toldBetween } from '../telling/told.js';

type ItemObserved = Extract<Happening, { readonly _tag: 'ItemObserved' }>;
type Told = Pick<ItemObserved, 'answered' | 'errors'>;

/** The reading of an item, told of. */
export const toldReading = <A>(
  tell: Tell,
  kind: ItemObserved['kind'],
  id: string,
  read: T.Task<A>,
  toldOf: (observed: A) => Told,
): T.Task<A> =>
  toldBetween(tell, { _tag: 'ItemObserving', kind, id }, read, (observed) => ({
    _tag: 'ItemObserved',
    kind,
    id,
    ...toldOf(observed),
  }));

export const ofSandbox = ({ task, netns }: ObservedSandbox): Told => ({
  answered: hasAnswered(task),
  errors: errorsIn(O.some(task), netns),
});

export const ofContainer = ({ task, checkpoint, processStartedAt }: ObservedContainer): Told => ({
  answered: hasAnswered(task),
  errors: errorsIn(O.some(task), O.some(checkpoint), processStartedAt),
});

export const ofImage = ({ content }: ObservedImage): Told => ({
  answered: E.isRight(content),
  errors: errorsIn(O.some(content)),
});

/** A directory that is not there is an answer. */
export const ofBase = ({ entries }: ObservedBase): Told => {
  const errors = errorsIn(O.some(entries));
  return { answered: errors.length === 0, errors };
};

const hasAnswered = (task: Reading<Task>): boolean => sightTask(task)._tag !== 'Unanswered';

const errorsIn = (...readings: ReadonlyArray<O.Option<Reading<unknown>>>): Told['errors'] =>
  readings.flatMap((reading) =>
    O.isSome(reading) && E.isLeft(reading.value) && reading.value.left._tag !== 'NotFound' ? [reading.value.left] : [],
  );
