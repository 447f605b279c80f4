/**
 * A directory held open: what is done through it happens in it, whatever becomes of its path meanwhile. Below the state directory no link is
 * ever followed. Node has no `openat`; a path that begins with `/proc/<pid>/fd/<n>` does the same, for a child process too.
 */
import { Buffer } from 'node:buffer';
import { constants } from 'node:fs';
import fse from 'fs-extra';
import { errnoOf } from '../ports/index.js';

export interface HeldDirectory {
  /** The path of an entry, or of the directory itself for an empty name; good as long as the directory is held. */
  readonly at: (name: string | Buffer) => Buffer;
  readonly descriptor: number;
  readonly close: () => Promise<void>;
}

/** Holds a directory that the operator named: links on the way are theirs, and followed. */
export const holdDirectory = (path: string): Promise<HeldDirectory> => hold(path, 0);

/** Holds a directory of another one, not through a link. */
export const holdBelow = (parent: HeldDirectory, name: string | Buffer): Promise<HeldDirectory> =>
  hold(parent.at(name), constants.O_NOFOLLOW);

/** The same, made where it is missing with the mode given, whatever the umask. */
export const makeBelow = async (parent: HeldDirectory, name: string, mode: number): Promise<HeldDirectory> => {
  const isNew = await makeMissing(parent.at(name), mode);
  const directory = await holdBelow(parent, name);
  if (isNew) await fse.fchmod(directory.descriptor, mode);
  return directory;
};

const makeMissing = async (path: Buffer, mode: number): Promise<boolean> => {
  try {
    await fse.mkdir(path, mode);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) !== 'EEXIST') throw thrown;
    return false;
  }
};

const hold = async (path: string | Buffer, flags: number): Promise<HeldDirectory> => {
  const descriptor = await fse.open(path, constants.O_RDONLY | constants.O_DIRECTORY | flags);
  const alias = `/proc/${process.pid}/fd/${descriptor}/`;
  return {
    at: (name) => Buffer.concat([Buffer.from(alias), Buffer.from(name)]),
    descriptor,
    close: () => fse.close(descriptor),
  };
};
