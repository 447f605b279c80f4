/** Makes the situations that recovery has to cope with, on a real node. */

import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './command.js';
import type { TestNode } from './node.js';
import { isAlive, listeningPaths, processState, type Shim, shimsOf, signal } from './processes.js';
import { containerMetadata, sandboxMetadata } from './records.js';
import type { TaskStreams } from './tasks.js';
import { waitUntil } from './wait-until.js';

export interface HungShim {
  readonly pid: number;
  /** Lets the shim go on, and with it the calls that waited for it. */
  readonly resume: () => void;
}

export interface Orphan {
  readonly base: 'root' | 'state';
  readonly kind: 'sandboxes' | 'containers';
  readonly id?: string;
  /** Whether a file system is mounted below it. */
  readonly mounted?: boolean;
}

const SIGKILL = 9;

/** An id as containerd's CRI plugin makes them. */
export const randomId = (): string => randomBytes(32).toString('hex');

const checkpointOf = (node: TestNode, id: string): string => join(node.criRoot, 'containers', id, 'status');

/** The shim that serves this sandbox and its containers. */
export const shimOf = async (node: TestNode, sandboxId: string): Promise<Shim> => {
  const shim = (await shimsOf(node.socket)).find(({ id }) => id === sandboxId);
  if (shim === undefined) throw new Error(`no shim serves ${sandboxId}`);
  return shim;
};

/** Ends the task's process by a signal; the stopped task stays. */
export const killTask = async (node: TestNode, id: string, number = SIGKILL): Promise<void> => {
  await node.engine.tasks.kill(id, number);
  await waitUntil(`task ${id} stops`, async () => (await node.engine.tasks.get(id))?.status === 'stopped');
};

/** Freezes the task's processes. */
export const pauseTask = async (node: TestNode, id: string): Promise<void> => {
  await node.engine.tasks.pause(id);
};

/** Ends the task, if it runs, and removes it. On a busy machine containerd itself may have given up on its shim. */
export const deleteTask = async (node: TestNode, id: string): Promise<void> => {
  const task = await node.engine.tasks.get(id);
  if (task === undefined) return;
  if (task.status !== 'stopped') await killTask(node, id);
  await node.engine.tasks.delete(id);
};

/** Leaves the container with a task that was made but never started. */
export const halfCreatedTask = async (node: TestNode, id: string, streams?: TaskStreams): Promise<void> => {
  if ((await node.engine.tasks.get(id)) !== undefined) await deleteTask(node, id);
  try {
    await node.engine.tasks.create(id, streams);
  } catch (thrown) {
    // containerd may still be clearing away after the shim of the task before, and takes the bundle of the new one along.
    if (!String(thrown).includes('getwd: no such file or directory')) throw thrown;
    await node.engine.tasks.create(id, streams);
  }
};

/** Stops the shim of a sandbox in its tracks (SIGSTOP). */
export const hangShim = async (node: TestNode, sandboxId: string): Promise<HungShim> => {
  const { pid } = await shimOf(node, sandboxId);
  signal(pid, 'SIGSTOP');
  await waitUntil(`shim ${pid} hangs`, () => processState(pid) === 'T');
  return { pid, resume: () => signal(pid, 'SIGCONT') };
};

/**
 * Kills the shim of a sandbox. Its workloads live on while containerd is down; when containerd is up, or comes up
 * later, it sees that the shim is gone and ends them itself.
 */
export const killShim = async (node: TestNode, sandboxId: string): Promise<void> => {
  const { pid } = await shimOf(node, sandboxId);
  const sockets = listeningPaths(pid);
  signal(pid, 'SIGKILL');
  await waitUntil(`shim ${pid} ends`, () => !isAlive(pid));
  for (const path of sockets) await rm(path, { force: true });
};

/** The bytes of the container's checkpoint. */
export const readCheckpoint = (node: TestNode, id: string): Promise<Buffer> => readFile(checkpointOf(node, id));

/** Puts these bytes in place of the container's checkpoint. */
export const corruptCheckpoint = async (node: TestNode, id: string, bytes: Uint8Array | string): Promise<void> => {
  await writeFile(checkpointOf(node, id), bytes, { mode: 0o600 });
};

export const removeCheckpoint = async (node: TestNode, id: string): Promise<void> => {
  await rm(checkpointOf(node, id));
};

/** Deletes containerd's record of a container or sandbox; task, snapshot and directories stay. */
export const removeRecord = async (node: TestNode, id: string): Promise<void> => {
  await node.engine.containers.delete(id);
};

/** Makes a second container or sandbox under the name of the first, with a copy of its checkpoint and no task. */
export const duplicateRecord = async (node: TestNode, id: string, copy = randomId()): Promise<string> => {
  const record = await node.engine.containers.get(id);
  const isSandbox = record.extensions[sandboxMetadata] !== undefined;
  const name = isSandbox ? sandboxMetadata : containerMetadata;
  const metadata = record.extensions[name];
  if (metadata === undefined) throw new Error(`${id} has no metadata of the CRI plugin`);
  const value = Buffer.from(Buffer.from(metadata.value).toString().replaceAll(id, copy));
  const extensions = { ...record.extensions, [name]: { ...metadata, value } };
  await node.engine.containers.create({ ...record, id: copy, extensions });
  const kind = isSandbox ? 'sandboxes' : 'containers';
  await mkdir(join(node.criRoot, kind, copy), { recursive: true, mode: 0o755 });
  if (!isSandbox) await writeFile(checkpointOf(node, copy), await readCheckpoint(node, id), { mode: 0o600 });
  return copy;
};

/** Makes a directory, with a file in it, that belongs to no record. Resolves with its path. */
export const orphanDirectory = async (node: TestNode, orphan: Orphan): Promise<string> => {
  const base = orphan.base === 'root' ? node.criRoot : node.criState;
  const path = join(base, orphan.kind, orphan.id ?? randomId());
  await mkdir(path, { recursive: true, mode: 0o755 });
  await writeFile(join(path, 'left-behind'), 'left behind\n');
  if (orphan.mounted === true) {
    await mkdir(join(path, 'mounted'));
    await command('mount', ['-t', 'tmpfs', 'tmpfs', join(path, 'mounted')]);
  }
  return path;
};
