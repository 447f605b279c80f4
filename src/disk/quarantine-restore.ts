/** Putting a directory back from the quarantine. */
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import type { PortError } from '../core/failure.js';
import { baseNames, type Call, portError } from '../ports/index.js';
import { type Directory, inDirectory } from './directory.js';
import { lstatOf } from './entry.js';
import { type Area, readEntry } from './quarantine-entries.js';
import { contentName, shelterName } from './quarantine-layout.js';
import { sweepLeftovers } from './quarantine-leftovers.js';

/** Renames the content to its place, by the area, kind and id of its manifest, and gives that path. */
export const restoreEntry = async (
  call: Call,
  area: Area,
  entry: string,
  signal: AbortSignal,
): Promise<E.Either<PortError, string>> => {
  const [found] = await readEntry(call, area, entry);
  if (found === undefined) return E.left(portError('NotFound', call, 'nothing was ever moved to this entry'));
  if (E.isLeft(found)) return E.left({ ...found.left, subject: entry });
  const { kind, id } = found.right;
  const base = join(area.path, baseNames[kind]);
  const place = join(base, id);
  if ((await lstatOf(place)) !== undefined) return E.left(portError('Denied', call, `${place} is taken`));
  signal.throwIfAborted();
  await inDirectory(join(area.path, shelterName), 'refuse', (shelter) =>
    inDirectory(shelter.at(entry), 'refuse', (from) => inDirectory(base, 'follow', (to) => moveBack(from, to, id))),
  );
  await sweepLeftovers(area.path);
  return E.right(place);
};

/** Should a directory have taken the place in this moment, it is replaced when it is empty and refused by the kernel when it is not. */
const moveBack = async (from: Directory, to: Directory, id: string): Promise<void> => {
  await fse.rename(from.at(`${contentName}/`), to.at(id));
  await to.sync();
};
