/** The four base directories below the CRI plugin's root and state directories: what lies in them, and what is mounted there. */
import { isAscii, isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { isEntryName } from '../core/identity.js';
import type { Base, DirectoryEntry } from '../core/observation.js';
import { baseNames, type DirectoryReader, portError } from '../ports/index.js';
import { byteStringOf, textOf } from './byte-string.js';
import { diskCall } from './disk-call.js';
import { type Mount, readMounts } from './mountinfo.js';
import { containerOf } from './stale-checkpoint.js';

/** A reader of the directories below an absolute root and state. */
export const diskDirectories = (directory: Record<Base['area'], string>): DirectoryReader => {
  const path = (base: Base): string => join(directory[base.area], baseNames[base.kind]);
  const list = (base: Base) =>
    diskCall({ port: 'directories', operation: 'list', subject: path(base) }, async () =>
      E.right(await entriesOf(path(base))),
    );
  const allBundles = join(dirname(directory.state), 'io.containerd.runtime.v2.task');
  const taskBundles = (namespace: string) => {
    const call = { port: 'directories', operation: 'taskBundles', subject: namespace } as const;
    return diskCall(call, async () =>
      isEntryName(namespace)
        ? E.right(await bundlesIn(allBundles, namespace))
        : E.left(portError('Denied', call, 'the namespace is not one path segment')),
    );
  };
  return { path, list, taskBundles };
};

/** The directory of a namespace is made with its first task. */
const bundlesIn = async (all: string, namespace: string): Promise<ReadonlyArray<string>> =>
  (await fse.readdir(all)).includes(namespace) ? fse.readdir(join(all, namespace)) : [];

const entriesOf = async (path: string): Promise<ReadonlyArray<DirectoryEntry>> => {
  // With types from the directory itself nothing below is touched; Node asks by lstat where the file system gives none.
  const entries = await fse.readdir(path, { withFileTypes: true, encoding: 'buffer' });
  const mounts = mountsByEntry(byteStringOf(await fse.realpath.native(path)), await readMounts());
  return entries.filter(isOthers).map((entry) => {
    const bytes = entry.name.toString('latin1');
    // Names are ids but for a few, and there may be many.
    const name = isAscii(entry.name) ? bytes : textOf(bytes);
    return { name, type: typeOf(entry), mounts: mounts.get(bytes) ?? [] };
  });
};

/** A checkpoint that this library is writing, or was killed over, is no entry. */
const isOthers = (entry: Dirent<Buffer>): boolean =>
  !(entry.isFile() && containerOf(entry.name.toString('latin1')) !== undefined);

/** An entry whose name cannot be given back to the kernel is `other`, so that nobody acts on it or on another in its place. */
const typeOf = (entry: Dirent<Buffer>): DirectoryEntry['type'] => {
  if (!isUtf8(entry.name)) return 'other';
  if (entry.isDirectory()) return 'directory';
  if (entry.isSymbolicLink()) return 'link';
  return entry.isFile() ? 'file' : 'other';
};

/** Mount points below a directory by the entry they are in, deepest first, the later before what it covers. */
const mountsByEntry = (directory: string, mounts: ReadonlyArray<Mount>): ReadonlyMap<string, ReadonlyArray<string>> => {
  const below = `${directory}/`;
  const depth = (point: string): number => point.split('/').length;
  const points = mounts.map((mount) => mount.point).filter((point) => point.startsWith(below));
  const deepestFirst = points.toReversed().sort((a, b) => depth(b) - depth(a));
  const byEntry = new Map<string, string[]>();
  for (const point of deepestFirst) {
    const entry = point.slice(below.length).split('/', 1)[0] ?? '';
    byEntry.set(entry, [...(byEntry.get(entry) ?? []), textOf(point)]);
  }
  return byEntry;
};
