/** What a fake node answers to each question, without effects; the fake ports and `observationOf` both ask here. */
import * as E from 'fp-ts/lib/Either.js';
import type { Checkpoint } from '../core/container-status.js';
import type { ItemFailure, PortName } from '../core/failure.js';
import type { Kind } from '../core/identity.js';
import type { JsonObject } from '../core/json.js';
import type { Base, DirectoryEntry, ImageContent, ImageRecord, Reading } from '../core/observation.js';
import type { Task } from '../core/task.js';
import { baseNames, portError } from '../ports/index.js';
import type { FakeContainer, FakeNode, FakeSandbox } from './fake-node.js';

/** Where a base directory of the node is. */
export const pathOf = ({ location }: FakeNode, base: Base): string => `${location[base.area]}/${baseNames[base.kind]}`;

export const readVersion = (node: FakeNode): Reading<string> =>
  node.version === undefined
    ? E.left(portError('Unavailable', { port: 'daemon', operation: 'version', subject: '' }, 'no containerd here'))
    : E.right(node.version);

/** The readable records of a kind, then the unreadable ones. */
export const listRecords = <R>(
  node: FakeNode,
  kind: Kind,
  items: ReadonlyArray<{ readonly record: R }>,
): ReadonlyArray<E.Either<ItemFailure, R>> => [
  ...items.map(({ record }) => E.right(record)),
  ...node.unreadable.filter((failure) => failure.kind === kind).map(E.left),
];

export const listTasks = (node: FakeNode): ReadonlyArray<Task> =>
  allTasks(node).filter((task) => !node.unlisted.includes(task.id));

export const readTask = (node: FakeNode, id: string): Reading<Task> => {
  const task = allTasks(node).find((candidate) => candidate.id === id);
  if (task !== undefined) return E.right(task);
  const absent = portError('NotFound', { port: 'tasks', operation: 'get', subject: id }, 'there is no such task');
  return E.left(isHalfDeleted(node, id) ? { ...absent, _tag: 'NotFound', halfDeleted: true } : absent);
};

export const isHalfDeleted = (node: FakeNode, id: string): boolean =>
  itemsOf(node).some(({ record, halfDeleted }) => record.id === id && halfDeleted === true);

/** Every task has a bundle, listed or not, until it is deleted altogether. */
export const taskBundles = (node: FakeNode): ReadonlyArray<string> =>
  itemsOf(node).flatMap(({ record, task, halfDeleted }) =>
    task === undefined && halfDeleted !== true ? [] : [record.id],
  );

export const readConfig = (node: FakeNode, id: string): Reading<JsonObject> => {
  const unreadable = node.unreadable.find((failure) => failure.id === id);
  const call = { port: 'containers', operation: 'config', subject: id } as const;
  if (unreadable !== undefined) return E.left(portError('Corrupt', call, unreadable.message));
  return found(itemsOf(node).find(({ record }) => record.id === id)?.config, call.port, call.operation, id);
};

export const readCheckpoint = (node: FakeNode, id: string): Reading<Checkpoint> => {
  const file = node.containers.find(({ record }) => record.id === id)?.checkpoint ?? { _tag: 'Absent' };
  switch (file._tag) {
    case 'Absent':
      return found<Checkpoint>(undefined, 'checkpoints', 'read', id);
    case 'Sound':
      return E.right(file.checkpoint);
    case 'Unreadable': {
      const { foreignVersion } = file;
      const corrupt = portError(
        'Corrupt',
        { port: 'checkpoints', operation: 'read', subject: id },
        'this is no checkpoint',
      );
      return E.left(foreignVersion === undefined ? corrupt : { ...corrupt, _tag: 'Corrupt', foreignVersion });
    }
  }
};

export const readEntries = (node: FakeNode, base: Base): Reading<ReadonlyArray<DirectoryEntry>> => {
  const isMissing = node.missingBases.some((missing) => isSameBase(missing, base));
  const entries = node.directories
    .filter((entry) => isSameBase(entry, base))
    .map(({ name, type, mounts }) => ({ name, type, mounts }));
  return found(isMissing ? undefined : entries, 'directories', 'list', pathOf(node, base));
};

export const readContent = (node: FakeNode, image: ImageRecord): Reading<ImageContent> =>
  node.images.find(({ record }) => record.name === image.name)?.content ??
  found<ImageContent>(undefined, 'images', 'content', image.name);

export const readProcessStart = (node: FakeNode, pid: number): Reading<bigint> =>
  found(node.processes[pid], 'host', 'processStartedAt', String(pid));

export const isSameBase = (a: Base, b: Base): boolean => a.kind === b.kind && a.area === b.area;

const itemsOf = ({ sandboxes, containers }: FakeNode): ReadonlyArray<FakeSandbox | FakeContainer> => [
  ...sandboxes,
  ...containers,
];

const allTasks = (node: FakeNode): ReadonlyArray<Task> => itemsOf(node).flatMap(({ task }) => task ?? []);

const found = <A>(value: A | undefined, port: PortName, operation: string, subject: string): Reading<A> =>
  value === undefined
    ? E.left(portError('NotFound', { port, operation, subject }, 'there is none on this fake node'))
    : E.right(value);
