import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { expect, test } from 'vitest';
import { openDisk } from '../../src/disk/index.js';
import { bases } from '../../src/ports/index.js';
import { fakeId } from '../../src/testing/index.js';
import { patient, soundCheckpoint, temporaryNode } from './temporary-node.js';

/** Names, sizes, modes and times of change of everything below a folder. */
const snapshot = (folder: string): string =>
  execFileSync('find', [folder, '-printf', '%p %y %s %m %T@ %C@ %l\n'], { encoding: 'utf8' });

test('opening a node and reading all of it leaves every file, directory and link as it was', async () => {
  const node = await temporaryNode();
  await node.checkpoint('nginx', soundCheckpoint);
  await node.checkpoint('broken', '{');
  await fse.mkdirp(join(node.root, 'containers', 'bare'));
  await fse.symlink('nginx', join(node.root, 'containers', 'link'));
  const [root, state] = [snapshot(node.root), snapshot(node.state)];
  const disk = await openDisk(node)();
  if (E.isLeft(disk)) throw new Error(disk.left.message);
  const { checkpoints, directories } = disk.right;
  const readings = [
    ...(await Promise.all(
      ['nginx', 'broken', 'bare', 'link', 'none'].map((id) => checkpoints.read(fakeId(id))(patient())()),
    )),
    ...(await Promise.all(bases.map((base) => directories.list(base)(patient())()))),
  ];
  // All four bases: two are there, and the two below the state directory are not made.
  expect(readings.map(({ _tag }) => _tag)).toEqual([
    'Right',
    'Left',
    'Left',
    'Right',
    'Left',
    'Right',
    'Left',
    'Right',
    'Left',
  ]);
  expect([snapshot(node.root), snapshot(node.state)]).toEqual([root, state]);
});
