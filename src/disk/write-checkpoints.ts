/** Writing the status checkpoints of containers, `<root>/containers/<id>/status`, more durably than containerd does. */
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { encodeCheckpoint } from '../codec/checkpoint.js';
import type { Checkpoint } from '../core/container-status.js';
import type { PortError } from '../core/failure.js';
import type { Id } from '../core/identity.js';
import { baseNames, type Call, type CheckpointWriter, errnoOf, portError } from '../ports/index.js';
import { type Directory, inDirectory } from './directory.js';
import { diskChange } from './disk-call.js';
import { lstatOf, unlinkIfThere } from './entry.js';
import { inTurn } from './in-turn.js';
import { replaceFile } from './replace-file.js';
import { containerOf, temporaryOf } from './stale-checkpoint.js';

const file = 'status';
const aside = 'status.unreadable';

/** A writer of the checkpoints below an absolute root directory; it expects no other process to write them meanwhile. */
export const diskCheckpointWriter = (root: string): CheckpointWriter => {
  const inTurnOf = inTurn();
  const base = join(root, baseNames.container);
  const change = (operation: string, id: Id, run: (call: Call, container: Container) => Promise<Changed>) => {
    const call: Call = { port: 'checkpoints', operation, subject: id };
    return diskChange(call, (signal) =>
      inTurnOf(id, () => {
        signal.throwIfAborted();
        return run(call, { root, base, id, path: join(base, id), signal });
      }),
    );
  };
  const collectStale = () =>
    diskChange({ port: 'checkpoints', operation: 'collectStale', subject: '' }, async (signal) => {
      const stale = (await namesIn(base)).filter((name) => containerOf(name) !== undefined);
      signal.throwIfAborted();
      const collect = (name: string): Promise<void> =>
        inTurnOf(containerOf(name) ?? name, () => unlinkIfThere(join(base, name)));
      const problem = (await Promise.allSettled(stale.map(collect))).find((result) => result.status === 'rejected');
      if (problem !== undefined) throw problem.reason;
      return E.right(undefined);
    });
  return {
    write: (id, checkpoint) => change('write', id, (_, container) => write(container, checkpoint)),
    keepAside: (id) => change('keepAside', id, keepAside),
    collectStale,
  };
};

type Changed = E.Either<PortError, void>;

interface Container {
  readonly root: string;
  readonly base: string;
  readonly id: Id;
  readonly path: string;
  readonly signal: AbortSignal;
}

const write = async (container: Container, checkpoint: Checkpoint): Promise<Changed> => {
  const text = encodeCheckpoint(checkpoint);
  if ((await lstatOf(container.path)) === undefined) await makeDirectory(container);
  const temporary = temporaryOf(container.id);
  await inDirectory(container.base, 'follow', (base) =>
    inDirectory(base.at(container.id), 'refuse', async (directory) => {
      const replaceBy = (path: Buffer): Promise<void> =>
        replaceFile(directory, { name: file, temporary: path, text }, container.signal);
      try {
        await replaceBy(base.at(temporary));
      } catch (thrown) {
        // The directory is a mount of its own, or has a quota of its own.
        if (errnoOf(thrown) !== 'EXDEV') throw thrown;
        await replaceBy(directory.at(temporary));
      }
    }),
  );
  return E.right(undefined);
};

/** Makes the container's directory and the base it is in, never the root: a root that is gone is a disk that is not mounted. */
const makeDirectory = async ({ root, base, id }: Container): Promise<void> => {
  await inDirectory(root, 'follow', (directory) => makeEntry(directory, baseNames.container));
  await inDirectory(base, 'follow', (directory) => makeEntry(directory, id));
};

const makeEntry = async (directory: Directory, name: string): Promise<void> => {
  try {
    await fse.mkdir(directory.at(name), 0o755);
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') return;
    throw thrown;
  }
  // What the umask took away: containerd's daemon, which may run under another, has to get in too.
  await fse.chmod(directory.at(name), 0o755);
  await directory.sync();
};

const keepAside = async (call: Call, { path, signal }: Container): Promise<Changed> => {
  const stats = await lstatOf(join(path, file));
  if (stats === undefined) return E.left(portError('NotFound', call, 'there is no checkpoint to keep'));
  await inDirectory(path, 'refuse', async (directory) => {
    if (stats.isDirectory()) await moveAside(directory, 0);
    else {
      await linkAside(directory, 0);
      await directory.sync();
      signal.throwIfAborted();
      await fse.unlink(directory.at(file));
    }
    await directory.sync();
  });
  return E.right(undefined);
};

/** For what is kept aside first, and whenever that name is taken. */
const asideName = (count: number): string => (count === 0 ? aside : `${aside}.${count}`);

/** A directory, which cannot be linked. */
const moveAside = async (directory: Directory, count: number): Promise<void> => {
  const target = directory.at(asideName(count));
  if ((await lstatOf(target)) === undefined) await fse.rename(directory.at(file), target);
  else await moveAside(directory, count + 1);
};

/** A rename would replace what is there, a link does not. Killed after it, the next run finds both names on one file and goes on. */
const linkAside = async (directory: Directory, count: number): Promise<void> => {
  const target = directory.at(asideName(count));
  try {
    await fse.link(directory.at(file), target);
  } catch (thrown) {
    if (errnoOf(thrown) !== 'EEXIST') throw thrown;
    if (!(await isSameFile(directory.at(file), target))) await linkAside(directory, count + 1);
  }
};

const isSameFile = async (a: Buffer, b: Buffer): Promise<boolean> => {
  const [one, other] = [await fse.lstat(a), await fse.lstat(b)];
  return one.dev === other.dev && one.ino === other.ino;
};

/** Nothing where there is no such directory: it is made with the first container. */
const namesIn = async (path: string): Promise<ReadonlyArray<string>> => {
  try {
    return await fse.readdir(path);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw thrown;
  }
};
