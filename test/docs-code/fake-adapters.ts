/**
 * What stands in for the adapters where a document's program runs: one node of fakes, on which a container ends soon after its output is first read.
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { containerdPorts as RealContainerd } from '../../src/containerd/index.js';
import type { openDisk as RealDisk, openWritableDisk as RealWritableDisk } from '../../src/disk/index.js';
import type { openContainerIo as RealContainerIo } from '../../src/stdio/index.js';
import { fakeContainer, fakeNode, fakePorts, fakeSandbox } from '../../src/testing/index.js';

const ports = fakePorts(
  fakeNode({
    sandboxes: [fakeSandbox({ id: 'web' })],
    containers: [fakeContainer({ id: 'nginx', sandboxId: 'web' })],
  }),
);

export const containerdPorts: typeof RealContainerd = () => ({ ...ports, close: () => undefined });
export const openDisk: typeof RealDisk = () => TE.right(ports);
export const openWritableDisk: typeof RealWritableDisk = () => TE.right(ports);
export const openContainerIo: typeof RealContainerIo = () => ({
  ...ports.containerIo,
  attach: (...attached) => {
    setTimeout(() => ports.exit('nginx', 1), 20);
    return ports.containerIo.attach(...attached);
  },
  close: async () => undefined,
});
