/** `plan` and `record` on a node where everything is out of order: afterwards it is as it was, to the byte, the inode and the nanosecond. */
import { lstat, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnCommand } from '../cli/spawned-command.js';
import {
  describeReleases,
  differences,
  type FileSnapshot,
  snapshotFiles,
  type TestNode,
  waitUntil,
} from './harness/index.js';
import { disturbedNode } from './plan/disturbed-node.js';
import { whereIs } from './plan/plan-of.js';

describeReleases('plan leaves the node as it was', (release) => {
  let node: TestNode;
  let elsewhere: string;

  const folders = (): ReadonlyArray<string> => [node.root, node.state, join(node.directory, 'logs')];
  const picture = (): Promise<ReadonlyArray<FileSnapshot>> =>
    Promise.all(folders().map((folder) => snapshotFiles(folder)));
  const changes = (before: ReadonlyArray<FileSnapshot>, after: ReadonlyArray<FileSnapshot>): ReadonlyArray<string> =>
    before.flatMap((files, index) => differences(files, after[index] ?? new Map()));

  /** containerd itself tidies up for a moment after its start. */
  const settled = (): Promise<ReadonlyArray<FileSnapshot>> =>
    waitUntil('nothing changes any more', async () => {
      const before = await picture();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return changes(before, await picture()).length === 0 && before;
    });

  /** Everything that containerd says of itself, which lists its tasks in any order. */
  const engineState = async () => ({
    tasks: [...(await node.engine.tasks.list())].sort((a, b) => (a.id < b.id ? -1 : 1)),
    records: await node.engine.containers.list(),
    images: await node.engine.images.list(),
    content: await node.engine.content.list(),
  });

  const isCollected = (changed: ReadonlyArray<string>): boolean =>
    changed.length > 0 &&
    changed.every((line) => /^io\.containerd\.(content\.v1|metadata\.v1|snapshotter\.v1)/.test(line));

  const runAll = async (): Promise<void> => {
    const verbs = [
      ['plan'],
      ['plan', '--json', '--policy', 'containerd'],
      ['record'],
      ['record', '--output', join(elsewhere, 'node.json')],
    ];
    for (const [verb = '', ...options] of verbs) {
      const { code, stderr } = await spawnCommand([verb, ...whereIs(node), ...options], { cwd: elsewhere });
      expect(stderr).toBe('');
      expect(code).toBe(verb === 'plan' ? 1 : 0);
    }
  };

  beforeAll(async () => {
    node = await disturbedNode(release);
    elsewhere = await mkdtemp(join(tmpdir(), 'cri-recovery-elsewhere-'));
  });

  afterAll(async () => {
    await node?.dispose();
    await rm(elsewhere, { recursive: true, force: true });
  });

  test('files, directories, FIFOs, links and mounts; tasks, records, images and content', async () => {
    // containerd collects its garbage when it pleases, now and then in the middle of this. Only what it alone keeps is looked at again.
    let files = await settled();
    let changed: ReadonlyArray<string> = [];
    let before = await engineState();
    for (let attempt = 0; attempt < 4 && (attempt === 0 || isCollected(changed)); attempt += 1) {
      files = await settled();
      before = await engineState();
      await runAll();
      changed = changes(files, await picture());
    }

    expect(changed).toEqual([]);
    expect(await engineState()).toEqual(before);
    expect(files.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(100);
    expect(before.tasks.length).toBeGreaterThan(10);
    expect(await readdir(elsewhere)).toEqual(['node.json']);
  });

  test('not even when a file was last read', async () => {
    // A network namespace that is mounted has no times of its own.
    const isOnDisk = (path: string): boolean => !path.startsWith(join(node.criState, 'netns'));
    const accessTimes = async (): Promise<ReadonlyArray<readonly [string, bigint]>> => {
      const entries = await Promise.all(
        [node.criRoot, node.criState].map((folder) => readdir(folder, { recursive: true, withFileTypes: true })),
      );
      // To be listed is to be read, for a directory.
      const files = entries.flat().filter((entry) => entry.isFile() || entry.isFIFO());
      const paths = files
        .map(({ parentPath, name }) => join(parentPath, name))
        .filter(isOnDisk)
        .sort();
      return Promise.all(paths.map(async (path) => [path, (await lstat(path, { bigint: true })).atimeNs] as const));
    };
    // Older than the last change, so that a file system with relative access times notes the next reading.
    for (const [path] of await accessTimes()) await utimes(path, 1, (await lstat(path)).mtimeMs / 1000);
    const before = await accessTimes();

    await runAll();

    expect(await accessTimes()).toEqual(before);
    expect(before.filter(([path]) => path.endsWith('/status')).length).toBeGreaterThan(10);
  });
});
