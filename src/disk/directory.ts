/**
 * A directory held open: what is done through it happens in it, whatever becomes of its path meanwhile. Node has no `openat`; a path that
 * begins with `/proc/self/fd/<n>` does the same.
 */
import { constants } from 'node:fs';
import fse from 'fs-extra';
import { errnoOf } from '../ports/index.js';
import { textOf } from './byte-string.js';

export interface Directory {
  /** The path of an entry, or of the directory itself for an empty name; good as long as the directory is open. */
  readonly at: (name: string | Buffer) => Buffer;
  /** Which mount it is on: two places of one file system may lie on two mounts. */
  readonly mountId: () => Promise<string>;
  /** Makes durable which entries there are. */
  readonly sync: () => Promise<void>;
}

/** Whether a link at the end of the path is followed: the operator's own may be, what lies below never. */
export type Links = 'follow' | 'refuse';

/** Opens a directory, uses it, and closes it; rejects as the system calls do, with the paths in messages as people know them. */
export const inDirectory = async <A>(
  path: string | Buffer,
  links: Links,
  use: (directory: Directory) => Promise<A>,
): Promise<A> => {
  const descriptor = await open(path, links);
  const alias = `/proc/self/fd/${descriptor}`;
  try {
    return await use({
      at: (name) => Buffer.concat([Buffer.from(`${alias}/`), Buffer.from(name)]),
      mountId: () => mountIdOf(descriptor),
      sync: () => fse.fsync(descriptor),
    });
  } catch (thrown) {
    throw withMessage(thrown, (message) => message.replaceAll(`${alias}/`, `${shown(path)}/`));
  } finally {
    await fse.close(descriptor);
  }
};

const open = async (path: string | Buffer, links: Links): Promise<number> => {
  const noFollow = links === 'refuse' ? constants.O_NOFOLLOW : 0;
  try {
    return await fse.open(path, constants.O_RDONLY | constants.O_DIRECTORY | noFollow);
  } catch (thrown) {
    // With both flags the kernel says of a link that it is no directory.
    if (errnoOf(thrown) !== 'ENOTDIR') throw thrown;
    throw withMessage(thrown, () => `${shown(path)} is no directory, and no link is followed there`);
  }
};

const mountIdOf = async (descriptor: number): Promise<string> => {
  const id = /^mnt_id:\s*(\d+)$/m.exec(await fse.readFile(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];
  if (id === undefined) throw new Error('the kernel does not say which mount a directory is on');
  return id;
};

const shown = (path: string | Buffer): string => (typeof path === 'string' ? path : textOf(path.toString('latin1')));

/** The same error in other words; what is thrown here besides errors of system calls is left as it is. */
const withMessage = (thrown: unknown, change: (message: string) => string): unknown => {
  const code = errnoOf(thrown);
  if (!(thrown instanceof Error) || code === undefined) return thrown;
  return Object.assign(new Error(change(thrown.message), { cause: thrown }), { code });
};
