/** A picture of a folder tree down to times, inodes and contents, by which a test shows that nothing changed. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface FileEntry {
  readonly type: 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'device';
  readonly mode: number;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  /** SHA-256 of a file's content, target of a link, empty for the rest. */
  readonly content: string;
}

/** Entries by their path below the folder; the folder itself is `.`. */
export type FileSnapshot = ReadonlyMap<string, FileEntry>;

type Stats = Awaited<ReturnType<typeof statsOf>>;

const statsOf = (path: string) => lstat(path, { bigint: true });

const typeOf = (stats: Stats): FileEntry['type'] => {
  if (stats.isDirectory()) return 'directory';
  if (stats.isFile()) return 'file';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'fifo';
  return stats.isSocket() ? 'socket' : 'device';
};

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

const contentOf = async (path: string, type: FileEntry['type']): Promise<string> => {
  if (type === 'file') return digestOf(path);
  return type === 'link' ? readlink(path) : '';
};

// A snapshot of a file system layer is the workload's own, as is whatever is mounted.
const isLayer = (path: string): boolean => /\/io\.containerd\.snapshotter\.v1\.\w+\/snapshots\/./.test(path);

/**
 * Takes the picture. What is mounted below the folder is seen as one entry and not entered, nor are the snapshotters'
 * layers. Paths for which `leaveOut` holds are not looked at.
 */
export const snapshotFiles = async (
  directory: string,
  leaveOut: (path: string) => boolean = () => false,
): Promise<FileSnapshot> => {
  const entries = new Map<string, FileEntry>();
  const { dev } = await statsOf(directory);
  const visit = async (name: string): Promise<void> => {
    const path = join(directory, name);
    const stats = await statsOf(path);
    const { mode, size, mtimeNs, ctimeNs, ino } = stats;
    const type = typeOf(stats);
    const isOurs = stats.dev === dev;
    const content = isOurs ? await contentOf(path, type) : '';
    entries.set(name, { type, mode: Number(mode), size, mtimeNs, ctimeNs, ino, content });
    if (type !== 'directory' || !isOurs || isLayer(path)) return;
    for (const child of (await readdir(path)).sort()) {
      if (!leaveOut(join(name, child))) await visit(join(name, child));
    }
  };
  await visit('.');
  return entries;
};

/** What differs between two pictures, one line each; empty when nothing changed. */
export const differences = (before: FileSnapshot, after: FileSnapshot): ReadonlyArray<string> => {
  const lines: string[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(path), after.get(path)];
    if (old === undefined) lines.push(`${path}: new`);
    else if (now === undefined) lines.push(`${path}: gone`);
    else {
      const keys = Object.keys(old) as ReadonlyArray<keyof FileEntry>;
      const changed = keys.filter((key) => old[key] !== now[key]);
      if (changed.length > 0) lines.push(`${path}: ${changed.join(', ')}`);
    }
  }
  return lines;
};
