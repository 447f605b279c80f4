import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { observe } from '../../src/observe.js';
import {
  fakeContainer,
  fakeDirectory,
  fakeImage,
  fakeNode,
  fakePorts,
  fakeSandbox,
  observationOf,
} from '../../src/testing/index.js';

const taskStates = ['absent', 'half-deleted', 'unknown', 'created', 'running', 'stopped', 'paused', 'pausing'] as const;
const checkpoints = ['CREATED', 'RUNNING', 'EXITED', 'ZERO', 'absent', 'corrupt', 'foreign'] as const;

test('it is what observing the node through its ports gives, for every task and every checkpoint', async () => {
  const node = fakeNode({
    sandboxes: [
      ...taskStates.map((task) => fakeSandbox({ id: `sandbox-${task}`, task })),
      fakeSandbox({ id: 'host', netns: 'host' }),
      fakeSandbox({ id: 'no-netns', netns: '' }),
    ],
    containers: taskStates.flatMap((task) =>
      checkpoints.map((checkpoint) => fakeContainer({ id: `${task}-${checkpoint}`, task, checkpoint })),
    ),
    unreadable: [
      { kind: 'sandbox', id: 's', tag: 'MetadataMissing', message: 'none' },
      { kind: 'container', id: 'c', tag: 'MetadataUnreadable', message: 'odd' },
    ],
    images: [fakeImage({ name: 'whole' }), fakeImage({ name: 'torn', readable: false })],
    directories: [fakeDirectory({ kind: 'container', area: 'root', name: 'orphan', mounts: ['/m'] })],
    missingBases: [{ kind: 'sandbox', area: 'state' }],
  });
  expect(await observe()(fakePorts(node))()).toEqual(E.right(observationOf(node)));
});
