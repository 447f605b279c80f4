/** A node whose CRI root directory is a small file system of its own, which can be filled and made read-only. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../harness/command.js';
import { type Release, TestNode } from '../harness/index.js';

const megabytes = 2;

/** The node is not started yet, and the caller's to dispose of. */
export const nodeOnSmallDisk = async (release: Release): Promise<TestNode> => {
  const node = await TestNode.create(release);
  await mkdir(node.criRoot, { recursive: true });
  await command('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', node.criRoot]);
  return node;
};

const filler = (node: TestNode): string => join(node.criRoot, 'filler');

/** Until not one more byte fits. */
export const fillDisk = async (node: TestNode): Promise<void> => {
  const write = writeFile(filler(node), Buffer.alloc((megabytes + 1) << 20));
  const code = await write.then(
    () => 'written',
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (code !== 'ENOSPC') throw new Error(`the disk is not full: ${code}`);
};

export const emptyDisk = (node: TestNode): Promise<void> => rm(filler(node), { force: true });

export const remount = async (node: TestNode, mode: 'ro' | 'rw'): Promise<void> => {
  await command('mount', ['-o', `remount,${mode}`, node.criRoot]);
};
