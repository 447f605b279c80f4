/** Leaves nothing of a node behind: no process, no mount, no control group, no network, no file. */
import { rm } from 'node:fs/promises';
import { processesIn, removeGroups, thaw } from './control-groups.js';
import { mountsBelow, unmountBelow } from './mounts.js';
import { type Network, removeNetwork } from './network.js';
import { listeningPaths, shimProcessesOf, signal } from './processes.js';
import { waitUntil } from './wait-until.js';

export interface Remains {
  readonly directory: string;
  readonly socket: string;
  readonly cgroupParent: string;
  readonly network: Network;
}

const endShims = (node: Remains): Promise<true> =>
  waitUntil('shims have ended', async () => {
    const processes = await shimProcessesOf(node.socket);
    const sockets = processes.flatMap(({ pid }) => listeningPaths(pid));
    for (const { pid } of processes) signal(pid, 'SIGKILL');
    for (const path of sockets) await rm(path, { force: true });
    return processes.length === 0;
  });

// A pid in a control group of ours cannot be somebody else's: the kernel keeps the list.
const endWorkloads = (node: Remains): Promise<true> =>
  waitUntil('workloads have ended', () => {
    thaw(node.cgroupParent);
    const pids = processesIn(node.cgroupParent);
    for (const pid of pids) signal(pid, 'SIGKILL');
    return pids.length === 0;
  });

/** Removes a node whose daemon is down already. */
export const cleanUp = async (node: Remains): Promise<void> => {
  await endShims(node);
  await endWorkloads(node);
  await unmountBelow(node.directory);
  await waitUntil('control groups are gone', () => {
    removeGroups(node.cgroupParent);
    return true;
  });
  await removeNetwork(node.network, node.directory);
  await rm(node.directory, { recursive: true, force: true });
};

/** What is still there of a node, in words; empty after `cleanUp`. */
export const remainsOf = async (node: Remains): Promise<ReadonlyArray<string>> => [
  ...(await shimProcessesOf(node.socket)).map(({ pid, id }) => `shim ${pid} of ${id}`),
  ...processesIn(node.cgroupParent).map((pid) => `process ${pid}`),
  ...mountsBelow(node.directory).map((path) => `mount ${path}`),
];
