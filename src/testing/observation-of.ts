/** What an observation of a fake node holds, for tests of the core that need no ports. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { containerState } from '../core/container-status.js';
import type { ItemFailure } from '../core/failure.js';
import type { SandboxMetadata } from '../core/metadata.js';
import type { Observation, ObservedContainer, ObservedSandbox } from '../core/observation.js';
import { bases } from '../ports/index.js';
import type { FakeContainer, FakeNode, FakeSandbox } from './fake-node.js';
import { pathOf, readCheckpoint, readEntries, readProcessStart, readTask } from './readings.js';

/**
 * Everything there is to read of the node, every question answered.
 *
 * @example
 * const observation = observationOf(fakeNode({ containers: [fakeContainer({ id: 'nginx', checkpoint: 'corrupt' })] }));
 * assert.strictEqual(observation.containers.length, 1);
 */
export const observationOf = (node: FakeNode): Observation => ({
  node: { containerd: node.version ?? '', ...node.location },
  takenAt: node.now,
  sandboxes: [...node.sandboxes.map((item) => E.right(observedSandbox(node, item))), ...unreadable(node, 'sandbox')],
  containers: [
    ...node.containers.map((item) => E.right(observedContainer(node, item))),
    ...unreadable(node, 'container'),
  ],
  images: node.images,
  bases: bases.map((base) => ({ ...base, path: pathOf(node, base), entries: readEntries(node, base) })),
});

const unreadable = (node: FakeNode, kind: ItemFailure['kind']) =>
  node.unreadable.filter((failure) => failure.kind === kind).map(E.left);

const observedSandbox = (node: FakeNode, { record }: FakeSandbox): ObservedSandbox => ({
  record,
  task: readTask(node, record.id),
  netns: netnsOf(node, record.metadata),
});

const netnsOf = (node: FakeNode, { hostNetwork, netnsPath }: SandboxMetadata): ObservedSandbox['netns'] =>
  hostNetwork || netnsPath === '' ? O.none : O.some(E.right(node.networkNamespaces.includes(netnsPath)));

const observedContainer = (node: FakeNode, { record }: FakeContainer): ObservedContainer => {
  const task = readTask(node, record.id);
  const checkpoint = readCheckpoint(node, record.id);
  const isDated = E.isRight(checkpoint) && containerState(checkpoint.right.status) !== 'UNKNOWN';
  const processStartedAt = pipe(
    isDated ? O.none : O.fromEither(task),
    O.filter(({ pid, state }) => pid > 0 && ['running', 'paused', 'pausing'].includes(state)),
    O.map(({ pid }) => readProcessStart(node, pid)),
  );
  return { record, task, checkpoint, processStartedAt };
};
