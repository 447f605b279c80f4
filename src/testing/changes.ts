/** What each write does to a fake node, without effects: the node afterwards, or the error a real one would give. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Checkpoint } from '../core/container-status.js';
import type { PortName } from '../core/failure.js';
import type { Base, ImageRecord, Reading } from '../core/observation.js';
import type { Task } from '../core/task.js';
import { type Exit, isEntryName, portError } from '../ports/index.js';
import type { FakeCheckpoint, FakeDirectory, FakeNode, FakeSandbox } from './fake-node.js';
import { isHalfDeleted, isSameBase, pathOf, readTask } from './readings.js';

/** Deleting a task kills its process, where it may. */
export const deleteTask = (node: FakeNode, id: string, mayKill: boolean): Reading<FakeNode> => {
  const call = { port: 'tasks', operation: 'delete', subject: id } as const;
  const task = readTask(node, id);
  if (E.isLeft(task)) return absent(call.port, call.operation, id);
  const { state, pid } = task.right;
  if (!mayKill && state !== 'stopped' && state !== 'created')
    return E.left(portError('Unexpected', call, `a task that is ${state} is not deleted`));
  return E.right(withoutProcess(withTask(node, id, { task: undefined }), pid));
};

/** What deleting does where there is no task: one that is half deleted is forgotten. */
export const forgetTask = (node: FakeNode, id: string): FakeNode =>
  isHalfDeleted(node, id) ? withTask(node, id, { halfDeleted: false }) : node;

/** A stopped task stays until it is deleted; its process is gone. */
export const stopTask = (
  node: FakeNode,
  id: string,
  exitStatus: number,
): Reading<{ readonly node: FakeNode; readonly exit: Exit }> =>
  pipe(
    readTask(node, id),
    E.map((task) => {
      const stopped: Task = { ...task, state: 'stopped', exitStatus, exitedAt: O.some(node.now) };
      const exit = { containerId: id, processId: id, pid: task.pid, exitStatus, exitedAt: node.now };
      return { node: withoutProcess(withTask(node, id, { task: stopped }), task.pid), exit };
    }),
  );

/** Takes the place of what a killed write left. */
export const writeCheckpoint = (node: FakeNode, id: string, checkpoint: Checkpoint): Reading<FakeNode> =>
  pipe(
    withCheckpoint(node, id, 'write', { _tag: 'Sound', checkpoint }),
    E.map((written) => withOwnDirectory({ ...written, stale: written.stale.filter((other) => other !== id) }, id)),
  );

export const keepAside = (node: FakeNode, id: string): Reading<FakeNode> => {
  const file = node.containers.find(({ record }) => record.id === id)?.checkpoint;
  if (file === undefined || file._tag === 'Absent') return absent('checkpoints', 'keepAside', id);
  const aside = { ...node, keptAside: [...node.keptAside, { id, file }] };
  return withCheckpoint(aside, id, 'keepAside', { _tag: 'Absent' });
};

/** There being nothing to collect is fine. */
export const collectStale = (node: FakeNode): Reading<FakeNode> => E.right({ ...node, stale: [] });

export const acquireLock = (node: FakeNode): Reading<FakeNode> => {
  if (node.lock === 'free' || node.lock === 'abandoned') return E.right({ ...node, lock: 'ours' });
  const holder = node.lock === 'ours' ? 'process 1, which is this one' : 'process 2';
  const call = { port: 'lock', operation: 'acquire', subject: '' } as const;
  return E.left(portError('Denied', call, `held by ${holder}`));
};

/** Whatever is not ours stays as it is. */
export const releaseLock = (node: FakeNode): Reading<FakeNode> =>
  E.right(node.lock === 'ours' ? { ...node, lock: 'free' } : node);

export const removeEntry = (node: FakeNode, base: Base, name: string): Reading<FakeNode> =>
  pipe(
    takeEntry(node, base, name, 'remove'),
    E.map(({ rest }) => ({ ...node, directories: rest })),
  );

export const quarantineEntry = (node: FakeNode, base: Base, name: string, why: string): Reading<FakeNode> =>
  pipe(
    takeEntry(node, base, name, 'quarantine'),
    E.map(({ entry, rest }) => ({
      ...node,
      directories: rest,
      quarantined: [...node.quarantined, { ...entry, mounts: [], why }],
    })),
  );

/** Labels the image as managed, and adds the reference named by its id unless there is one. */
export const adoptImage = (node: FakeNode, image: ImageRecord, id: string): Reading<FakeNode> => {
  const found = node.images.find(({ record }) => record.name === image.name);
  if (found?.record.target !== image.target) return absent('images', 'adopt', image.name);
  const labels = { ...found.record.labels, 'io.cri-containerd.image': 'managed' };
  const adopted = { ...found, record: { ...found.record, labels } };
  const reference = { ...adopted, record: { ...adopted.record, name: id } };
  const others = node.images.filter(({ record }) => record.name !== image.name && record.name !== id);
  return E.right({ ...node, images: [...others, adopted, ...(image.name === id ? [] : [reference])] });
};

/** What is attached already stays so. */
export const attachIo = (node: FakeNode, id: string, logPath: string): Reading<FakeNode> =>
  E.right(isAttached(node, id) ? node : { ...node, attached: [...node.attached, { id, logPath }] });

/** A fake log is the same file before and after. */
export const reopenLog = (node: FakeNode, id: string): Reading<FakeNode> =>
  isAttached(node, id) ? E.right(node) : absent('container-io', 'reopenLog', id);

export const detachIo = (node: FakeNode, id: string): Reading<FakeNode> =>
  E.right({ ...node, attached: node.attached.filter((other) => other.id !== id) });

const isAttached = (node: FakeNode, id: string): boolean => node.attached.some((other) => other.id === id);

const withTask = (
  node: FakeNode,
  id: string,
  changes: Partial<Pick<FakeSandbox, 'task' | 'halfDeleted'>>,
): FakeNode => ({
  ...node,
  sandboxes: node.sandboxes.map((item) => (item.record.id === id ? { ...item, ...changes } : item)),
  containers: node.containers.map((item) => (item.record.id === id ? { ...item, ...changes } : item)),
});

const withoutProcess = (node: FakeNode, pid: number): FakeNode => {
  const { [pid]: _, ...processes } = node.processes;
  return { ...node, processes };
};

const withCheckpoint = (
  node: FakeNode,
  id: string,
  operation: string,
  checkpoint: FakeCheckpoint,
): Reading<FakeNode> => {
  if (!node.containers.some(({ record }) => record.id === id)) return absent('checkpoints', operation, id);
  const containers = node.containers.map((item) => (item.record.id === id ? { ...item, checkpoint } : item));
  return E.right({ ...node, containers });
};

/** The directory that a checkpoint is in, made where it is missing. */
const withOwnDirectory = (node: FakeNode, id: string): FakeNode => {
  const base = { kind: 'container', area: 'root' } as const;
  if (node.directories.some((entry) => isSameBase(entry, base) && entry.name === id)) return node;
  const missingBases = node.missingBases.filter((missing) => !isSameBase(missing, base));
  const made: FakeDirectory = { ...base, name: id, type: 'directory', mounts: [] };
  return { ...node, missingBases, directories: [...node.directories, made] };
};

const takeEntry = (
  node: FakeNode,
  base: Base,
  name: string,
  operation: string,
): Reading<{ readonly entry: FakeDirectory; readonly rest: ReadonlyArray<FakeDirectory> }> => {
  const call = { port: 'directories', operation, subject: `${pathOf(node, base)}/${name}` } as const;
  if (!isEntryName(name))
    return E.left(portError('Denied', call, `${JSON.stringify(name)} is not the name of an entry`));
  const entry = node.directories.find((candidate) => isSameBase(candidate, base) && candidate.name === name);
  if (entry === undefined) return absent(call.port, operation, call.subject);
  if (entry.type !== 'directory') return E.left(portError('Corrupt', call, `a ${entry.type}, not a directory`));
  return E.right({ entry, rest: node.directories.filter((other) => other !== entry) });
};

const absent = <A>(port: PortName, operation: string, subject: string): Reading<A> =>
  E.left(portError('NotFound', { port, operation, subject }, 'there is none on this fake node'));
