/** Replacing a small file in one step, so that neither a reader nor a crash ever finds half of it. */
import { constants } from 'node:fs';
import fse from 'fs-extra';
import type { Directory } from './directory.js';
import { unlinkIfThere } from './entry.js';

export interface Replacement {
  readonly name: string;
  /** A path of our own on the same file system. Being fixed it collects itself: what a killed run left is replaced by the next. */
  readonly temporary: Buffer;
  readonly text: string;
}

/**
 * Writes to the temporary path, fsync, rename, fsync of the directory; mode 0600. Where it fails, or the signal fires before the rename, the
 * file is as it was and the temporary one gone. Two at a time for one file would meet in the temporary one.
 */
export const replaceFile = async (
  directory: Directory,
  { name, temporary, text }: Replacement,
  signal: AbortSignal,
): Promise<void> => {
  await unlinkIfThere(temporary);
  try {
    await writeNew(temporary, text);
    signal.throwIfAborted();
    await fse.rename(temporary, directory.at(name));
  } catch (thrown) {
    // Why it cannot be deleted either is the same reason, told worse.
    await fse.unlink(temporary).catch(() => undefined);
    throw thrown;
  }
  await directory.sync();
};

const writeNew = async (path: Buffer, text: string): Promise<void> => {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const descriptor = await fse.open(path, flags, 0o600);
  try {
    await fse.fchmod(descriptor, 0o600);
    await fse.writeFile(descriptor, text);
    await fse.fsync(descriptor);
  } finally {
    await fse.close(descriptor);
  }
};
