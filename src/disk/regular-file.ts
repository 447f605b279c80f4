/** Reading a small file that may turn out to be anything: never through a link, never waiting for a writer, never more than the limit. */
import { constants, type Stats } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { errnoOf } from '../ports/index.js';

/** The file's bytes, or on the left what there is in place of a small regular file; rejects as the system calls do. */
export const readRegularFile = async (path: string, limit: number): Promise<E.Either<string, Buffer>> => {
  const opened = await open(path);
  if (E.isLeft(opened)) return opened;
  const descriptor = opened.right;
  try {
    // At once, as closing it: what has just been opened is known without asking the disk, and two trips to another thread would cost more than all else.
    const stats = fse.fstatSync(descriptor);
    if (!stats.isFile()) return E.left(`${typeOf(stats)}, not a regular file`);
    if (stats.size > limit) return E.left(`${stats.size} bytes long, at most ${limit} are read`);
    return E.right(await readFrom(descriptor, stats.size));
  } finally {
    fse.closeSync(descriptor);
  }
};

const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const open = async (path: string): Promise<E.Either<string, number>> => {
  try {
    return E.right(await openUnnoticed(path));
  } catch (thrown) {
    const obstacle = obstacles[errnoOf(thrown) ?? ''];
    if (obstacle === undefined) throw thrown;
    return E.left(obstacle);
  }
};

/** Leaves the access time as it is, which the kernel grants to the file's owner and to root only. */
const openUnnoticed = async (path: string): Promise<number> => {
  try {
    return await fse.open(path, flags | constants.O_NOATIME);
  } catch (thrown) {
    if (errnoOf(thrown) !== 'EPERM') throw thrown;
    return fse.open(path, flags);
  }
};

/** What an open that fails says of what is there. */
const obstacles: Readonly<Record<string, string>> = {
  ELOOP: 'a symbolic link, not a regular file',
  ENXIO: 'a socket or device, not a regular file',
  ENODEV: 'a device, not a regular file',
  ENOTDIR: 'not a file: its directory is no directory',
};

const typeOf = (stats: Stats): string => {
  if (stats.isDirectory()) return 'a directory';
  return stats.isFIFO() ? 'a FIFO' : 'a device';
};

const readFrom = async (descriptor: number, size: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await fse.read(descriptor, bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
};
