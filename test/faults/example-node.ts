/** A node with something of everything that a recovery comes across. */
import {
  type FakeNode,
  fakeContainer,
  fakeDirectory,
  fakeImage,
  fakeNode,
  fakeSandbox,
} from '../../src/testing/index.js';

export const exampleNode: FakeNode = fakeNode({
  sandboxes: [
    fakeSandbox({ id: 'up' }),
    fakeSandbox({ id: 'down', task: 'stopped' }),
    fakeSandbox({ id: 'still', task: 'paused' }),
    fakeSandbox({ id: 'half-down', task: 'half-deleted' }),
  ],
  containers: [
    fakeContainer({ id: 'fine', sandboxId: 'up' }),
    fakeContainer({ id: 'ended', sandboxId: 'up', task: 'stopped' }),
    fakeContainer({ id: 'over', sandboxId: 'up', task: 'absent', checkpoint: 'EXITED', status: { exitCode: 3 } }),
    fakeContainer({ id: 'gone', sandboxId: 'up', task: 'absent' }),
    fakeContainer({ id: 'torn', sandboxId: 'up', checkpoint: 'corrupt' }),
    fakeContainer({ id: 'lone', sandboxId: 'up', status: { reason: 'OOMKilled', message: 'a child was killed' } }),
    fakeContainer({ id: 'new', sandboxId: 'up', task: 'created', checkpoint: 'CREATED' }),
    fakeContainer({ id: 'anew', sandboxId: 'up', task: 'half-deleted', checkpoint: 'CREATED' }),
    fakeContainer({ id: 'newer', sandboxId: 'down', task: 'stopped', checkpoint: 'foreign' }),
  ],
  unlisted: ['lone'],
  images: [fakeImage({ name: 'example/app:1', labels: {} }), fakeImage({ name: 'example/app:2' })],
  directories: [
    fakeDirectory({ kind: 'container', area: 'root', name: 'stray' }),
    fakeDirectory({ kind: 'container', area: 'state', name: 'stray', mounts: ['/fake/state/containers/stray/shm'] }),
    // So many that the list of sandboxes is the likelier fault.
    ...['s1', 's2', 's3', 's4'].map((name) => fakeDirectory({ kind: 'sandbox', area: 'root', name })),
    fakeDirectory({ kind: 'sandbox', area: 'state', name: 's5' }),
  ],
  stale: ['fine'],
});
