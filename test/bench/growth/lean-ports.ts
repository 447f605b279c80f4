/** Ports of a make-believe node of any size that answer from the index in an id, and so have no memory of their own. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { DirectoryEntry } from '../../../src/core/observation.js';
import type { Task } from '../../../src/core/task.js';
import {
  baseNames,
  type PortCall,
  portError,
  type ReadPorts,
  silentLog,
  type WritePorts,
} from '../../../src/ports/index.js';
import {
  emptyJson,
  type FakeContainer,
  type FakeSandbox,
  fakeContainer,
  fakeId,
  fakeImage,
  fakeNode,
  fakeSandbox,
} from '../../../src/testing/index.js';
import { type ContainerKind, idsOfLength, indexOf, isPodId, kindOf, podCount, podOf } from './item-mix.js';

/** Ports that answer at once; whatever is written is taken for done. */
export const leanPorts = (containers: number): ReadPorts & WritePorts => {
  const { location, now, version = '' } = fakeNode();
  const pods = podCount(containers);
  const images = Math.ceil(containers / 100);
  const idAt = (index: number): string => (index < pods ? ids.pod(index) : ids.container(index - pods));
  const done = (): PortCall<void> => answering(undefined);
  return {
    location,
    clock: { now: () => now },
    log: silentLog,
    daemon: { version: () => answering(version), hasActiveCri: () => answering(false) },
    lock: { acquire: done, release: done },
    containers: {
      listSandboxes: () => listing(pods, (index) => E.right(podAt(index).record)),
      listContainers: () => listing(containers, (index) => E.right(containerAt(index).record)),
      config: () => answering(emptyJson),
    },
    tasks: {
      list: () => listing(containers + pods, (index) => taskAt(idAt(index))),
      get: (id) => orAbsent('tasks', id, taskAt(id)),
      delete: done,
    },
    checkpoints: {
      read: (id) => {
        const { checkpoint } = containerAt(indexOf(id));
        return orAbsent('checkpoints', id, checkpoint._tag === 'Sound' ? checkpoint.checkpoint : undefined);
      },
      write: done,
      keepAside: done,
      collectStale: done,
    },
    directories: {
      path: ({ area, kind }) => `${location[area]}/${baseNames[kind]}`,
      list: ({ kind }) =>
        kind === 'sandbox'
          ? listing(pods, (index) => directoryOf(ids.pod(index)))
          : listing(containers, (index) => directoryOf(ids.container(index))),
      taskBundles: () => listing(containers + pods, (index) => taskAt(idAt(index))?.id),
      remove: done,
      quarantine: done,
    },
    images: {
      list: () => listing(images, (index) => fakeImage({ name: `image-${index}` }).record),
      content:
        ({ name }) =>
        () =>
          TE.fromEither(fakeImage({ name }).content),
      adopt: done,
    },
    host: { processStartedAt: () => answering(now), hasNetworkNamespace: () => answering(true) },
  };
};

const ids = idsOfLength(8);

const podAt = (index: number): FakeSandbox => {
  const { record, task } = podTemplate;
  const id = fakeId(ids.pod(index));
  return {
    record: { ...record, id, name: id, metadata: { ...record.metadata, id, name: id } },
    task: task && { ...task, id, pid: 1_000 + index },
  };
};

const containerAt = (index: number): FakeContainer => {
  const { record, task, checkpoint } = containerTemplates[kindOf(index)];
  const id = fakeId(ids.container(index));
  const sandboxId = ids.pod(podOf(index));
  return {
    record: { ...record, id, name: id, metadata: { ...record.metadata, id, name: id, sandboxId } },
    task: task && { ...task, id, pid: 1_000_000 + index },
    checkpoint: { ...checkpoint },
  };
};

// Making a fake takes longer than recovering it; a copy does not.
const podTemplate = fakeSandbox({ id: ids.pod(0) });
const containerTemplates: Readonly<Record<ContainerKind, FakeContainer>> = {
  running: fakeContainer({ id: ids.container(0), task: 'running', checkpoint: 'RUNNING' }),
  exited: fakeContainer({ id: ids.container(0), task: 'absent', checkpoint: 'EXITED' }),
  created: fakeContainer({ id: ids.container(0), task: 'absent', checkpoint: 'CREATED' }),
};

const taskAt = (id: string): Task | undefined =>
  isPodId(id) ? podAt(indexOf(id)).task : containerAt(indexOf(id)).task;

const directoryOf = (name: string): DirectoryEntry => ({ name, type: 'directory', mounts: [] });

const answering =
  <A>(value: A): PortCall<A> =>
  () =>
    TE.right(value);

const orAbsent = <A>(port: 'tasks' | 'checkpoints', id: string, value: A | undefined): PortCall<A> =>
  value === undefined
    ? () => TE.left(portError('NotFound', { port, operation: 'get', subject: id }, 'there is none'))
    : answering(value);

/** A list made slice by slice, as one comes through a socket: making it must not be what keeps the event loop busy. */
const listing =
  <A>(count: number, itemAt: (index: number) => A | undefined): PortCall<ReadonlyArray<A>> =>
  () =>
  async () => {
    const items: A[] = [];
    for (let index = 0; index < count; index += 1) {
      const item = itemAt(index);
      if (item !== undefined) items.push(item);
      if (index % sliceLength === sliceLength - 1) await nextTurn();
    }
    return E.right(items);
  };

const sliceLength = 100;
