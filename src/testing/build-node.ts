/** Making a fake node: what follows from its pods and containers is filled in, the rest has defaults. */
import type { Base } from '../core/observation.js';
import { bases } from '../ports/index.js';
import type { FakeContainer, FakeDirectory, FakeNode, FakeSandbox } from './fake-node.js';
import { fakeTime, second } from './fake-time.js';

/**
 * A node with the given parts. Every pod and container gets its directories, the process of its task (two seconds after its record) and its
 * network namespace; `directories`, `processes` and `networkNamespaces` are added to those.
 *
 * @example
 * const node = fakeNode({ sandboxes: [fakeSandbox({ id: 'web' })], containers: [fakeContainer({ id: 'nginx', sandboxId: 'web' })] });
 * assert.strictEqual(node.directories.length, 4);
 */
export const fakeNode = (given: Partial<FakeNode> = {}): FakeNode => {
  const { sandboxes = [], containers = [], directories = [], processes = {}, networkNamespaces = [] } = given;
  return {
    ...emptyNode,
    ...given,
    directories: [...ownDirectories('sandbox', sandboxes), ...ownDirectories('container', containers), ...directories],
    processes: { ...processesOf([...sandboxes, ...containers]), ...processes },
    networkNamespaces: [...namespacesOf(sandboxes), ...networkNamespaces],
  };
};

/** An entry of a base directory: a directory without mounts unless said otherwise. */
export const fakeDirectory = (
  given: Pick<FakeDirectory, 'kind' | 'area' | 'name'> & Partial<FakeDirectory>,
): FakeDirectory => ({ type: 'directory', mounts: [], ...given });

const emptyNode: FakeNode = {
  version: '1.7.24',
  hasActiveCri: false,
  location: { namespace: 'k8s.io', root: '/fake/root', state: '/fake/state' },
  now: fakeTime + 3600n * second,
  sandboxes: [],
  containers: [],
  unreadable: [],
  unlisted: [],
  images: [],
  directories: [],
  missingBases: [],
  processes: {},
  networkNamespaces: [],
  stale: [],
  lock: 'free',
  keptAside: [],
  quarantined: [],
  attached: [],
  fifos: [],
};

const ownDirectories = (kind: Base['kind'], items: ReadonlyArray<FakeSandbox | FakeContainer>) =>
  items.flatMap(({ record }) =>
    bases.filter((base) => base.kind === kind).map((base) => fakeDirectory({ ...base, name: record.id })),
  );

const processesOf = (items: ReadonlyArray<FakeSandbox | FakeContainer>): Record<number, bigint> =>
  Object.fromEntries(
    items.flatMap(({ task, record }) =>
      task === undefined || task.state === 'stopped' ? [] : [[task.pid, record.createdAt + 2n * second]],
    ),
  );

const namespacesOf = (sandboxes: ReadonlyArray<FakeSandbox>): ReadonlyArray<string> =>
  sandboxes.flatMap(({ record, task }) =>
    task === undefined || record.metadata.hostNetwork ? [] : [record.metadata.netnsPath],
  );
