/** Reading the entries of an area's quarantine. Nothing is changed by it: what a killed run left is passed over. */
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import type { PortError } from '../core/failure.js';
import type { Base } from '../core/observation.js';
import { type Call, errnoOf, portError } from '../ports/index.js';
import { inDirectory } from './directory.js';
import { lstatOf } from './entry.js';
import {
  contentName,
  decodeManifest,
  isLeftover,
  type Manifest,
  manifestName,
  shelterName,
} from './quarantine-layout.js';
import { readRegularFile } from './regular-file.js';

/** A directory in the quarantine. */
export interface Quarantined extends Manifest {
  /** The name of its entry, by which it is restored and purged. */
  readonly entry: string;
  /** Where its content is now. */
  readonly path: string;
}

/** A root or state directory, and which of them it is. */
export interface Area {
  readonly area: Base['area'];
  readonly path: string;
}

/** On the left an entry that nobody can say the origin of. */
export type Entry = E.Either<PortError, Quarantined>;

/** All entries of an area, sorted by name and so by time. */
export const readEntries = async (call: Call, area: Area): Promise<ReadonlyArray<Entry>> => {
  const shelter = join(area.path, shelterName);
  if ((await lstatOf(shelter)) === undefined) return [];
  const names = await inDirectory(shelter, 'refuse', (directory) => fse.readdir(directory.at('')));
  const entries: Entry[] = [];
  for (const name of names.toSorted()) entries.push(...(await readEntry(call, area, name)));
  return entries;
};

/** One entry, or none where it is a leftover. */
export const readEntry = async (call: Call, { area, path }: Area, entry: string): Promise<ReadonlyArray<Entry>> => {
  const folder = join(path, shelterName, entry);
  const corrupt = (message: string): Entry => E.left(portError('Corrupt', { ...call, subject: folder }, message));
  if ((await lstatOf(folder))?.isDirectory() !== true) return [corrupt('not a directory')];
  const names = await fse.readdir(folder);
  if (isLeftover(names)) return [];
  if (!names.includes(contentName)) return [corrupt(`there is no ${contentName} in it`)];
  const manifest = E.chain(decodeManifest)(await readManifest(join(folder, manifestName)));
  if (E.isLeft(manifest)) return [corrupt(`its manifest: ${manifest.left}`)];
  if (manifest.right.area !== area) return [corrupt(`its manifest is of the ${manifest.right.area} directory`)];
  return [E.right({ entry, path: join(folder, contentName), ...manifest.right })];
};

const longestManifest = 1024 * 1024;

const readManifest = async (path: string): Promise<E.Either<string, Buffer>> => {
  try {
    return await readRegularFile(path, longestManifest);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return E.left('there is none');
    throw thrown;
  }
};
