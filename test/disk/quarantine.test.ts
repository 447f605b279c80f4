import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Base } from '../../src/core/observation.js';
import { openQuarantine } from '../../src/disk/index.js';
import { diskSweeper } from '../../src/disk/sweep-directories.js';
import type { PortCall } from '../../src/ports/index.js';
import { fillUp, mountAt, mountsBelow, tmpfsAt } from './mounts.js';
import { whyNoMounts } from './privilege.js';
import { patient, type TemporaryNode, temporaryNode } from './temporary-node.js';

const run = async <A>(call: PortCall<A>): Promise<A> => {
  const answer = await call(patient())();
  if (E.isLeft(answer)) throw new Error(`${answer.left._tag}: ${answer.left.message}`);
  return answer.right;
};
const tagOf = async (call: PortCall<unknown>): Promise<string> => {
  const answer = await call(patient())();
  return E.isLeft(answer) ? answer.left._tag : 'ok';
};

const containerRoot: Base = { kind: 'container', area: 'root' };
const sandboxState: Base = { kind: 'sandbox', area: 'state' };
const movedAt = 1_714_550_400_123_456_789n;
const clock = { now: () => movedAt };
const shelterOf = ({ root }: TemporaryNode): string => join(root, 'cri-recovery-quarantine');
const entryName = '20240501T080000123Z-root-container-orphan';

const makeOrphan = (node: TemporaryNode, { area, kind }: Base, name = 'orphan'): Promise<void> =>
  fse.outputFile(join(node[area], kind === 'container' ? 'containers' : 'sandboxes', name, 'below', 'file'), name);

/** A node on which one orphan has been moved. */
const nodeWithEntry = async () => {
  const node = await temporaryNode();
  await makeOrphan(node, containerRoot);
  await run(diskSweeper(node, clock).quarantine(containerRoot, 'orphan', 'nobody knows it'));
  return { node, quarantine: openQuarantine(node), place: join(node.root, 'containers', 'orphan') };
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe('what is moved into the quarantine', () => {
  test('lies outside of what containerd sweeps, for its owner alone, with a manifest that says what, when and why', async () => {
    const { node } = await nodeWithEntry();
    const entry = join(shelterOf(node), entryName);
    expect((await fse.readdir(entry)).toSorted()).toEqual(['content', 'manifest.json']);
    expect(await fse.readFile(join(entry, 'content', 'below', 'file'), 'utf8')).toBe('orphan');
    expect(JSON.parse(await fse.readFile(join(entry, 'manifest.json'), 'utf8'))).toStrictEqual({
      schema: 'cri-recovery/quarantine@1',
      id: 'orphan',
      kind: 'container',
      area: 'root',
      from: join(node.root, 'containers', 'orphan'),
      movedAt: '1714550400123456789',
      why: 'nobody knows it',
      unmounted: [],
    });
    expect(((await fse.stat(shelterOf(node))).mode & 0o777).toString(8)).toBe('700');
  });

  test('is there with its manifest before it is moved, both durable', async () => {
    const node = await temporaryNode();
    await makeOrphan(node, containerRoot);
    const seen: unknown[] = [];
    const { rename, fsync } = fse;
    let synced = 0;
    vi.spyOn(fse, 'fsync').mockImplementation((descriptor) => {
      synced += 1;
      return fsync(descriptor);
    });
    vi.spyOn(fse, 'rename').mockImplementation(async (from, to) => {
      if (String(to).endsWith('/content')) {
        const manifest = join(shelterOf(node), entryName, 'manifest.json');
        seen.push(await fse.pathExists(manifest), synced);
      }
      return rename(from, to);
    });
    await run(diskSweeper(node, clock).quarantine(containerRoot, 'orphan', 'why'));
    // The root's entry, the shelter's, the manifest and the entry's; and afterwards both ends of the move.
    expect([...seen, synced]).toEqual([true, 4, 6]);
  });

  test('of both areas and kinds is listed, the root first, each by a name of its own', async () => {
    const node = await temporaryNode();
    const sweeper = diskSweeper(node, clock);
    const bases: ReadonlyArray<Base> = [sandboxState, containerRoot, { kind: 'container', area: 'state' }];
    for (const base of bases) {
      await makeOrphan(node, base);
      await run(sweeper.quarantine(base, 'orphan', 'why'));
    }
    await makeOrphan(node, containerRoot);
    await run(sweeper.quarantine(containerRoot, 'orphan', 'once more'));
    const listed = await run(openQuarantine(node).list());
    expect(listed.map((entry) => E.isRight(entry) && entry.right.entry)).toEqual([
      entryName,
      `${entryName}.1`,
      '20240501T080000123Z-state-container-orphan',
      '20240501T080000123Z-state-sandbox-orphan',
    ]);
    expect(listed[1]).toMatchObject(E.right({ why: 'once more', movedAt, id: 'orphan', area: 'root' }));
  });

  test('under an odd or long name gets a plain one, and comes back under its own', async () => {
    const node = await temporaryNode();
    const names = ['a b\n/'.replace('/', '%2f'), '容器', 'x'.repeat(255)];
    for (const name of names) {
      await makeOrphan(node, containerRoot, name);
      await run(diskSweeper(node, clock).quarantine(containerRoot, name, 'why'));
    }
    for (const name of await fse.readdir(shelterOf(node))) expect(name).toMatch(/^[\w.-]{1,160}$/);
    const quarantine = openQuarantine(node);
    for (const entry of await run(quarantine.list()))
      if (E.isRight(entry)) await run(quarantine.restore(entry.right.entry));
    expect((await fse.readdir(join(node.root, 'containers'))).toSorted()).toEqual(names.toSorted());
  });

  test('by fifty moves at once is whole', async () => {
    const node = await temporaryNode();
    const names = Array.from({ length: 50 }, (_, number) => `orphan-${number}`);
    for (const name of names) await makeOrphan(node, containerRoot, name);
    const sweeper = diskSweeper(node, clock);
    await Promise.all(names.map((name) => run(sweeper.quarantine(containerRoot, name, 'why'))));
    const listed = await run(openQuarantine(node).list());
    expect(listed.map((entry) => E.isRight(entry) && entry.right.id).toSorted()).toEqual(names.toSorted());
  });

  test.each(['ENOSPC', 'EXDEV'])(
    'after a rename that fails with %s is still where it was, and nothing is left',
    async (code) => {
      const node = await temporaryNode();
      await makeOrphan(node, containerRoot);
      const { rename } = fse;
      vi.spyOn(fse, 'rename').mockImplementation(async (from, to) => {
        if (String(to).endsWith('/content')) throw Object.assign(new Error(code), { code });
        return rename(from, to);
      });
      expect(await tagOf(diskSweeper(node, clock).quarantine(containerRoot, 'orphan', 'why'))).not.toBe('ok');
      expect(await fse.readdir(shelterOf(node))).toEqual([]);
      expect(await fse.readFile(join(node.root, 'containers', 'orphan', 'below', 'file'), 'utf8')).toBe('orphan');
    },
  );

  test('is not lost when the disk fails right after the move', async () => {
    const node = await temporaryNode();
    await makeOrphan(node, containerRoot);
    const { rename } = fse;
    vi.spyOn(fse, 'rename').mockImplementation(async (from, to) => {
      if (String(to).endsWith('/content'))
        vi.spyOn(fse, 'fsync').mockRejectedValue(Object.assign(new Error('EIO'), { code: 'EIO' }));
      return rename(from, to);
    });
    expect(await tagOf(diskSweeper(node, clock).quarantine(containerRoot, 'orphan', 'why'))).toBe('Unexpected');
    vi.restoreAllMocks();
    expect(await run(openQuarantine(node).list())).toMatchObject([E.right({ id: 'orphan', why: 'why' })]);
  });

  test('goes through no link in place of the quarantine', async () => {
    const node = await temporaryNode();
    await makeOrphan(node, containerRoot);
    await fse.symlink(node.state, shelterOf(node));
    expect(await tagOf(diskSweeper(node, clock).quarantine(containerRoot, 'orphan', 'why'))).toBe('Unexpected');
    expect(await fse.readdir(node.state)).toEqual([]);
    expect(await tagOf(openQuarantine(node).list())).toBe('Unexpected');
  });
});

describe('what a killed run left', () => {
  const leave = async (node: TemporaryNode): Promise<void> => {
    await fse.outputFile(join(shelterOf(node), 'a-killed-before-the-move', 'manifest.json'), '{}');
    await fse.outputFile(join(shelterOf(node), 'b-killed-writing', '.manifest.json.cri-recovery'), '{');
    await fse.outputFile(join(shelterOf(node), 'c-killed-purging', 'discarded', 'below', 'file'), 'x');
    await fse.mkdirp(join(shelterOf(node), 'd-killed-at-once'));
  };

  test('stands for nothing in the list, which leaves it, and can be neither restored nor stop anything', async () => {
    const { node, quarantine } = await nodeWithEntry();
    await leave(node);
    const before = await fse.readdir(shelterOf(node));
    expect(await run(quarantine.list())).toMatchObject([E.right({ entry: entryName })]);
    expect(await tagOf(quarantine.restore('c-killed-purging'))).toBe('NotFound');
    expect(await fse.readdir(shelterOf(node))).toEqual(before);
  });

  test.each([
    [
      'the next move',
      async (node: TemporaryNode) => run(diskSweeper(node, clock).quarantine(containerRoot, 'b', 'why')),
    ],
    ['a purge by time', async (node: TemporaryNode) => run(openQuarantine(node).purgeBefore(0n))],
    ['a restore', async (node: TemporaryNode) => run(openQuarantine(node).restore(entryName))],
  ])('is swept by %s, and nothing else is', async (_, act) => {
    const { node } = await nodeWithEntry();
    await makeOrphan(node, containerRoot, 'b');
    await leave(node);
    await fse.outputFile(join(shelterOf(node), 'somebody', 'notes'), 'x');
    await act(node);
    const left = await fse.readdir(shelterOf(node));
    expect(left.filter((name) => /killed/.test(name))).toEqual([]);
    expect(left).toContain('somebody');
  });
});

describe('restoring', () => {
  test('puts everything back where it was and leaves no entry', async () => {
    const { node, quarantine, place } = await nodeWithEntry();
    expect(await run(quarantine.restore(entryName))).toBe(place);
    expect(await fse.readFile(join(place, 'below', 'file'), 'utf8')).toBe('orphan');
    expect(await fse.readdir(shelterOf(node))).toEqual([]);
    expect(await tagOf(quarantine.restore(entryName))).toBe('NotFound');
  });

  test.each([
    ['a directory', (place: string) => fse.outputFile(join(place, 'new'), 'x')],
    ['an empty directory', (place: string) => fse.mkdir(place)],
    ['a file', (place: string) => fse.outputFile(place, 'x')],
    ['a broken link', (place: string) => fse.symlink('/nowhere', place)],
  ])('is Denied where %s has taken the place, and both stay', async (_, take) => {
    const { quarantine, place } = await nodeWithEntry();
    await take(place);
    expect(await tagOf(quarantine.restore(entryName))).toBe('Denied');
    expect(await run(quarantine.list())).toHaveLength(1);
    expect(await fse.lstat(place)).toBeDefined();
  });

  test('replaces nothing that takes the place in the last moment', async () => {
    const { quarantine, place } = await nodeWithEntry();
    const { rename } = fse;
    vi.spyOn(fse, 'rename').mockImplementation(async (from, to) => {
      await fse.outputFile(join(place, 'new'), 'x');
      return rename(from, to);
    });
    expect(await tagOf(quarantine.restore(entryName))).toBe('Unexpected');
    expect(await fse.readdir(place)).toEqual(['new']);
    expect(await run(quarantine.list())).toHaveLength(1);
  });

  test('heeds no path but that of area, kind and id, whatever the manifest says it came from', async () => {
    const { node, quarantine, place } = await nodeWithEntry();
    const path = join(shelterOf(node), entryName, 'manifest.json');
    const manifest = await fse.readFile(path, 'utf8');
    await fse.writeFile(path, manifest.replace(place, '/etc/somewhere'));
    expect(await run(quarantine.restore(entryName))).toBe(place);
  });

  test.each([
    ['is missing', () => undefined],
    ['is not JSON', () => '{'],
    ['is of another schema', (text: string) => text.replace('quarantine@1', 'quarantine@2')],
    ['is of another area', (text: string) => text.replace('"root"', '"state"')],
    ['has an id that leads elsewhere', (text: string) => text.replace('"orphan"', '"../../etc"')],
  ])('is Corrupt when the manifest %s; the entry is listed as that and can be purged', async (_, spoil) => {
    const { node, quarantine, place } = await nodeWithEntry();
    const path = join(shelterOf(node), entryName, 'manifest.json');
    const text = spoil(await fse.readFile(path, 'utf8'));
    if (text === undefined) await fse.remove(path);
    else await fse.writeFile(path, text);
    expect(await tagOf(quarantine.restore(entryName))).toBe('Corrupt');
    expect(await run(quarantine.list())).toMatchObject([
      E.left({ _tag: 'Corrupt', subject: join(shelterOf(node), entryName) }),
    ]);
    expect(await fse.pathExists(place)).toBe(false);
    await run(quarantine.purgeBefore(movedAt * 2n));
    expect(await run(quarantine.list())).toHaveLength(1);
    await run(quarantine.purge(entryName));
    expect(await fse.readdir(shelterOf(node))).toEqual([]);
  });

  test('and purging take no name that is not one entry', async () => {
    const { quarantine } = await nodeWithEntry();
    for (const name of ['', '.', '..', `../cri-recovery-quarantine/${entryName}`, `${entryName}/content`, 'a\0']) {
      expect(await tagOf(quarantine.restore(name))).toBe('Denied');
      expect(await tagOf(quarantine.purge(name))).toBe('Denied');
    }
    expect(await tagOf(quarantine.restore('none'))).toBe('NotFound');
    expect(await tagOf(quarantine.purge('none'))).toBe('NotFound');
    expect(await run(quarantine.list())).toHaveLength(1);
  });
});

describe('purging', () => {
  test('deletes an entry and nothing that links in it lead to', async () => {
    const { node, quarantine } = await nodeWithEntry();
    const outside = join(node.state, 'outside');
    await fse.outputFile(join(outside, 'precious'), 'precious');
    await fse.symlink(outside, join(shelterOf(node), entryName, 'content', 'link'));
    await run(quarantine.purge(entryName));
    expect(await fse.readdir(shelterOf(node))).toEqual([]);
    expect(await fse.readdir(outside)).toEqual(['precious']);
  });

  test('an entry that is a link or a file is Corrupt, and stays', async () => {
    const { node, quarantine } = await nodeWithEntry();
    await fse.symlink(node.state, join(shelterOf(node), 'link'));
    await fse.outputFile(join(shelterOf(node), 'file'), 'x');
    for (const name of ['link', 'file']) expect(await tagOf(quarantine.purge(name))).toBe('Corrupt');
    expect((await fse.readdir(shelterOf(node))).toSorted()).toEqual([entryName, 'file', 'link']);
  });

  test('by time deletes what is older, in both areas, and says which', async () => {
    const node = await temporaryNode();
    const at = (base: Base, now: bigint) =>
      run(diskSweeper(node, { now: () => now }).quarantine(base, 'orphan', 'why'));
    for (const [base, now] of [
      [containerRoot, movedAt],
      [sandboxState, movedAt + 1n],
      [containerRoot, movedAt + 2n],
    ] as const) {
      await makeOrphan(node, base);
      await at(base, now);
    }
    const quarantine = openQuarantine(node);
    expect(await run(quarantine.purgeBefore(movedAt + 2n))).toEqual([
      E.right(entryName),
      E.right('20240501T080000123Z-state-sandbox-orphan'),
    ]);
    expect(await run(quarantine.list())).toMatchObject([E.right({ movedAt: movedAt + 2n })]);
  });

  test('that is given up half way leaves nothing that could be restored', async () => {
    const { node, quarantine } = await nodeWithEntry();
    for (const name of ['a', 'b', 'c']) await fse.outputFile(join(shelterOf(node), entryName, 'content', name), 'x');
    const controller = new AbortController();
    const { unlink } = fse;
    vi.spyOn(fse, 'unlink').mockImplementationOnce((path) => {
      controller.abort();
      return unlink(path);
    });
    expect(await quarantine.purge(entryName)(controller.signal)()).toMatchObject(E.left({ _tag: 'TimedOut' }));
    expect(await run(quarantine.list())).toEqual([]);
  });
});

describe.skipIf(whyNoMounts !== undefined)(`with mounts (${whyNoMounts ?? 'as root'})`, () => {
  test('what was unmounted is in the manifest', async () => {
    const node = await temporaryNode();
    await makeOrphan(node, sandboxState);
    const shm = join(node.state, 'sandboxes', 'orphan', 'shm');
    await tmpfsAt(shm);
    await run(diskSweeper(node, clock).quarantine(sandboxState, 'orphan', 'why'));
    expect(await run(openQuarantine(node).list())).toMatchObject([E.right({ unmounted: [shm] })]);
    expect(mountsBelow(node.state)).toEqual([]);
  });

  test('an orphan on another mount than the quarantine is left alone, mounts, tree and all', async () => {
    const node = await temporaryNode();
    await tmpfsAt(join(node.root, 'containers'));
    await makeOrphan(node, containerRoot);
    await tmpfsAt(join(node.root, 'containers', 'orphan', 'shm'));
    const before = mountsBelow(node.root);
    expect(await tagOf(diskSweeper(node, clock).quarantine(containerRoot, 'orphan', 'why'))).toBe('Unexpected');
    expect(mountsBelow(node.root)).toEqual(before);
    expect((await fse.readdir(node.root)).toSorted()).toEqual(['containers', 'sandboxes']);
    expect(await fse.pathExists(join(node.root, 'containers', 'orphan', 'below', 'file'))).toBe(true);
  });

  test('another mount of the same file system counts as another, which only the kernel’s rename would tell', async () => {
    const node = await temporaryNode();
    await makeOrphan(node, containerRoot);
    await fse.copy(join(node.root, 'containers'), join(node.root, 'elsewhere'));
    await mountAt(join(node.root, 'containers'), '--bind', join(node.root, 'elsewhere'));
    expect(await tagOf(diskSweeper(node, clock).quarantine(containerRoot, 'orphan', 'why'))).toBe('Unexpected');
    expect((await fse.readdir(node.root)).toSorted()).toEqual(['containers', 'elsewhere', 'sandboxes']);
  });

  test('a full disk changes nothing: what is mounted stays so', async () => {
    const node = await temporaryNode();
    await tmpfsAt(node.root, '64k');
    await makeOrphan(node, containerRoot);
    await tmpfsAt(join(node.root, 'containers', 'orphan', 'shm'));
    fillUp(node.root);
    expect(await tagOf(diskSweeper(node, clock).quarantine(containerRoot, 'orphan', 'why'))).toBe('NoSpace');
    expect(mountsBelow(join(node.root, 'containers'))).toHaveLength(1);
    expect(await fse.readdir(shelterOf(node))).toEqual([]);
  });

  test('an entry in which something is mounted is not purged, not even in part', async () => {
    const { node, quarantine } = await nodeWithEntry();
    const outside = join(node.state, 'outside');
    await fse.outputFile(join(outside, 'precious'), 'precious');
    const content = join(shelterOf(node), entryName, 'content');
    await mountAt(join(content, 'z-bound'), '--bind', outside);
    expect(await tagOf(quarantine.purge(entryName))).toBe('Unexpected');
    expect(await run(quarantine.purgeBefore(movedAt + 1n))).toMatchObject([E.left({ _tag: 'Unexpected' })]);
    expect(await fse.readFile(join(content, 'below', 'file'), 'utf8')).toBe('orphan');
    expect(await fse.readdir(outside)).toEqual(['precious']);
  });
});

test('a purge of all tells of an entry without a manifest, and leaves it', async () => {
  const { node } = await nodeWithEntry();
  await fse.remove(join(shelterOf(node), entryName, 'manifest.json'));
  const purged = await run(openQuarantine(node).purgeBefore(movedAt * 2n));
  expect(purged).toMatchObject([E.left({ _tag: 'Corrupt' })]);
  expect(await fse.pathExists(join(shelterOf(node), entryName, 'content'))).toBe(true);
});
