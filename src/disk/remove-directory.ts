/** Deleting a directory with all that is in it: over no link, onto no other mount, whatever is changed in it meanwhile. */
import fse from 'fs-extra';
import { type Directory, inDirectory } from './directory.js';

/**
 * Every level is opened from the one above it and checked to be on the same mount, where a deletion by path (`fse.remove`) can be led astray by
 * a directory that becomes a link. Rejects with EBUSY where something is mounted; the signal is heeded from entry to entry.
 */
export const removeDirectory = async (parent: Directory, name: string | Buffer, signal: AbortSignal): Promise<void> => {
  await inDirectory(parent.at(name), 'refuse', async (directory) => {
    if ((await directory.mountId()) !== (await parent.mountId())) throw mountedOn();
    const entries = await fse.readdir(directory.at(''), { withFileTypes: true, encoding: 'buffer' });
    for (const entry of entries) {
      signal.throwIfAborted();
      if (entry.isDirectory()) await removeDirectory(directory, entry.name, signal);
      else await fse.unlink(directory.at(entry.name));
    }
  });
  await fse.rmdir(parent.at(name));
};

const mountedOn = (): Error => Object.assign(new Error('EBUSY: something is mounted in it'), { code: 'EBUSY' });
