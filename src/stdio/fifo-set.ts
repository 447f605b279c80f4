/** The FIFOs of one container: a directory of its own below `<state>/containers/<id>/io`, as containerd lays it out. */
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fse from 'fs-extra';
import type { Id } from '../core/identity.js';
import type { TaskStdio } from '../core/task.js';
import { type HeldDirectory, holdBelow, holdDirectory, makeBelow } from './held-directory.js';
import { log } from './io-call.js';
import { makeDirectories } from './make-directories.js';

export interface SetRequest {
  readonly id: Id;
  readonly tty: boolean;
  readonly stdin: boolean;
}

/** A directory for FIFOs that are yet to be made, held open together with the one above it. */
export interface FifoSet {
  readonly io: HeldDirectory;
  readonly directory: HeldDirectory;
  /** The directory's name in `io`. */
  readonly name: string;
  readonly fifoNames: ReadonlyArray<string>;
  readonly stdio: TaskStdio;
}

const baseMode = 0o755;
const ioMode = 0o700;

/** Makes the directory of a new set, and what is missing above it. Rejects as the system calls do, holding nothing. */
export const prepareSet = async (state: string, { id, tty, stdin }: SetRequest): Promise<FifoSet> => {
  const io = await holdIo(state, id);
  const name = randomBytes(8).toString('hex');
  try {
    const directory = await makeBelow(io, name, ioMode);
    const path = (stream: string): string => join(state, 'containers', id, 'io', name, `${id}-${stream}`);
    const stdio = { stdin: stdin ? path('stdin') : '', stdout: path('stdout'), stderr: path('stderr'), terminal: tty };
    const streams = [...(stdin ? ['stdin'] : []), 'stdout', 'stderr'];
    return { io, directory, name, fifoNames: streams.map((stream) => `${id}-${stream}`), stdio };
  } catch (thrown) {
    await io.close();
    throw thrown;
  }
};

/** Lets go of what is held. */
export const closeSet = async ({ io, directory }: FifoSet): Promise<void> => {
  await directory.close();
  await io.close();
};

/** Whether every FIFO of the set is there. */
export const isComplete = async ({ directory, fifoNames }: FifoSet): Promise<boolean> => {
  const found = await fse.readdir(directory.at(''), { withFileTypes: true });
  return fifoNames.every((name) => found.some((entry) => entry.name === name && entry.isFIFO()));
};

/** Takes back a set that was made. Where it is gone already, that is fine. */
export const removeMade = async (state: string, id: Id, { stdout }: TaskStdio): Promise<void> => {
  const io = await holdIo(state, id);
  try {
    await removeSet(io, stdout.split('/').at(-2) ?? '');
  } finally {
    await io.close();
  }
};

/** Removes the sets of earlier attempts. What resists is left: it is in nobody's way. */
export const removeOthers = async ({ io, name }: FifoSet): Promise<void> => {
  for (const entry of await fse.readdir(io.at(''), { withFileTypes: true, encoding: 'buffer' })) {
    if (!entry.isDirectory() || entry.name.equals(Buffer.from(name))) continue;
    await removeSet(io, entry.name).catch((thrown: unknown) => log('an earlier set of FIFOs stays: %s', thrown));
  }
};

/** Deletes a directory of `io` and the files in it, FIFOs or not; rejects where something is mounted or there are directories in it. */
export const removeSet = async (io: HeldDirectory, name: string | Buffer): Promise<void> => {
  const directory = await holdBelow(io, name);
  try {
    if ((await mountIdOf(directory)) !== (await mountIdOf(io))) throw new Error('something is mounted there');
    for (const entry of await fse.readdir(directory.at(''), { withFileTypes: true, encoding: 'buffer' }))
      if (!entry.isDirectory()) await fse.unlink(directory.at(entry.name));
  } finally {
    await directory.close();
  }
  await fse.rmdir(io.at(name));
};

const mountIdOf = async ({ descriptor }: HeldDirectory): Promise<string | undefined> =>
  /^mnt_id:\s*(\d+)$/m.exec(await fse.readFile(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];

const holdIo = async (state: string, id: Id): Promise<HeldDirectory> => {
  await makeDirectories(state);
  let held = await holdDirectory(state);
  for (const [name, mode] of [
    ['containers', baseMode],
    [id, baseMode],
    ['io', ioMode],
  ] as const) {
    const parent = held;
    try {
      held = await makeBelow(parent, name, mode);
    } finally {
      await parent.close();
    }
  }
  return held;
};
