/** What a run has destroyed, and what it may have: a table made without the library's code. */
import type { Policy } from '../../src/core/policy.js';
import type { Call } from '../../src/ports/index.js';
import type { FakeDirectory, FakeNode } from '../../src/testing/index.js';
import type { MadeCall } from './made-calls.js';

/** Calls that take something away, as far as they have. */
export const destroyed = (made: ReadonlyArray<MadeCall>): ReadonlyArray<Call> =>
  made.flatMap(({ call, isWrite }) => (isWrite && isDestructive(call) ? [call] : []));

const isDestructive = ({ operation }: Call): boolean =>
  ['delete', 'keepAside', 'remove', 'quarantine'].includes(operation);

/** Whether something may go, by what the node was at the beginning. */
export const mayGo = (policy: Policy, node: FakeNode, { operation, subject }: Call): boolean => {
  switch (operation) {
    case 'delete':
      return mayDelete(policy, node, subject);
    case 'keepAside':
      return node.containers.some(
        ({ record, checkpoint }) =>
          record.id === subject && checkpoint._tag === 'Unreadable' && checkpoint.foreignVersion === undefined,
      );
    case 'remove':
      return policy.orphanedDirectory === 'remove' && isOrphan(node, subject);
    case 'quarantine':
      return policy.orphanedDirectory === 'quarantine' && isOrphan(node, subject);
    default:
      return false;
  }
};

/** A stopped task; one that was created where that is all there was; what is half deleted; what containerd kills besides. */
const mayDelete = (policy: Policy, node: FakeNode, id: string): boolean => {
  const sandbox = node.sandboxes.find(({ record }) => record.id === id);
  if (sandbox?.halfDeleted === true) return true;
  if (sandbox?.task !== undefined) {
    const { state } = sandbox.task;
    return state === 'stopped' || state === 'created' || (policy.unansweringSandbox === 'kill' && state !== 'running');
  }
  const container = node.containers.find(({ record }) => record.id === id);
  if (container?.task?.state === 'stopped' || container?.halfDeleted === true) return true;
  if (container?.task?.state !== 'created') return false;
  return policy.unexpectedCreatedTask === 'kill' || saysCreated(container.checkpoint);
};

const saysCreated = (checkpoint: FakeNode['containers'][number]['checkpoint']): boolean => {
  if (checkpoint._tag !== 'Sound') return false;
  const { createdAt, startedAt, finishedAt } = checkpoint.checkpoint.status;
  return createdAt !== 0n && startedAt === 0n && finishedAt === 0n;
};

/** A directory whose name is nobody's, readable or not. */
const isOrphan = (node: FakeNode, path: string): boolean => {
  const entry = node.directories.find((candidate) => pathOf(node, candidate) === path);
  if (entry === undefined || entry.type !== 'directory') return false;
  const items = entry.kind === 'sandbox' ? node.sandboxes : node.containers;
  const ids = [...items.map(({ record }): string => record.id), ...node.unreadable.map(({ id }) => id)];
  return !ids.includes(entry.name);
};

const pathOf = ({ location }: FakeNode, entry: FakeDirectory): string =>
  `${location[entry.area]}/${entry.kind === 'sandbox' ? 'sandboxes' : 'containers'}/${entry.name}`;
