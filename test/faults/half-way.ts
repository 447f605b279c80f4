/** What a node looks like when a call that takes several steps has done some of them, after the adapters in src/containerd and src/disk. */
import * as E from 'fp-ts/lib/Either.js';
import type { Call } from '../../src/ports/index.js';
import { adoptImage, deleteTask, stopTask } from '../../src/testing/changes.js';
import type { FakeContainer, FakeNode, FakeSandbox } from '../../src/testing/index.js';
import { readTask } from '../../src/testing/readings.js';

/** The node in the middle of a call; none where the call has no middle, or none that shows. */
export const halfWay = (node: FakeNode, call: Call): FakeNode | undefined => {
  switch (`${call.port} ${call.operation}`) {
    case 'checkpoints write':
      return { ...node, stale: [...new Set([...node.stale, call.subject])] };
    case 'tasks delete':
      return deletedHalfWay(node, call.subject);
    case 'images adopt':
      return referred(node, call.subject);
    default:
      return undefined;
  }
};

/** Killed, and not deleted yet; what does not run is deleted in its shim, and containerd has not forgotten it yet. */
const deletedHalfWay = (node: FakeNode, id: string): FakeNode | undefined => {
  const task = readTask(node, id);
  if (E.isLeft(task)) return undefined;
  if (task.right.state !== 'stopped' && task.right.state !== 'created') {
    const stopped = stopTask(node, id, 137);
    return E.isLeft(stopped) ? undefined : stopped.right.node;
  }
  const deleted = deleteTask(node, id, true);
  if (E.isLeft(deleted)) return undefined;
  const isIt = ({ record }: FakeSandbox | FakeContainer): boolean => record.id === id;
  return {
    ...deleted.right,
    sandboxes: deleted.right.sandboxes.map((item) => (isIt(item) ? { ...item, halfDeleted: true } : item)),
    containers: deleted.right.containers.map((item) => (isIt(item) ? { ...item, halfDeleted: true } : item)),
  };
};

/** Referred to by its id, and not labelled yet. */
const referred = (node: FakeNode, name: string): FakeNode | undefined => {
  const image = node.images.find(({ record }) => record.name === name);
  if (image === undefined || E.isLeft(image.content)) return undefined;
  const adopted = adoptImage(node, image.record, image.content.right.id);
  if (E.isLeft(adopted)) return undefined;
  return { ...node, images: [...adopted.right.images.filter(({ record }) => record.name !== name), image] };
};
