/** Deleting an entry of the quarantine. */
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import type { PortError } from '../core/failure.js';
import { type Call, portError } from '../ports/index.js';
import { byteStringOf, textOf } from './byte-string.js';
import { type Directory, inDirectory } from './directory.js';
import { lstatOf } from './entry.js';
import type { Area } from './quarantine-entries.js';
import { contentName, discardedName, shelterName } from './quarantine-layout.js';
import { removeDirectory } from './remove-directory.js';
import { mountPointsBelow } from './unmount.js';

/** Deletes content and manifest; nothing was mounted there when it was moved, so whatever is mounted there now is somebody's. */
export const purgeEntry = async (
  call: Call,
  area: Area,
  entry: string,
  signal: AbortSignal,
): Promise<E.Either<PortError, void>> => {
  const shelter = join(area.path, shelterName);
  const mounts = await mountPointsBelow(byteStringOf(await fse.realpath.native(join(shelter, entry))));
  if (mounts.length > 0)
    return E.left(portError('Unexpected', call, `mounted in it: ${mounts.map(textOf).join(', ')}; nothing is deleted`));
  signal.throwIfAborted();
  await inDirectory(shelter, 'refuse', async (directory) => {
    await inDirectory(directory.at(entry), 'refuse', discard);
    await removeDirectory(directory, entry, signal);
  });
  return E.right(undefined);
};

/** From here on there is nothing to restore: should the process be killed, half of it is left under a name that stands for nothing. */
const discard = async (entry: Directory): Promise<void> => {
  if ((await lstatOf(entry.at(contentName))) === undefined) return;
  await fse.rename(entry.at(contentName), entry.at(discardedName));
  await entry.sync();
};
