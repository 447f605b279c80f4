/** A node with one thing of each kind for a recovery to tell of. */
import { fakeContainer, fakeDirectory, fakeImage, fakeNode, fakeSandbox } from '../../src/testing/index.js';

export const node = fakeNode({
  sandboxes: [fakeSandbox({ id: 'pod' })],
  containers: [
    fakeContainer({ id: 'fine', sandboxId: 'pod' }),
    fakeContainer({ id: 'ended', sandboxId: 'pod', task: 'stopped' }),
  ],
  images: [fakeImage({ name: 'example/app:1', labels: {} })],
  directories: ['fine', 'ended', 'orphan'].map((name) => fakeDirectory({ kind: 'container', area: 'root', name })),
});
