/** The composition of the disk adapter: looks whether the directories can be the CRI plugin's, and changes nothing by opening them. */
import { join, resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import fse from 'fs-extra';
import type { PortError } from '../core/failure.js';
import {
  baseNames,
  type Call,
  type CheckpointReader,
  type CheckpointWriter,
  type DirectoryReader,
  type DirectorySweeper,
  errnoOf,
  fromErrno,
  type Host,
  type Lock,
  portError,
  systemClock,
} from '../ports/index.js';
import { diskCheckpoints } from './checkpoints.js';
import { diskDirectories } from './directories.js';
import { openHost } from './host.js';
import { diskLock } from './lock.js';
import { diskSweeper } from './sweep-directories.js';
import { diskCheckpointWriter } from './write-checkpoints.js';

/** The ports that read the local disk. */
export interface Disk {
  readonly checkpoints: CheckpointReader;
  readonly directories: DirectoryReader;
  readonly host: Host;
}

/** The ports that read the local disk, those that change it, and the lock that keeps others from it meanwhile. */
export interface WritableDisk extends Disk {
  readonly checkpoints: CheckpointReader & CheckpointWriter;
  readonly directories: DirectoryReader & DirectorySweeper;
  readonly lock: Lock;
}

/**
 * Opens the CRI plugin's root and state directories; relative paths are resolved. `NotFound` for a root that does not exist, `Corrupt` for one
 * that is not the plugin's, or a state that is no directory or a root. A state that does not exist is fine: after a reboot `/run` is empty.
 *
 * @example
 * const disk = await openDisk({ root: './no-such-directory', state: './state' })();
 * assert.strictEqual(E.isLeft(disk) && disk.left._tag, 'NotFound');
 */
export const openDisk =
  (given: { readonly root: string; readonly state: string }): TE.TaskEither<PortError, Disk> =>
  async () => {
    const root = resolve(given.root);
    const state = resolve(given.state);
    const [ofRoot, ofState, swapped] = await Promise.all([refuseRoot(root), refuseState(state), refuseSwapped(state)]);
    const refusal = ofRoot ?? ofState ?? (await refuseNested(root, state)) ?? swapped;
    if (refusal !== undefined) return E.left(refusal);
    return E.right({
      checkpoints: diskCheckpoints(root),
      directories: diskDirectories({ root, state }),
      host: openHost(),
    });
  };

/**
 * Opens the same directories, under the same conditions, to change what is in them: for one process at a time, which the lock sees to once it
 * is acquired.
 *
 * @example
 * const disk = await openWritableDisk({ root: './no-such-directory', state: './state' })();
 * assert.strictEqual(E.isLeft(disk) && disk.left._tag, 'NotFound');
 */
export const openWritableDisk = (given: {
  readonly root: string;
  readonly state: string;
}): TE.TaskEither<PortError, WritableDisk> => {
  const root = resolve(given.root);
  const state = resolve(given.state);
  return pipe(
    openDisk({ root, state }),
    TE.map((disk) => ({
      checkpoints: { ...disk.checkpoints, ...diskCheckpointWriter(root) },
      directories: { ...disk.directories, ...diskSweeper({ root, state }, systemClock) },
      host: disk.host,
      lock: diskLock(state),
    })),
  );
};

const expected =
  "the CRI plugin's root directory was expected, which holds sandboxes and containers " +
  '(by default /var/lib/containerd/io.containerd.grpc.v1.cri)';

const refuseRoot = async (root: string): Promise<PortError | undefined> => {
  const call: Call = { port: 'directories', operation: 'open', subject: root };
  try {
    if (!(await fse.stat(root)).isDirectory()) return portError('Corrupt', call, `${expected}; this is no directory`);
    if ((await exists(join(root, baseNames.sandbox))) || (await exists(join(root, baseNames.container))))
      return undefined;
    // What this library leaves in a root does not make it another.
    if ((await fse.readdir(root)).every((name) => name.startsWith('cri-recovery'))) return undefined;
    return portError('Corrupt', call, `${expected}; this directory holds other things and neither of the two`);
  } catch (thrown) {
    return errnoOf(thrown) === 'ENOENT'
      ? portError('NotFound', call, `${expected}; there is nothing here`, thrown)
      : fromErrno(call, thrown);
  }
};

const refuseState = async (state: string): Promise<PortError | undefined> => {
  const call: Call = { port: 'directories', operation: 'open', subject: state };
  try {
    if ((await fse.stat(state)).isDirectory()) return undefined;
    return portError('Corrupt', call, "the CRI plugin's state directory was expected; this is no directory");
  } catch (thrown) {
    return errnoOf(thrown) === 'ENOENT' ? undefined : fromErrno(call, thrown);
  }
};

/** In one place an entry would be met, and moved, twice. */
const refuseNested = async (root: string, state: string): Promise<PortError | undefined> => {
  const call: Call = { port: 'directories', operation: 'open', subject: state };
  if (!(await exists(state))) return undefined;
  const [realRoot, realState] = await Promise.all([fse.realpath.native(root), fse.realpath.native(state)]);
  const isApart = !`${realRoot}/`.startsWith(`${realState}/`) && !`${realState}/`.startsWith(`${realRoot}/`);
  return isApart
    ? undefined
    : portError('Corrupt', call, `the state directory and the root directory ${root} lie in one another`);
};

/** Checkpoints lie below the root alone, so a state directory that has one is the root. A few entries tell. */
const refuseSwapped = async (state: string): Promise<PortError | undefined> => {
  const call: Call = { port: 'directories', operation: 'open', subject: state };
  const containers = join(state, baseNames.container);
  // What cannot be looked at there is no checkpoint, and is told by whoever needs it.
  const some = (await fse.readdir(containers).catch(() => [])).slice(0, 8);
  const isThere = (id: string): Promise<boolean> => exists(join(containers, id, 'status')).catch(() => false);
  const found = await Promise.all(some.map(isThere));
  return found.includes(true)
    ? portError('Corrupt', call, 'the state directory was expected; this one holds checkpoints, as a root does')
    : undefined;
};

const exists = async (path: string): Promise<boolean> => {
  try {
    await fse.lstat(path);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
};
