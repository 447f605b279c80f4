import { execFileSync, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { expect, onTestFinished, test } from 'vitest';
import type { Checkpoint } from '../../src/core/container-status.js';
import type { Reading } from '../../src/core/observation.js';
import { diskCheckpoints } from '../../src/disk/checkpoints.js';
import { fakeId } from '../../src/testing/index.js';
import { isRoot, openToAll, withoutPrivileges } from './privilege.js';
import { patient, soundCheckpoint, temporaryNode } from './temporary-node.js';

const readIn = async (root: string, id = 'nginx'): Promise<Reading<Checkpoint>> =>
  diskCheckpoints(root).read(fakeId(id))(patient())();

const errorIn = async (root: string) => {
  const reading = await readIn(root);
  return E.isLeft(reading) ? reading.left : undefined;
};

test('a checkpoint is read to the nanosecond', async () => {
  const { root, checkpoint } = await temporaryNode();
  await checkpoint('nginx', soundCheckpoint);
  const reading = await readIn(root);
  expect(E.isRight(reading) && reading.right.status).toMatchObject({ pid: 4711, startedAt: 1714550402123456789n });
});

test('an empty, truncated, zero-filled or foreign file is Corrupt, the last with its version', async () => {
  const { root, checkpoint } = await temporaryNode();
  for (const content of ['', soundCheckpoint.slice(0, 40), Buffer.alloc(256)]) {
    await checkpoint('nginx', content);
    const error = await errorIn(root);
    expect(error).toMatchObject({ _tag: 'Corrupt', port: 'checkpoints', operation: 'read', subject: 'nginx' });
    expect(error).not.toHaveProperty('foreignVersion');
  }
  await checkpoint('nginx', soundCheckpoint.replace('v1', 'v7'));
  expect(await errorIn(root)).toMatchObject({ _tag: 'Corrupt', foreignVersion: 'v7' });
});

test('a file of 1 MiB is read and a longer one is not', async () => {
  const { root, checkpoint } = await temporaryNode();
  const oneMiB = 1024 * 1024;
  await checkpoint('nginx', soundCheckpoint.padEnd(oneMiB, ' '));
  expect(E.isRight(await readIn(root))).toBe(true);
  await checkpoint('nginx', soundCheckpoint.padEnd(oneMiB + 1, ' '));
  expect(await errorIn(root)).toMatchObject({ _tag: 'Corrupt', message: expect.stringContaining('1048577') });
});

test('a directory, a FIFO nobody writes to, a socket and a link are Corrupt and never waited for', async () => {
  const { root, checkpoint } = await temporaryNode();
  const path = await checkpoint('nginx', soundCheckpoint);
  const elsewhere = await checkpoint('other', soundCheckpoint);
  await fse.remove(path);
  await fse.mkdir(path);
  expect(await errorIn(root)).toMatchObject({ _tag: 'Corrupt', message: expect.stringContaining('a directory') });
  await fse.rmdir(path);
  execFileSync('mkfifo', [path]);
  expect(await errorIn(root)).toMatchObject({ _tag: 'Corrupt', message: expect.stringContaining('a FIFO') });
  await fse.remove(path);
  await fse.symlink(elsewhere, path);
  expect(await errorIn(root)).toMatchObject({ _tag: 'Corrupt', message: expect.stringContaining('a symbolic link') });
  await fse.remove(path);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  expect(await errorIn(root)).toMatchObject({ _tag: 'Corrupt', message: expect.stringContaining('a socket') });
});

test.skipIf(!isRoot)('a device is Corrupt and not read from (making one needs root)', async () => {
  const { root, checkpoint } = await temporaryNode();
  const path = await checkpoint('nginx', '');
  await fse.remove(path);
  execFileSync('mknod', [path, 'c', '1', '5']);
  expect(await errorIn(root)).toMatchObject({ _tag: 'Corrupt', message: expect.stringContaining('a device') });
});

test('a container whose directory is a file has a Corrupt checkpoint, and one without a directory has none', async () => {
  const { root } = await temporaryNode();
  await fse.outputFile(join(root, 'containers', 'nginx'), '');
  expect(await errorIn(root)).toMatchObject({ _tag: 'Corrupt' });
  await fse.remove(join(root, 'containers', 'nginx'));
  expect(await errorIn(root)).toMatchObject({ _tag: 'NotFound' });
});

test('a file that may not be read is Denied', async () => {
  const { root, checkpoint } = await temporaryNode();
  await fse.chmod(await checkpoint('nginx', soundCheckpoint), 0);
  await openToAll(root);
  expect(await withoutPrivileges(() => errorIn(root))).toMatchObject({ _tag: 'Denied', subject: 'nginx' });
});

test.skipIf(!isRoot)(
  'a file of somebody else is read, although its access time cannot be spared (needs root)',
  async () => {
    const { root, checkpoint } = await temporaryNode();
    await fse.chmod(await checkpoint('nginx', soundCheckpoint), 0o644);
    await openToAll(root);
    expect(E.isRight(await withoutPrivileges(() => readIn(root)))).toBe(true);
  },
);

test('reading leaves the access time of the file as it was', async ({ skip }) => {
  const { root, checkpoint } = await temporaryNode();
  const path = await checkpoint('nginx', soundCheckpoint);
  const longAgo = new Date('2001-01-01');
  await fse.utimes(path, longAgo, longAgo);
  await readIn(root);
  const { atime } = await fse.stat(path);
  spawnSync('cat', [path]);
  const notes = (await fse.stat(path)).atime > longAgo;
  skip(!notes, 'this file system notes no reading at all');
  expect(atime).toEqual(longAgo);
});

test('no descriptor stays open, whatever was read', async () => {
  const { root, checkpoint } = await temporaryNode();
  const openNow = async () => (await fse.readdir('/proc/self/fd')).length;
  await checkpoint('nginx', soundCheckpoint);
  await fse.mkdirp(join(root, 'containers', 'odd', 'status'));
  await readIn(root);
  const before = await openNow();
  for (let round = 0; round < 20; round += 1)
    await Promise.all([readIn(root), readIn(root, 'odd'), readIn(root, 'none')]);
  expect(await openNow()).toBeLessThanOrEqual(before);
});
