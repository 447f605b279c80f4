/**
 * Ports → observation: reads a whole node and changes nothing. A handful of calls for an ordinary node; what does not answer is noted as
 * such and holds up nobody else.
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as RTE from 'fp-ts/lib/ReaderTaskEither.js';
import type * as T from 'fp-ts/lib/Task.js';
import { type BoundOptions, bounded } from './bounds/bounded.js';
import { answer, hasGivenUp, withDeadline } from './bounds/deadline.js';
import { type Limits, patienceMs } from './bounds/limits.js';
import { makeSlots } from './bounds/slots.js';
import type { ItemFailure, RecoveryFailure } from './core/failure.js';
import type { Base, Observation, ObservedBase } from './core/observation.js';
import { bases, type PortError, type ReadPorts } from './ports/index.js';
import { readContainer, readImage, readSandbox } from './reading/items.js';
import { listTasks } from './reading/task-list.js';
import { tell } from './reading/tell.js';

/** Limits and a signal to give up by. */
export type ObserveOptions = BoundOptions;

/**
 * Observes a node. Fails only without containerd's version or one of its three lists; everything else that cannot be read is part of the
 * observation.
 */
export const observe =
  (options: ObserveOptions = {}): RTE.ReaderTaskEither<ReadPorts, RecoveryFailure, Observation> =>
  (ports) =>
    bounded(options, (limits, signal) => observeUnder(limits, signal)(ports));

/** The same under limits and a signal that somebody else watches. */
export const observeUnder =
  (limits: Limits, signal: AbortSignal): RTE.ReaderTaskEither<ReadPorts, RecoveryFailure, Observation> =>
  (ports) =>
  async () => {
    const observation = await read(ports, limits, signal)();
    if (hasGivenUp(signal)) return E.left({ _tag: 'Aborted' });
    return E.mapLeft((error: PortError): RecoveryFailure => ({ _tag: 'NodeUnreadable', error }))(observation);
  };

const read =
  (ports: ReadPorts, limits: Limits, signal: AbortSignal): T.Task<E.Either<PortError, Observation>> =>
  async () => {
    const takenAt = ports.clock.now();
    const containerd = await withDeadline(limits.itemTimeoutMs, signal, (short) =>
      answer({ port: 'daemon', operation: 'version', subject: '' }, () => ports.daemon.version(), short),
    )();
    if (E.isLeft(containerd)) return containerd;
    const [sandboxes, containers, images] = await Promise.all([
      answer(
        { port: 'containers', operation: 'listSandboxes', subject: '' },
        () => ports.containers.listSandboxes(),
        signal,
      )(),
      answer(
        { port: 'containers', operation: 'listContainers', subject: '' },
        () => ports.containers.listContainers(),
        signal,
      )(),
      answer({ port: 'images', operation: 'list', subject: '' }, () => ports.images.list(), signal)(),
    ]);
    if (E.isLeft(sandboxes)) return sandboxes;
    if (E.isLeft(containers)) return containers;
    if (E.isLeft(images)) return images;
    const counts = {
      sandboxes: sandboxes.right.length,
      containers: containers.right.length,
      images: images.right.length,
    };
    tell(ports.log, { _tag: 'Listed', ...counts });

    const readTask = await listTasks(ports, counts.sandboxes + counts.containers, signal)();
    const inSlot = makeSlots(limits.concurrency, patienceMs);
    const item = <A>(work: (short: AbortSignal) => T.Task<A>): T.Task<A> =>
      inSlot(withDeadline(limits.itemTimeoutMs, signal, work));
    const readEach = <R, A>(
      listed: ReadonlyArray<E.Either<ItemFailure, R>>,
      readOne: (record: R, short: AbortSignal) => T.Task<A>,
    ) =>
      Promise.all(
        listed.map((one) => (E.isLeft(one) ? one : item((short) => readOne(one.right, short))().then(E.right))),
      );
    const [observedSandboxes, observedContainers, observedImages, observedBases] = await Promise.all([
      readEach(sandboxes.right, (record, short) => readSandbox(ports, readTask, record, short)),
      readEach(containers.right, (record, short) => readContainer(ports, readTask, record, short)),
      Promise.all(images.right.map((record) => item((short) => readImage(ports, record, short))())),
      Promise.all(bases.map((base) => item((short) => readBase(ports, base, short))())),
    ]);
    return E.right({
      node: { containerd: containerd.right, ...ports.location },
      takenAt,
      sandboxes: observedSandboxes,
      containers: observedContainers,
      images: observedImages,
      bases: observedBases,
    });
  };

const readBase =
  (ports: ReadPorts, base: Base, signal: AbortSignal): T.Task<ObservedBase> =>
  async () => {
    const path = ports.directories.path(base);
    const call = { port: 'directories', operation: 'list', subject: path } as const;
    return { ...base, path, entries: await answer(call, () => ports.directories.list(base), signal)() };
  };
