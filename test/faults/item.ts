/** What a call is about, in the words in which ends and losses are told. */
import type { Call } from '../../src/ports/index.js';
import { bases } from '../../src/ports/index.js';
import type { FakeNode } from '../../src/testing/index.js';
import { pathOf } from '../../src/testing/readings.js';

/** The item that a call is about; none where it is about all of a kind. */
export const itemOf = (node: FakeNode, { port, subject }: Call): string | undefined => {
  switch (port) {
    case 'lock':
      return 'lock';
    case 'images':
      return subject === '' ? undefined : `image ${subject}`;
    case 'directories':
      return directoryAt(node, subject);
    case 'host':
      return byTask(node, ({ pid }) => String(pid) === subject);
    default:
      return byId(node, subject);
  }
};

/** A directory by its place. */
export const directoryItem = ({ area, kind, name }: { area: string; kind: string; name: string }): string =>
  `directory ${area}/${kind}/${name}`;

const directoryAt = (node: FakeNode, path: string): string | undefined => {
  const base = bases.find((candidate) => path.startsWith(`${pathOf(node, candidate)}/`));
  return base === undefined ? undefined : directoryItem({ ...base, name: path.slice(pathOf(node, base).length + 1) });
};

const byId = (node: FakeNode, id: string): string | undefined => {
  if (node.containers.some(({ record }) => record.id === id)) return `container ${id}`;
  return node.sandboxes.some(({ record }) => record.id === id) ? `sandbox ${id}` : undefined;
};

const byTask = (node: FakeNode, is: (task: { pid: number }) => boolean): string | undefined => {
  const container = node.containers.find(({ task }) => task !== undefined && is(task));
  return container === undefined ? undefined : `container ${container.record.id}`;
};
