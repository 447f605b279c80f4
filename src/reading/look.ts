/**
 * The items of a node, each read on its own: first those that answer, so that they need not wait for one that does not (H5), then all of them.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import type * as T from 'fp-ts/lib/Task.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { answer, deadlines } from '../bounds/deadline.js';
import { type Limits, patienceMs } from '../bounds/limits.js';
import { untilQuiet } from '../bounds/quiet.js';
import { makeSlots, type Slots } from '../bounds/slots.js';
import type { ItemFailure } from '../core/failure.js';
import type { Id } from '../core/identity.js';
import type { Base, Observation, ObservedBase } from '../core/observation.js';
import { bases, type ReadPorts } from '../ports/index.js';
import type { Tell } from '../telling/tell.js';
import { type Gathering, gather } from './gather.js';
import { readContainer, readImage, readSandbox, unreadContainer, unreadSandbox } from './items.js';
import type { Lists } from './lists.js';
import type { ReadTask } from './task-list.js';
import { ofBase, ofContainer, ofImage, ofSandbox, toldReading } from './told-reading.js';

/** An observation under way. */
export interface Look {
  /** What has answered, once all else only holds it up; none where nothing does. */
  readonly early: T.Task<O.Option<EarlyLook>>;
  readonly whole: T.Task<Observation>;
}

export interface EarlyLook {
  /** What is late stands in it as if it did not answer; images are not in it. */
  readonly observation: Observation;
  /** The ids of what is late. */
  readonly late: ReadonlySet<string>;
}

/** How long the last of many may hold up all others, in milliseconds. */
const quietMs = 100;

/** Begins to read every item that was listed. */
export const lookAtItems = (
  ports: ReadPorts,
  tell: Tell,
  { containerd, ...lists }: Lists,
  readTask: ReadTask,
  takenAt: bigint,
  limits: Limits,
  signal: AbortSignal,
): Look => {
  const count = lists.sandboxes.length + lists.containers.length + lists.images.length + bases.length;
  const quiet = untilQuiet(count, quietMs);
  const inTime = deadlines(limits.itemTimeoutMs, signal);
  const readEach = <R, A>(items: ReadonlyArray<R>, readOne: (item: R, short: AbortSignal) => T.Task<A>): Gathering<A> =>
    gather(items, (item) => quiet.count(inTime((short) => readOne(item, short))));
  const sandboxes = readEach(lists.sandboxes, (listed, short) =>
    whereListed(listed, (record) =>
      toldReading(tell, 'sandbox', record.id, readSandbox(ports, readTask, record, short), ofSandbox),
    ),
  );
  const containers = readEach(lists.containers, (listed, short) =>
    whereListed(listed, (record) =>
      toldReading(tell, 'container', record.id, readContainer(ports, readTask, record, short), ofContainer),
    ),
  );
  const images = readEach(lists.images, (record, short) =>
    toldReading(tell, 'image', record.name, readImage(ports, record, short), ofImage),
  );
  const areas = readEach(bases, (base, short) => {
    const path = ports.directories.path(base);
    return toldReading(tell, 'directory', path, readBase(ports, base, path, short), ofBase);
  });
  const node = { containerd, ...ports.location };
  void beginEach([sandboxes, containers, images, areas], makeSlots(limits.concurrency, patienceMs));

  const readWhole = async (): Promise<Observation> => {
    const observation = {
      node,
      takenAt,
      sandboxes: await sandboxes.all,
      containers: await containers.all,
      images: await images.all,
      bases: await areas.all,
    };
    tell({ _tag: 'PhaseEnded', phase: 'observe', part: 'whole', failure: O.none });
    return observation;
  };
  const whole = readWhole();
  const early = async (): Promise<O.Option<EarlyLook>> => {
    if (await quiet.reached) return O.none;
    // Directories are judged as a whole, at the end; those of a node that recovery is refused for are known before it begins.
    const readBases = RA.compact(areas.soFar());
    if (readBases.length < bases.length) return O.none;
    const soonSandboxes = soonest(lists.sandboxes, sandboxes.soFar(), unreadSandbox);
    const soonContainers = soonest(lists.containers, containers.soFar(), unreadContainer);
    return O.some({
      observation: {
        node,
        takenAt,
        sandboxes: soonSandboxes.items,
        containers: soonContainers.items,
        images: [],
        bases: readBases,
      },
      late: new Set([...soonSandboxes.late, ...soonContainers.late]),
    });
  };
  return { early, whole: () => whole };
};

const whereListed =
  <R, A>(listed: E.Either<ItemFailure, R>, read: (record: R) => T.Task<A>): TE.TaskEither<ItemFailure, A> =>
  async () =>
    E.isLeft(listed) ? listed : E.right(await read(listed.right)());

/** Begins all work in order, the next as soon as there is a slot for it. */
const beginEach = async (gatherings: ReadonlyArray<Gathering<unknown>>, inSlot: Slots): Promise<void> => {
  for (const { work } of gatherings)
    for (const one of work)
      await new Promise<void>((begun) => {
        void inSlot(() => {
          begun();
          return one();
        })();
      });
};

interface Soonest<A> {
  readonly items: ReadonlyArray<E.Either<ItemFailure, A>>;
  readonly late: ReadonlyArray<Id>;
}

const soonest = <R extends { readonly id: Id }, A>(
  listed: ReadonlyArray<E.Either<ItemFailure, R>>,
  soFar: ReadonlyArray<O.Option<E.Either<ItemFailure, A>>>,
  unread: (record: R) => A,
): Soonest<A> => {
  const both = RA.zip(soFar)(listed);
  return {
    items: both.map(([one, read]) => O.getOrElse(() => E.map(unread)(one))(read)),
    late: both.flatMap(([one, read]) => (O.isNone(read) && E.isRight(one) ? [one.right.id] : [])),
  };
};

const readBase =
  (ports: ReadPorts, base: Base, path: string, signal: AbortSignal): T.Task<ObservedBase> =>
  async () => {
    const call = { port: 'directories', operation: 'list', subject: path } as const;
    return { ...base, path, entries: await answer(call, () => ports.directories.list(base), signal)() };
  };
