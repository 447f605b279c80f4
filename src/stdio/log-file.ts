/** Opening the file a log goes to: made where it is missing, and never anything but a regular file. */
import { constants } from 'node:fs';
import { dirname } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import type { PortError } from '../core/failure.js';
import { type Call, errnoOf, fromErrno, portError } from '../ports/index.js';
import { makeDirectories } from './make-directories.js';

/** A descriptor that appends to the file at a path; a new file is 0640, as containerd makes it. `Corrupt` for what is no regular file. */
export const openLogFile = async (call: Call, path: string): Promise<E.Either<PortError, number>> => {
  try {
    const descriptor = await openOrMake(path);
    if ((await fse.fstat(descriptor)).isFile()) return E.right(descriptor);
    await fse.close(descriptor);
    return E.left(portError('Corrupt', call, `the log ${path} is no regular file`));
  } catch (thrown) {
    return E.left(refusal(call, path, thrown));
  }
};

// Without O_NONBLOCK a FIFO in the file's place would hold a thread until somebody reads it.
const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const mode = 0o640;

const openOrMake = async (path: string): Promise<number> => {
  try {
    return await fse.open(path, flags);
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ENOENT') throw thrown;
  }
  await makeDirectories(dirname(path));
  try {
    const descriptor = await fse.open(path, flags | constants.O_CREAT | constants.O_EXCL, mode);
    await fse.fchmod(descriptor, mode);
    return descriptor;
  } catch (thrown) {
    // Somebody was faster.
    if (errnoOf(thrown) !== 'EEXIST') throw thrown;
    return fse.open(path, flags);
  }
};

/** `NotFound` is what callers take for a FIFO that is gone, so it is never said of the log. */
const refusal = (call: Call, path: string, thrown: unknown): PortError => {
  const code = errnoOf(thrown) ?? '';
  if (['ELOOP', 'ENXIO', 'EISDIR', 'ENODEV', 'ENOTDIR'].includes(code))
    return portError('Corrupt', call, `the log ${path} is no regular file (${code})`, thrown);
  const error = fromErrno(call, thrown);
  return error._tag === 'NotFound' ? portError('Unexpected', call, error.message, thrown) : error;
};
