/** Opening the FIFOs of a task, to read. */
import { constants } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import type { PortError } from '../core/failure.js';
import { type Call, errnoOf, fromErrno, portError } from '../ports/index.js';

/** Why a path that containerd tells cannot be a FIFO's, if it cannot: `file://` and `binary://` are logging without one. */
export const refusePath = (call: Call, path: string): PortError | undefined =>
  path.startsWith('/') ? undefined : portError('Corrupt', call, `${JSON.stringify(path)} is not the path of a FIFO`);

/**
 * A descriptor of one end. The read end, opened without waiting for a writer, does not end before there has been one. `NotFound` where there is
 * nothing, `Corrupt` for what is no FIFO, `Unavailable` for the write end of one that nobody reads.
 */
export const openFifo = async (
  call: Call,
  path: string,
  end: typeof constants.O_RDONLY | typeof constants.O_WRONLY,
): Promise<E.Either<PortError, number>> => {
  try {
    const descriptor = await fse.open(path, end | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    if ((await fse.fstat(descriptor)).isFIFO()) return E.right(descriptor);
    await fse.close(descriptor);
    return E.left(portError('Corrupt', call, `${path} is no FIFO`));
  } catch (thrown) {
    const code = errnoOf(thrown) ?? '';
    if (code === 'ENXIO' && end === constants.O_WRONLY)
      return E.left(portError('Unavailable', call, `nobody reads ${path}`, thrown));
    if (obstacles.includes(code)) return E.left(portError('Corrupt', call, `${path} is no FIFO (${code})`, thrown));
    return E.left(fromErrno(call, thrown));
  }
};

/** What an open that fails says of a link, a socket, a directory, a device, a path through a file. */
const obstacles = ['ELOOP', 'ENXIO', 'EISDIR', 'ENODEV', 'ENOTDIR'];
