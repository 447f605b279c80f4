/** A fake node that looks as a real one did when it was observed. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type {
  Observation,
  ObservedBase,
  ObservedContainer,
  ObservedSandbox,
  Reading,
} from '../../src/core/observation.js';
import type { Task } from '../../src/core/task.js';
import { type FakeCheckpoint, type FakeNode, type FakeSandbox, fakeNode, fakeTask } from '../../src/testing/index.js';

/** A task that did not answer is one whose state is unknown; a file that could not be read is one that is unreadable. */
export const nodeOfObservation = ({ node, takenAt, ...observed }: Observation): FakeNode => {
  const sandboxes = observed.sandboxes.flatMap((one) => (E.isRight(one) ? [one.right] : []));
  const containers = observed.containers.flatMap((one) => (E.isRight(one) ? [one.right] : []));
  return {
    ...fakeNode(),
    version: node.containerd,
    location: { namespace: node.namespace, root: node.root, state: node.state },
    now: takenAt,
    sandboxes: sandboxes.map(({ record, task }) => ({ record, ...taskOf(record.id, task) })),
    containers: containers.map(({ record, task, checkpoint }) => ({
      record,
      ...taskOf(record.id, task),
      checkpoint: fileOf(checkpoint),
    })),
    unreadable: [...observed.sandboxes, ...observed.containers].flatMap((one) => (E.isLeft(one) ? [one.left] : [])),
    images: observed.images,
    directories: observed.bases.flatMap(entriesOf),
    missingBases: observed.bases.flatMap(({ kind, area, entries }) => (E.isLeft(entries) ? [{ kind, area }] : [])),
    processes: Object.fromEntries(containers.flatMap(startOf)),
    networkNamespaces: sandboxes.flatMap(namespaceOf),
  };
};

const taskOf = (id: string, task: Reading<Task>): Pick<FakeSandbox, 'task' | 'halfDeleted'> => {
  if (E.isRight(task)) return { task: task.right };
  if (task.left._tag !== 'NotFound') return { task: fakeTask({ id, state: 'unknown' }) };
  return { task: undefined, halfDeleted: task.left.halfDeleted ?? false };
};

const fileOf = (checkpoint: ObservedContainer['checkpoint']): FakeCheckpoint => {
  if (E.isRight(checkpoint)) return { _tag: 'Sound', checkpoint: checkpoint.right };
  const error = checkpoint.left;
  if (error._tag === 'NotFound') return { _tag: 'Absent' };
  return error._tag === 'Corrupt' && error.foreignVersion !== undefined
    ? { _tag: 'Unreadable', foreignVersion: error.foreignVersion }
    : { _tag: 'Unreadable' };
};

const entriesOf = ({ kind, area, entries }: ObservedBase): FakeNode['directories'] =>
  E.isRight(entries) ? entries.right.map((entry) => ({ kind, area, ...entry })) : [];

const startOf = ({ task, processStartedAt }: ObservedContainer): ReadonlyArray<[number, bigint]> =>
  E.isRight(task) && O.isSome(processStartedAt) && E.isRight(processStartedAt.value)
    ? [[task.right.pid, processStartedAt.value.right]]
    : [];

const namespaceOf = ({ record, netns }: ObservedSandbox): ReadonlyArray<string> =>
  O.isSome(netns) && E.isRight(netns.value) && netns.value.right ? [record.metadata.netnsPath] : [];
