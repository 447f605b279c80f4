/** A test node through the library's own ports, as a program that embeds the library reads it. */
import * as E from 'fp-ts/lib/Either.js';
import { containerdPorts } from '../../../src/containerd/index.js';
import { openDisk } from '../../../src/disk/index.js';
import { type Log, type ReadPorts, silentLog, systemClock } from '../../../src/ports/index.js';
import type { TestNode } from '../harness/index.js';

export interface LivePorts {
  readonly ports: ReadPorts;
  readonly close: () => void;
}

export const livePorts = async (node: TestNode, log: Log = silentLog): Promise<LivePorts> => {
  const location = { namespace: 'k8s.io', root: node.criRoot, state: node.criState };
  const disk = await openDisk(location)();
  if (E.isLeft(disk)) throw new Error(disk.left.message);
  const { close, ...containerd } = containerdPorts({ address: node.socket, namespace: location.namespace });
  return { ports: { location, ...containerd, ...disk.right, clock: systemClock, log }, close };
};
