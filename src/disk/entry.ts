/** Entries of directories: what is there under a name, and whether it may be acted on. */
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import fse from 'fs-extra';
import type { PortError } from '../core/failure.js';
import { type Call, errnoOf, isEntryName, portError } from '../ports/index.js';

/** What is at a path, a link being a link; undefined where there is nothing. */
export const lstatOf = async (path: string | Buffer): Promise<Stats | undefined> => {
  try {
    return await fse.lstat(path);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
};

/** Deletes a file, or does nothing where there is none. On a read-only disk it rejects all the same: the kernel refuses before it looks. */
export const unlinkIfThere = async (path: string | Buffer): Promise<void> => {
  try {
    await fse.unlink(path);
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ENOENT') throw thrown;
  }
};

/** Why an entry may not be acted on as a directory, if it may not. */
export const refuseEntry = async (call: Call, directory: string, name: string): Promise<PortError | undefined> => {
  if (!isEntryName(name)) return portError('Denied', call, `${JSON.stringify(name)} is not the name of an entry`);
  const stats = await lstatOf(join(directory, name));
  if (stats === undefined) return portError('NotFound', call, 'there is no such entry');
  if (stats.isDirectory()) return undefined;
  return portError('Corrupt', call, `${stats.isSymbolicLink() ? 'a symbolic link' : 'a file'}, not a directory`);
};
