/** Everything of a node that an apply could change: files to the inode and the nanosecond, and what containerd holds. */
import { setTimeout as delay } from 'node:timers/promises';
import { differences, type FileSnapshot, snapshotFiles, type TestNode, waitUntil } from '../harness/index.js';

/** The plugin's root and state directories. */
export type Files = Readonly<Record<'root' | 'state', FileSnapshot>>;

// The lock comes and goes in the state directory.
const withoutTimes = (files: FileSnapshot): FileSnapshot => {
  const top = files.get('.');
  return top === undefined ? files : new Map([...files, ['.', { ...top, mtimeNs: 0n, ctimeNs: 0n }]]);
};

export const filesOf = async (node: TestNode): Promise<Files> => ({
  root: await snapshotFiles(node.criRoot),
  state: withoutTimes(await snapshotFiles(node.criState)),
});

/** The files of a node on which nothing moves by itself any more. */
export const settledFiles = (node: TestNode): Promise<Files> =>
  waitUntil('nothing changes any more', async () => {
    const before = await filesOf(node);
    await delay(200);
    return changedFiles(before, await filesOf(node)).length === 0 && before;
  });

/** containerd's tasks, records and images. Content is left out: containerd collects its garbage when it pleases. */
export const heldBy = async ({ engine }: TestNode): Promise<unknown> => ({
  tasks: [...(await engine.tasks.list())].sort((a, b) => (a.id < b.id ? -1 : 1)),
  records: await engine.containers.list(),
  images: await engine.images.list(),
});

/** The files that differ, one line each, in any respect. */
export const changedFiles = (before: Files, after: Files): ReadonlyArray<string> => [
  ...differences(before.root, after.root),
  ...differences(before.state, after.state),
];

/** The files that differ in content, kind or mode; times and inodes may. */
export const changedContents = (before: Files, after: Files): ReadonlyArray<string> => [
  ...differences(contents(before.root), contents(after.root)),
  ...differences(contents(before.state), contents(after.state)),
];

const contents = (files: FileSnapshot): FileSnapshot =>
  new Map([...files].map(([path, entry]) => [path, { ...entry, ino: 0n, mtimeNs: 0n, ctimeNs: 0n }]));
