/** Moving an orphaned directory into the quarantine: a rename on its own file system, with a manifest that is there before it. */
import { join } from 'node:path';
import fse from 'fs-extra';
import type { Base } from '../core/observation.js';
import { errnoOf } from '../ports/index.js';
import { textOf } from './byte-string.js';
import { type Directory, inDirectory } from './directory.js';
import { lstatOf, unlinkIfThere } from './entry.js';
import {
  contentName,
  encodeManifest,
  entryNameOf,
  type Manifest,
  manifestName,
  shelterName,
  temporaryManifestName,
} from './quarantine-layout.js';
import { replaceFile } from './replace-file.js';
import { mountPointsBelow, unmountBelow } from './unmount.js';

/** An entry of a base directory, seen to be a directory itself. */
export interface Orphan {
  readonly base: Base;
  /** The root or state directory. */
  readonly area: string;
  /** The base directory. */
  readonly path: string;
  readonly name: string;
  /** The entry's real path as a byte string. */
  readonly realPath: string;
  readonly signal: AbortSignal;
}

/**
 * Manifest, unmounting, rename, in this order: a full disk then changes nothing, and what was unmounted is on record whenever the process dies.
 * Where one of them fails the entry is taken back.
 */
export const quarantineOrphan = async (orphan: Orphan, why: string, movedAt: bigint): Promise<void> => {
  await refuseOtherMount(orphan);
  const { base, area, path, name, realPath } = orphan;
  const unmounted = (await mountPointsBelow(realPath)).map(textOf);
  const manifest: Manifest = { ...base, id: name, from: join(path, name), movedAt, why, unmounted };
  await inDirectory(area, 'follow', (directory) => makeShelter(directory));
  await inDirectory(join(area, shelterName), 'refuse', async (shelter) => {
    const entry = await makeEntry(shelter, entryNameOf(base, name, movedAt));
    await inDirectory(shelter.at(entry), 'refuse', (directory) => move(orphan, manifest, directory)).catch(
      async (thrown: unknown) => {
        // Empty, or it stays: with the orphan in it, or to be swept as a leftover.
        await fse.rmdir(shelter.at(entry)).catch(() => undefined);
        throw thrown;
      },
    );
  });
};

/** Found out before anything is touched: the rename would find out after the unmounting. */
const refuseOtherMount = async ({ area, path }: Orphan): Promise<void> => {
  const shelter = join(area, shelterName);
  const target = (await lstatOf(shelter)) === undefined ? area : shelter;
  const [there, here] = [await mountIdAt(target), await mountIdAt(path)];
  if (there !== here) throw new Error(`${path} is on another mount than ${target}, so nothing can be renamed into it`);
};

const mountIdAt = (path: string): Promise<string> => inDirectory(path, 'follow', (directory) => directory.mountId());

const makeShelter = async (area: Directory): Promise<void> => {
  if (await makeNew(area, shelterName)) await area.sync();
};

/** The name, or the name with the first number that is free. */
const makeEntry = async (shelter: Directory, name: string): Promise<string> => {
  for (let count = 0; ; count += 1) {
    const candidate = count === 0 ? name : `${name}.${count}`;
    if (!(await makeNew(shelter, candidate))) continue;
    await shelter.sync();
    return candidate;
  }
};

/** For nobody but the owner, as what is moved there may be readable by all; false where there is something already. */
const makeNew = async (directory: Directory, name: string): Promise<boolean> => {
  try {
    await fse.mkdir(directory.at(name), 0o700);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
};

const move = async ({ path, name, realPath, signal }: Orphan, manifest: Manifest, entry: Directory): Promise<void> => {
  const text = encodeManifest(manifest);
  try {
    await replaceFile(entry, { name: manifestName, temporary: entry.at(temporaryManifestName), text }, signal);
    await unmountBelow(realPath, signal);
    // With the slash the kernel renames a directory only, not a link that has taken its place.
    await inDirectory(path, 'follow', (base) => fse.rename(base.at(`${name}/`), entry.at(contentName)));
  } catch (thrown) {
    await unlinkIfThere(entry.at(manifestName));
    throw thrown;
  }
  await entry.sync();
  await inDirectory(path, 'follow', (base) => base.sync());
};
