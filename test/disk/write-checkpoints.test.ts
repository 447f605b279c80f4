import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Reading } from '../../src/core/observation.js';
import { diskCheckpointWriter } from '../../src/disk/write-checkpoints.js';
import { fakeId } from '../../src/testing/index.js';
import { checkpointOf, checkpointText } from './checkpoint-of.js';
import { fillUp, remount, tmpfsAt } from './mounts.js';
import { whyNoMounts } from './privilege.js';
import { patient, soundCheckpoint, temporaryNode } from './temporary-node.js';

const nginx = fakeId('nginx');
const temporary = '.cri-recovery.nginx.status';

const write = (root: string, pid = 1): Promise<Reading<void>> =>
  diskCheckpointWriter(root).write(nginx, checkpointOf(checkpointText(pid)))(patient())();
const keepAside = (root: string) => diskCheckpointWriter(root).keepAside(nginx)(patient())();
const collectStale = (root: string) => diskCheckpointWriter(root).collectStale()(patient())();
const tagOf = (reading: Reading<void>): string => (E.isLeft(reading) ? reading.left._tag : 'ok');
const modeOf = async (path: string): Promise<string> => ((await fse.stat(path)).mode & 0o7777).toString(8);
const failWith = (code: string) => () =>
  Promise.reject(Object.assign(new Error(`${code}: made by the test`), { code }));

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a write', () => {
  test('puts the bytes in place that containerd would write, for its owner alone, and nothing beside them', async () => {
    const { root, checkpoint } = await temporaryNode();
    const path = await checkpoint('nginx', soundCheckpoint);
    await fse.chmod(path, 0o644);
    expect(await write(root, 12)).toStrictEqual(E.right(undefined));
    expect(await fse.readFile(path, 'utf8')).toBe(checkpointText(12));
    expect(await modeOf(path)).toBe('600');
    expect(await fse.readdir(join(root, 'containers', 'nginx'))).toEqual(['status']);
    expect(await fse.readdir(join(root, 'containers'))).toEqual(['nginx']);
  });

  test('makes the directory of the container and the base, but never the root', async () => {
    const { root } = await temporaryNode();
    await fse.remove(join(root, 'containers'));
    expect(tagOf(await write(root))).toBe('ok');
    expect(await modeOf(join(root, 'containers', 'nginx'))).toBe('755');
    await fse.remove(root);
    expect(tagOf(await write(root))).toBe('Unexpected');
    expect(await fse.pathExists(root)).toBe(false);
  });

  test('makes the data durable before the rename, and the rename after it', async () => {
    const { root, checkpoint } = await temporaryNode();
    await checkpoint('nginx', soundCheckpoint);
    const order: string[] = [];
    const { fsync, rename } = fse;
    vi.spyOn(fse, 'fsync').mockImplementation(async (descriptor) => {
      order.push((await fse.fstat(descriptor)).isFile() ? 'file' : 'directory');
      return fsync(descriptor);
    });
    vi.spyOn(fse, 'rename').mockImplementation(async (from, to) => {
      order.push('rename');
      return rename(from, to);
    });
    await write(root);
    expect(order).toEqual(['file', 'rename', 'directory']);
  });

  test('goes through no link in place of the container’s directory', async () => {
    const { root, state } = await temporaryNode();
    const outside = join(state, 'outside');
    await fse.mkdir(outside);
    await fse.symlink(outside, join(root, 'containers', 'nginx'));
    const written = await write(root);
    expect(written).toMatchObject(E.left({ _tag: 'Unexpected', port: 'checkpoints', operation: 'write' }));
    expect(E.isLeft(written) && written.left.message).toContain(join(root, 'containers', 'nginx'));
    expect(await fse.readdir(outside)).toEqual([]);
  });

  test('replaces a link in place of the file, and what is behind the link stays', async () => {
    const { root, state } = await temporaryNode();
    const outside = join(state, 'outside');
    await fse.outputFile(outside, 'precious');
    await fse.mkdirp(join(root, 'containers', 'nginx'));
    for (const name of ['nginx/status', temporary]) await fse.symlink(outside, join(root, 'containers', name));
    expect(tagOf(await write(root, 3))).toBe('ok');
    expect(await fse.readFile(outside, 'utf8')).toBe('precious');
    expect((await fse.lstat(join(root, 'containers', 'nginx', 'status'))).isFile()).toBe(true);
  });

  test('fails, and leaves everything, where a directory is in place of the file or of the temporary one', async () => {
    const { root, checkpoint } = await temporaryNode();
    await fse.mkdirp(join(root, 'containers', 'nginx', 'status'));
    expect(tagOf(await write(root))).toBe('Unexpected');
    expect(await fse.readdir(join(root, 'containers', 'nginx'))).toEqual(['status']);
    await fse.rmdir(join(root, 'containers', 'nginx', 'status'));
    await checkpoint('nginx', soundCheckpoint);
    await fse.mkdir(join(root, 'containers', temporary));
    expect(tagOf(await write(root))).toBe('Unexpected');
    expect(await fse.readFile(join(root, 'containers', 'nginx', 'status'), 'utf8')).toBe(soundCheckpoint);
  });

  test.each(['writeFile', 'fsync', 'rename'] as const)(
    'that meets an I/O error in %s keeps the old file',
    async (name) => {
      const { root, checkpoint } = await temporaryNode();
      const path = await checkpoint('nginx', soundCheckpoint);
      for (const [code, tag] of [
        ['EIO', 'Unexpected'],
        ['EDQUOT', 'NoSpace'],
        ['ENOENT', 'Unexpected'],
      ] as const) {
        vi.spyOn(fse, name as 'fsync').mockImplementation(failWith(code));
        const written = await write(root);
        vi.restoreAllMocks();
        expect(written).toMatchObject(E.left({ _tag: tag, message: `${code}: made by the test` }));
        expect(await fse.readFile(path, 'utf8')).toBe(soundCheckpoint);
        expect(await fse.readdir(join(root, 'containers', 'nginx'))).toEqual(['status']);
        expect(await fse.readdir(join(root, 'containers'))).toEqual(['nginx']);
      }
    },
  );

  test('that was given up writes nothing afterwards, and the next one waits for its end', async () => {
    const { root, checkpoint } = await temporaryNode();
    const path = await checkpoint('nginx', soundCheckpoint);
    const writer = diskCheckpointWriter(root);
    const controller = new AbortController();
    let release = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { fsync } = fse;
    vi.spyOn(fse, 'fsync').mockImplementationOnce(async (descriptor) => {
      await stuck;
      return fsync(descriptor);
    });
    const first = writer.write(nginx, checkpointOf(checkpointText(1)))(controller.signal)();
    const second = writer.write(nginx, checkpointOf(checkpointText(2)))(patient())();
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort();
    expect(tagOf(await first)).toBe('TimedOut');
    const renamed = vi.spyOn(fse, 'rename');
    expect(await fse.readFile(path, 'utf8')).toBe(soundCheckpoint);
    release();
    expect(tagOf(await second)).toBe('ok');
    expect(await fse.readFile(path, 'utf8')).toBe(checkpointText(2));
    expect(renamed).toHaveBeenCalledTimes(1);
    expect(await fse.readdir(join(root, 'containers'))).toEqual(['nginx']);
  });

  test('leaves no descriptor open, well or not', async () => {
    const { root, checkpoint } = await temporaryNode();
    const openNow = async () => (await fse.readdir('/proc/self/fd')).length;
    await checkpoint('nginx', soundCheckpoint);
    await write(root);
    const before = await openNow();
    for (let round = 0; round < 5; round += 1) await write(root, round);
    await fse.remove(join(root, 'containers', 'nginx', 'status'));
    await fse.mkdir(join(root, 'containers', 'nginx', 'status'));
    for (let round = 0; round < 5; round += 1) await write(root, round);
    expect(await openNow()).toBeLessThanOrEqual(before);
  });
});

describe('keeping aside', () => {
  test('never takes the place of what was kept before, and the bytes stay as they are', async () => {
    const { root, checkpoint } = await temporaryNode();
    const folder = join(root, 'containers', 'nginx');
    await fse.outputFile(join(folder, 'status.unreadable.1'), 'somebody’s own');
    for (const text of ['first', 'second', 'third']) {
      await checkpoint('nginx', text);
      expect(tagOf(await keepAside(root))).toBe('ok');
    }
    const names = ['status.unreadable', 'status.unreadable.1', 'status.unreadable.2', 'status.unreadable.3'];
    expect((await fse.readdir(folder)).toSorted()).toEqual(names);
    const texts = await Promise.all(names.map((name) => fse.readFile(join(folder, name), 'utf8')));
    expect(texts).toEqual(['first', 'somebody’s own', 'second', 'third']);
  });

  test('that was killed between its two steps is finished by the next', async () => {
    const { root, checkpoint } = await temporaryNode();
    const path = await checkpoint('nginx', 'broken');
    await fse.link(path, `${path}.unreadable`);
    expect(tagOf(await keepAside(root))).toBe('ok');
    expect(await fse.readdir(join(root, 'containers', 'nginx'))).toEqual(['status.unreadable']);
  });

  test('keeps a link as a link, and a directory with what is in it', async () => {
    const { root } = await temporaryNode();
    const folder = join(root, 'containers', 'nginx');
    await fse.mkdirp(folder);
    await fse.symlink('/nowhere', join(folder, 'status'));
    expect(tagOf(await keepAside(root))).toBe('ok');
    expect(await fse.readlink(join(folder, 'status.unreadable'))).toBe('/nowhere');
    for (const [name, content] of [
      ['status.unreadable.1', 'first'],
      ['status.unreadable.2', 'second'],
    ] as const) {
      await fse.outputFile(join(folder, 'status', 'file'), content);
      expect(tagOf(await keepAside(root))).toBe('ok');
      expect(await fse.readFile(join(folder, name, 'file'), 'utf8')).toBe(content);
    }
    expect((await fse.readdir(folder)).toSorted()).toEqual([
      'status.unreadable',
      'status.unreadable.1',
      'status.unreadable.2',
    ]);
    expect(tagOf(await write(root, 3))).toBe('ok');
  });

  test('goes through no link in place of the container’s directory', async () => {
    const { root, state } = await temporaryNode();
    await fse.outputFile(join(state, 'outside', 'status'), 'precious');
    await fse.symlink(join(state, 'outside'), join(root, 'containers', 'nginx'));
    expect(tagOf(await keepAside(root))).toBe('Unexpected');
    expect(await fse.readdir(join(state, 'outside'))).toEqual(['status']);
  });
});

describe('collecting', () => {
  test('deletes what writes left, of whatever container and through no link, and no other name', async () => {
    const { root, state, checkpoint } = await temporaryNode();
    const path = await checkpoint('nginx', soundCheckpoint);
    const base = join(root, 'containers');
    const others = ['.cri-recovery..status', '.cri-recovery.nginx.status.old', 'cri-recovery.nginx.status', 'nginx'];
    for (const name of others.slice(0, -1)) await fse.outputFile(join(base, name), 'somebody’s own');
    await fse.outputFile(join(state, 'outside'), 'precious');
    await fse.outputFile(join(base, temporary), 'half');
    await fse.symlink(join(state, 'outside'), join(base, '.cri-recovery.gone.status'));
    expect(tagOf(await collectStale(root))).toBe('ok');
    expect((await fse.readdir(base)).toSorted()).toEqual(others.toSorted());
    expect(await fse.readFile(path, 'utf8')).toBe(soundCheckpoint);
    expect(await fse.readFile(join(state, 'outside'), 'utf8')).toBe('precious');
  });

  test('changes no time where there is nothing, and makes no directory', async () => {
    const { root, checkpoint } = await temporaryNode();
    await checkpoint('nginx', soundCheckpoint);
    const longAgo = new Date('2001-01-01');
    await fse.utimes(join(root, 'containers'), longAgo, longAgo);
    expect(tagOf(await collectStale(root))).toBe('ok');
    expect((await fse.stat(join(root, 'containers'))).mtime).toEqual(longAgo);
    await fse.remove(join(root, 'containers'));
    expect(tagOf(await collectStale(root))).toBe('ok');
    expect(await fse.readdir(root)).not.toContain('containers');
  });

  test('leaves what cannot be deleted, tells it, and goes on with the others', async () => {
    const { root } = await temporaryNode();
    const base = join(root, 'containers');
    for (const name of ['a', 'c']) await fse.outputFile(join(base, `.cri-recovery.${name}.status`), 'half');
    await fse.outputFile(join(base, '.cri-recovery.b.status', 'file'), 'a directory');
    const collected = await collectStale(root);
    expect(collected).toMatchObject(E.left({ _tag: 'Unexpected', operation: 'collectStale' }));
    expect(E.isLeft(collected) && collected.left.message).toContain('.cri-recovery.b.status');
    expect(await fse.readdir(base)).toEqual(['.cri-recovery.b.status']);
  });

  test('waits for a write of that container, and for no other', async () => {
    const { root, checkpoint } = await temporaryNode();
    const path = await checkpoint('nginx', soundCheckpoint);
    const writer = diskCheckpointWriter(root);
    let [synced, release] = [(): void => undefined, (): void => undefined];
    const isSynced = new Promise<void>((resolve) => {
      synced = resolve;
    });
    const stuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { fsync } = fse;
    vi.spyOn(fse, 'fsync').mockImplementationOnce(async (descriptor) => {
      synced();
      await stuck;
      return fsync(descriptor);
    });
    const written = writer.write(nginx, checkpointOf(checkpointText(5)))(patient())();
    await isSynced;
    const other = join(root, 'containers', '.cri-recovery.redis.status');
    await fse.outputFile(other, 'half');
    const collected = writer.collectStale()(patient())();
    await vi.waitUntil(async () => !(await fse.pathExists(other)));
    release();
    expect([tagOf(await written), tagOf(await collected)]).toEqual(['ok', 'ok']);
    expect(await fse.readFile(path, 'utf8')).toBe(checkpointText(5));
  });
});

describe.skipIf(whyNoMounts !== undefined)(`a disk that refuses (${whyNoMounts ?? 'as root'})`, () => {
  test('because it is full keeps the old file and no temporary one, and is written to when there is room', async () => {
    const { root, checkpoint } = await temporaryNode();
    await tmpfsAt(root, '64k');
    const path = await checkpoint('nginx', soundCheckpoint);
    fillUp(root);
    expect(await write(root, 2)).toMatchObject(E.left({ _tag: 'NoSpace', subject: 'nginx' }));
    expect(await fse.readFile(path, 'utf8')).toBe(soundCheckpoint);
    expect(await fse.readdir(join(root, 'containers'))).toEqual(['nginx']);
    expect(tagOf(await collectStale(root))).toBe('ok');
    await fse.remove(join(root, 'filling'));
    expect(tagOf(await write(root, 2))).toBe('ok');
    expect(await fse.readFile(path, 'utf8')).toBe(checkpointText(2));
  });

  test('because the container’s directory is on another still takes the checkpoint, and leaves nothing beside it', async () => {
    const { root } = await temporaryNode();
    const folder = join(root, 'containers', 'nginx');
    await fse.mkdirp(folder);
    await tmpfsAt(folder);
    for (const pid of [1, 2]) {
      expect(tagOf(await write(root, pid))).toBe('ok');
      expect(await fse.readFile(join(folder, 'status'), 'utf8')).toBe(checkpointText(pid));
      expect(await fse.readdir(folder)).toEqual(['status']);
      expect(await fse.readdir(join(root, 'containers'))).toEqual(['nginx']);
    }
  });

  test('because it is read-only refuses every write with NoSpace, and nothing to collect is still fine', async () => {
    const { root, checkpoint } = await temporaryNode();
    await tmpfsAt(root);
    const path = await checkpoint('nginx', soundCheckpoint);
    remount(root, 'ro');
    expect(tagOf(await write(root))).toBe('NoSpace');
    expect(tagOf(await keepAside(root))).toBe('NoSpace');
    expect(tagOf(await collectStale(root))).toBe('ok');
    expect(await fse.readdir(join(root, 'containers', 'nginx'))).toEqual(['status']);
    remount(root, 'rw');
    await fse.outputFile(join(root, 'containers', temporary), 'half');
    remount(root, 'ro');
    expect(tagOf(await collectStale(root))).toBe('NoSpace');
    expect(await fse.readFile(path, 'utf8')).toBe(soundCheckpoint);
  });
});
