import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Base, Reading } from '../../src/core/observation.js';
import { diskSweeper } from '../../src/disk/sweep-directories.js';
import { type DirectorySweeper, systemClock } from '../../src/ports/index.js';
import { mountAt, mountsBelow, remount, tmpfsAt } from './mounts.js';
import { whyNoMounts } from './privilege.js';
import { patient, type TemporaryNode, temporaryNode } from './temporary-node.js';

const base: Base = { kind: 'container', area: 'root' };

type Way = 'remove' | 'quarantine';
const ways: ReadonlyArray<Way> = ['remove', 'quarantine'];

const call = (sweeper: DirectorySweeper, way: Way, name: string) =>
  way === 'remove' ? sweeper.remove(base, name) : sweeper.quarantine(base, name, 'nobody knows it');
const sweep = (node: TemporaryNode, way: Way, name = 'orphan', signal = patient()): Promise<Reading<void>> =>
  call(diskSweeper(node, systemClock), way, name)(signal)();
const tagOf = (reading: Reading<void>): string => (E.isLeft(reading) ? reading.left._tag : 'ok');

/** A node with an orphan that holds a file, and a folder outside of it with something precious. */
const nodeWithOrphan = async () => {
  const node = await temporaryNode();
  const orphan = join(node.root, 'containers', 'orphan');
  const outside = join(node.state, '..', 'outside');
  await fse.outputFile(join(orphan, 'io', 'file'), 'x');
  await fse.outputFile(join(outside, 'below', 'precious'), 'precious');
  const isWhole = async () => (await fse.readFile(join(outside, 'below', 'precious'), 'utf8')) === 'precious';
  return { node, orphan, outside, isWhole };
};

describe.each(ways)('to %s', (way) => {
  test('an orphan with links out of it touches nothing behind them', async () => {
    const { node, orphan, outside, isWhole } = await nodeWithOrphan();
    await fse.symlink(outside, join(orphan, 'link'));
    await fse.symlink('../../../outside', join(orphan, 'io', 'relative'));
    await fse.symlink(join(outside, 'below', 'precious'), join(orphan, 'io', 'to-file'));
    await fse.link(join(outside, 'below', 'precious'), join(orphan, 'hard'));
    expect(tagOf(await sweep(node, way))).toBe('ok');
    expect(await fse.pathExists(orphan)).toBe(false);
    expect(await isWhole()).toBe(true);
  });

  test('an orphan that has become a link since it was listed is refused, and so is what it leads to', async () => {
    const { node, orphan, outside, isWhole } = await nodeWithOrphan();
    await fse.remove(orphan);
    await fse.symlink(outside, orphan);
    expect(await sweep(node, way)).toMatchObject(E.left({ _tag: 'Corrupt', operation: way, subject: orphan }));
    expect(await fse.readlink(orphan)).toBe(outside);
    expect(await isWhole()).toBe(true);
  });

  test('names with anything in them but a slash are names', async () => {
    const node = await temporaryNode();
    const names = [' ', 'a\nb', '-rf', '$(reboot)', '..a', '...', '容器', 'a\\040', 'x'.repeat(255)];
    for (const name of names) await fse.outputFile(join(node.root, 'containers', name, 'f'), 'x');
    for (const name of names) expect([name, tagOf(await sweep(node, way, name))]).toEqual([name, 'ok']);
    expect(await fse.readdir(join(node.root, 'containers'))).toEqual([]);
  });

  test('a name too long for any entry is an error', async () => {
    expect(tagOf(await sweep(await temporaryNode(), way, 'x'.repeat(256)))).toBe('Unexpected');
  });

  test('the base may be reached through a link of the operator', async () => {
    const { node } = await nodeWithOrphan();
    const moved = join(node.root, 'elsewhere');
    await fse.move(join(node.root, 'containers'), moved);
    await fse.symlink(moved, join(node.root, 'containers'));
    expect(tagOf(await sweep(node, way))).toBe('ok');
    expect(await fse.readdir(moved)).toEqual([]);
  });

  test('a base that is not there is NotFound', async () => {
    const node = await temporaryNode();
    await fse.remove(join(node.root, 'containers'));
    expect(tagOf(await sweep(node, way))).toBe('NotFound');
  });

  test('no descriptor stays open', async () => {
    const { node, orphan } = await nodeWithOrphan();
    const openNow = async () => (await fse.readdir('/proc/self/fd')).length;
    await fse.copy(orphan, `${orphan}2`);
    await sweep(node, way);
    const before = await openNow();
    await sweep(node, way, 'orphan2');
    await sweep(node, way, 'none');
    expect(await openNow()).toBeLessThanOrEqual(before);
  });
});

test('file names that are not UTF-8, FIFOs, sockets’ kin and directories nobody may enter are removed', async () => {
  const { node, orphan } = await nodeWithOrphan();
  await fse.writeFile(Buffer.concat([Buffer.from(`${orphan}/`), Buffer.from([0x61, 0xff])]), 'x');
  await fse.mkdir(Buffer.concat([Buffer.from(`${orphan}/io/`), Buffer.from([0xfe])]));
  execFileSync('mkfifo', [join(orphan, 'io', 'fifo')]);
  await fse.mkdirp(join(orphan, 'closed', 'below'));
  if (process.getuid?.() === 0) await fse.chmod(join(orphan, 'closed'), 0);
  expect(tagOf(await sweep(node, 'remove'))).toBe('ok');
  expect(await fse.pathExists(orphan)).toBe(false);
});

test('a tree deeper than any path is long is removed', async () => {
  const { node, orphan } = await nodeWithOrphan();
  // Each round puts what there is below a hundred new levels.
  for (let round = 0; round < 6; round += 1) {
    const levels = join(node.state, ...Array.from({ length: 100 }, (_, level) => `level-${level}-${'x'.repeat(20)}`));
    await fse.mkdirp(levels);
    await fse.rename(join(orphan, 'io'), join(levels, 'io'));
    await fse.rename(join(node.state, `level-0-${'x'.repeat(20)}`), join(orphan, 'io'));
  }
  expect(tagOf(await sweep(node, 'remove'))).toBe('ok');
  expect(await fse.pathExists(orphan)).toBe(false);
});

test('a directory that is swapped for a link while its parent is being deleted is not followed', async () => {
  const { node, orphan, outside, isWhole } = await nodeWithOrphan();
  const { readdir } = fse;
  vi.spyOn(fse, 'readdir').mockImplementation((async (path: Buffer, options: object) => {
    const entries = await readdir(path, options as never);
    // As soon as it has been listed as a directory.
    if (await fse.pathExists(join(orphan, 'io', 'file'))) {
      await fse.remove(join(orphan, 'io'));
      await fse.symlink(outside, join(orphan, 'io'));
    }
    return entries;
  }) as never);
  onTestFinished(() => void vi.restoreAllMocks());
  const swept = await sweep(node, 'remove');
  expect(swept).toMatchObject(E.left({ _tag: 'Unexpected', message: expect.stringContaining(join(orphan, 'io')) }));
  expect(await isWhole()).toBe(true);
});

test('an orphan in which somebody else deletes meanwhile is removed all the same', async () => {
  const { node, orphan } = await nodeWithOrphan();
  const { unlink } = fse;
  vi.spyOn(fse, 'unlink').mockImplementationOnce(async (path) => {
    await unlink(path);
    return unlink(path);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  expect(tagOf(await sweep(node, 'remove'))).toBe('ok');
  expect(await fse.pathExists(orphan)).toBe(false);
});

test('a removal that is given up ends at the next entry', async () => {
  const { node, orphan } = await nodeWithOrphan();
  for (let number = 0; number < 50; number += 1) await fse.outputFile(join(orphan, `${number}`), 'x');
  const controller = new AbortController();
  const { unlink } = fse;
  vi.spyOn(fse, 'unlink').mockImplementationOnce(async (path) => {
    controller.abort();
    return unlink(path);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  expect(tagOf(await sweep(node, 'remove', 'orphan', controller.signal))).toBe('TimedOut');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await fse.readdir(orphan)).length).toBeGreaterThanOrEqual(49);
});

describe.skipIf(whyNoMounts !== undefined)(`with mounts (${whyNoMounts ?? 'as root'})`, () => {
  describe.each(ways)('to %s', (way) => {
    test('what is mounted below is taken away first, and its origin stays', async () => {
      const { node, orphan, outside, isWhole } = await nodeWithOrphan();
      await mountAt(join(orphan, 'bound'), '--bind', outside);
      await tmpfsAt(join(orphan, 'shm'));
      await tmpfsAt(join(orphan, 'shm', 'deeper with space'));
      expect(tagOf(await sweep(node, way))).toBe('ok');
      expect(mountsBelow(orphan)).toEqual([]);
      expect(await fse.pathExists(orphan)).toBe(false);
      expect(await isWhole()).toBe(true);
    });

    test('a mount at the orphan itself and two at one point are taken away', async () => {
      const { node, orphan, outside, isWhole } = await nodeWithOrphan();
      await mountAt(orphan, '--bind', outside);
      await tmpfsAt(orphan);
      expect(tagOf(await sweep(node, way))).toBe('ok');
      expect(mountsBelow(orphan)).toEqual([]);
      expect(await fse.pathExists(orphan)).toBe(false);
      expect(await isWhole()).toBe(true);
    });

    test('a file mounted over a file is taken away, and the file it came from stays', async () => {
      const { node, orphan, outside, isWhole } = await nodeWithOrphan();
      execFileSync('mount', ['--bind', join(outside, 'below', 'precious'), join(orphan, 'io', 'file')]);
      onTestFinished(() => void spawnSync('umount', ['--lazy', join(orphan, 'io', 'file')]));
      expect(tagOf(await sweep(node, way))).toBe('ok');
      expect(await isWhole()).toBe(true);
    });

    test('a busy mount is detached, and who uses it goes on', async () => {
      const { node, orphan } = await nodeWithOrphan();
      await tmpfsAt(join(orphan, 'busy'));
      const child = spawn('sleep', ['60'], { cwd: join(orphan, 'busy') });
      onTestFinished(() => void child.kill('SIGKILL'));
      await new Promise((resolve) => child.once('spawn', resolve));
      expect(spawnSync('umount', [join(orphan, 'busy')], { stdio: 'ignore' }).status).not.toBe(0);
      expect(tagOf(await sweep(node, way))).toBe('ok');
      expect(mountsBelow(orphan)).toEqual([]);
      expect(child.exitCode).toBeNull();
    });

    test('a recursive bind of a shared tree is taken away without unmounting anything in its origin', async () => {
      const { node, orphan, outside, isWhole } = await nodeWithOrphan();
      await tmpfsAt(outside);
      execFileSync('mount', ['--make-shared', outside]);
      await fse.outputFile(join(outside, 'below', 'precious'), 'precious');
      await tmpfsAt(join(outside, 'inner'));
      await mountAt(join(orphan, 'bound'), '--rbind', outside);
      expect(mountsBelow(orphan)).toHaveLength(2);
      expect(tagOf(await sweep(node, way))).toBe('ok');
      expect(mountsBelow(orphan)).toEqual([]);
      expect(mountsBelow(outside)).toEqual([outside, join(outside, 'inner')]);
      expect(await isWhole()).toBe(true);
    });

    test('what stays mounted stops it, and everything stays as it is', async () => {
      const { node, orphan, outside, isWhole } = await nodeWithOrphan();
      await mountAt(join(orphan, 'bound'), '--bind', outside);
      const path = process.env.PATH;
      process.env.PATH = '/nowhere';
      onTestFinished(() => {
        process.env.PATH = path ?? '';
      });
      const swept = await sweep(node, way);
      expect(swept).toMatchObject(
        E.left({ _tag: 'Unexpected', message: expect.stringContaining(`still mounted: ${join(orphan, 'bound')}`) }),
      );
      expect(await fse.pathExists(join(orphan, 'io', 'file'))).toBe(true);
      expect(mountsBelow(orphan)).toEqual([join(orphan, 'bound')]);
      expect(await isWhole()).toBe(true);
      expect((await fse.readdir(node.root)).toSorted().filter((name) => name !== 'cri-recovery-quarantine')).toEqual([
        'containers',
        'sandboxes',
      ]);
      if (way === 'quarantine') expect(await fse.readdir(join(node.root, 'cri-recovery-quarantine'))).toEqual([]);
    });

    test('a mount whose name is not UTF-8 stops it and is named', async () => {
      const { node, orphan } = await nodeWithOrphan();
      const script = (command: string) => `${command} "$1/$(printf 'a\\377')"`;
      execFileSync('sh', ['-c', `${script('mkdir')} && ${script('mount -t tmpfs tmpfs')}`, 'sh', orphan]);
      onTestFinished(() => void spawnSync('sh', ['-c', script('umount --lazy'), 'sh', orphan]));
      const swept = await sweep(node, way);
      expect(swept).toMatchObject(E.left({ _tag: 'Unexpected', message: expect.stringContaining('a\\xff') }));
      expect(await fse.pathExists(join(orphan, 'io', 'file'))).toBe(true);
    });

    test('a read-only disk is NoSpace, and everything stays', async () => {
      const { node, orphan } = await nodeWithOrphan();
      await tmpfsAt(node.root);
      await fse.outputFile(join(orphan, 'file'), 'x');
      remount(node.root, 'ro');
      expect(tagOf(await sweep(node, way))).toBe('NoSpace');
      expect(await fse.pathExists(join(orphan, 'file'))).toBe(true);
    });
  });

  test('a mount that appears in the middle is not gone into, is unmounted, and then the removal goes on', async () => {
    const { node, orphan, outside, isWhole } = await nodeWithOrphan();
    await fse.mkdir(join(orphan, 'late'));
    const { readdir } = fse;
    const listing = vi.spyOn(fse, 'readdir').mockImplementationOnce((async (path: Buffer, options: object) => {
      await mountAt(join(orphan, 'late'), '--bind', outside);
      return readdir(path, options as never);
    }) as never);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(tagOf(await sweep(node, 'remove'))).toBe('ok');
    expect(listing).toHaveBeenCalled();
    expect(await fse.pathExists(orphan)).toBe(false);
    expect(await isWhole()).toBe(true);
  });
});
