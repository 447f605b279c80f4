import { execFileSync, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Base, DirectoryEntry } from '../../src/core/observation.js';
import { diskDirectories } from '../../src/disk/directories.js';
import { whyNoMounts } from './privilege.js';
import { patient, temporaryNode } from './temporary-node.js';

const base: Base = { kind: 'container', area: 'root' };

const list = async (root: string): Promise<ReadonlyArray<DirectoryEntry>> => {
  const listed = await diskDirectories({ root, state: '/none' }).list(base)(patient())();
  if (E.isLeft(listed)) throw new Error(listed.left.message);
  return listed.right;
};

const mountsOf = async (root: string, name: string) => (await list(root)).find((entry) => entry.name === name)?.mounts;

test('entries are listed by their own type, sorted, links not followed', async () => {
  const { root } = await temporaryNode();
  const at = (name: string) => join(root, 'containers', name);
  await fse.mkdir(at('directory'));
  await fse.outputFile(at('file'), '');
  await fse.symlink(at('directory'), at('link'));
  await fse.symlink('/nowhere', at('broken'));
  execFileSync('mkfifo', [at('fifo')]);
  expect(await list(root)).toStrictEqual([
    { name: 'broken', type: 'link', mounts: [] },
    { name: 'directory', type: 'directory', mounts: [] },
    { name: 'fifo', type: 'other', mounts: [] },
    { name: 'file', type: 'file', mounts: [] },
    { name: 'link', type: 'link', mounts: [] },
  ]);
});

test('a checkpoint that is being written is no entry, but whatever else has such a name is', async () => {
  const { root } = await temporaryNode();
  const at = (name: string) => join(root, 'containers', name);
  await fse.outputFile(at('.cri-recovery.nginx.status'), '');
  await fse.mkdir(at('.cri-recovery.redis.status'));
  await fse.symlink('/nowhere', at('.cri-recovery.other.status'));
  expect(await list(root)).toStrictEqual([
    { name: '.cri-recovery.other.status', type: 'link', mounts: [] },
    { name: '.cri-recovery.redis.status', type: 'directory', mounts: [] },
  ]);
});

test('a name with a space, a newline, a backslash or other scripts is listed as it is', async () => {
  const { root } = await temporaryNode();
  const names = [' ', 'a\nb', 'a\\x0ab', 'ünï', '容器'];
  for (const name of names) await fse.mkdir(join(root, 'containers', name));
  const listed = await list(root);
  expect(listed.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  expect(listed.every(({ type }) => type === 'directory')).toBe(true);
});

test('a name that is not UTF-8 is kept apart, visible and no directory to act on', async () => {
  const { root } = await temporaryNode();
  const inBase = (bytes: number[]) => Buffer.concat([Buffer.from(join(root, 'containers/')), Buffer.from(bytes)]);
  await fse.mkdir(inBase([0x61, 0xff]));
  await fse.mkdir(inBase([0x61, 0xfe]));
  await fse.mkdir(join(root, 'containers', 'a\u{fffd}'));
  expect(await list(root)).toStrictEqual([
    { name: 'a\u{fffd}', type: 'directory', mounts: [] },
    { name: 'a\\xfe', type: 'other', mounts: [] },
    { name: 'a\\xff', type: 'other', mounts: [] },
  ]);
});

test('a base that does not exist is NotFound under its path, and one that is a file is some other error', async () => {
  const { root } = await temporaryNode();
  await fse.outputFile(join(root, 'file', 'sandboxes'), '');
  const port = diskDirectories({ root: join(root, 'file'), state: join(root, 'none') });
  const missing = await port.list({ kind: 'sandbox', area: 'state' })(patient())();
  const subject = join(root, 'none', 'sandboxes');
  expect(missing).toMatchObject(E.left({ _tag: 'NotFound', port: 'directories', operation: 'list', subject }));
  const file = await port.list({ kind: 'sandbox', area: 'root' })(patient())();
  expect(file).toMatchObject(E.left({ _tag: 'Unexpected' }));
});

describe('bundles of tasks', () => {
  const bundlesOf = async (state: string, namespace: string) =>
    diskDirectories({ root: '/nowhere', state }).taskBundles(namespace)(patient())();

  test('are none in a namespace that has had no task, and NotFound where containerd keeps none at all', async () => {
    const { state } = await temporaryNode();
    expect(await bundlesOf(state, 'k8s.io')).toMatchObject(E.left({ _tag: 'NotFound', subject: 'k8s.io' }));
    await fse.mkdirp(join(dirname(state), 'io.containerd.runtime.v2.task'));
    expect(await bundlesOf(state, 'k8s.io')).toStrictEqual(E.right([]));
  });

  test.each(['..', '.', '', 'a/b', '../../etc'])('of the namespace %j are refused', async (namespace) => {
    const { state } = await temporaryNode();
    expect(await bundlesOf(state, namespace)).toMatchObject(E.left({ _tag: 'Denied' }));
  });
});

describe.skipIf(whyNoMounts !== undefined)(`mounts (${whyNoMounts ?? 'as root'})`, () => {
  const mount = async (path: string, ...options: ReadonlyArray<string>): Promise<void> => {
    await fse.mkdirp(path);
    execFileSync('mount', [...options, path]);
    onTestFinished(() => void spawnSync('umount', ['--lazy', path]));
  };
  const tmpfs = (path: string) => mount(path, '-t', 'tmpfs', 'tmpfs');

  test('mount points at and below an entry are told deepest first, of what they are', async () => {
    const { root } = await temporaryNode();
    const entry = join(root, 'containers', 'nginx');
    await tmpfs(join(entry, 'a'));
    await tmpfs(join(entry, 'a', 'long', 'way'));
    await tmpfs(join(entry, 'a-name-longer-than-the-path-below-a'));
    await mount(entry.replace('nginx', 'bound'), '--bind', entry);
    expect(await mountsOf(root, 'nginx')).toStrictEqual([
      join(entry, 'a', 'long', 'way'),
      join(entry, 'a-name-longer-than-the-path-below-a'),
      join(entry, 'a'),
    ]);
    expect(await mountsOf(root, 'bound')).toStrictEqual([entry.replace('nginx', 'bound')]);
  });

  test('an entry whose name only begins like that of a mounted one has no mounts', async () => {
    const { root } = await temporaryNode();
    await tmpfs(join(root, 'containers', 'nginx', 'shm'));
    await fse.mkdir(join(root, 'containers', 'ngin'));
    await fse.mkdir(join(root, 'containers', 'nginx2'));
    expect(await mountsOf(root, 'ngin')).toStrictEqual([]);
    expect(await mountsOf(root, 'nginx2')).toStrictEqual([]);
  });

  test('of two mounts at one point both are told', async () => {
    const { root } = await temporaryNode();
    const point = join(root, 'containers', 'nginx');
    await tmpfs(point);
    await tmpfs(point);
    expect(await mountsOf(root, 'nginx')).toStrictEqual([point, point]);
  });

  test('mounts are found by their real path when the root is reached through a link', async () => {
    const { root } = await temporaryNode();
    const point = join(root, 'containers', 'with space', 'shm');
    await tmpfs(point);
    await fse.symlink(root, `${root}-link`);
    expect(await mountsOf(`${root}-link`, 'with space')).toStrictEqual([point]);
  });

  test('an entry whose name is not UTF-8 has its mounts too', async () => {
    const { root } = await temporaryNode();
    const base = join(root, 'containers');
    execFileSync('sh', [
      '-c',
      `cd "$1" && mkdir "$(printf 'a\\377')" && mount -t tmpfs tmpfs "$(printf 'a\\377')"`,
      'sh',
      base,
    ]);
    onTestFinished(() => void spawnSync('sh', ['-c', `umount --lazy "$1/$(printf 'a\\377')"`, 'sh', base]));
    expect(await list(root)).toStrictEqual([{ name: 'a\\xff', type: 'other', mounts: [join(base, 'a\\xff')] }]);
  });
});
