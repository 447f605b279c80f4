/** Who holds a lock: a process, told from a later one with its pid by when it started and since which boot. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import fse from 'fs-extra';
import { decodeJson, prettyJson } from '../codec/json.js';
import { text, uint32 } from '../codec/scalar.js';
import { decimal, struct } from '../codec/shape.js';
import { errnoOf } from '../ports/index.js';
import { hasEnded, startTicksOf } from './proc-stat.js';

export interface Holder {
  /** As seen in the holder's pid namespace: processes that act on one node have to share it. */
  readonly pid: number;
  /** Ticks between boot and the start of the process. */
  readonly startTicks: bigint;
  readonly bootId: string;
  /** The beginning of its command line, for people. */
  readonly command: string;
}

const stored = struct<Holder>('a lock', { pid: uint32, startTicks: decimal, bootId: text, command: text });

export const encodeHolder = (holder: Holder): string => prettyJson(stored.encode(holder));

/** The holder that a lock file names; undefined for what names none. */
export const decodeHolder = (bytes: Uint8Array): Holder | undefined =>
  pipe(
    decodeJson(bytes),
    E.chainW(stored.decode),
    E.getOrElseW(() => undefined),
  );

const longestCommand = 200;

/** This process; throws where `/proc` is not the kernel's. What the kernel says of it waits for no disk. */
export const thisProcess = (): Holder => {
  const startTicks = startTicksOf(fse.readFileSync('/proc/self/stat', 'latin1'));
  if (startTicks === undefined) throw new Error('/proc does not say when this process started');
  return {
    pid: process.pid,
    startTicks,
    bootId: readBootId(),
    command: process.argv.join(' ').slice(0, longestCommand),
  };
};

/** True as long as the very process runs that the lock names. */
export const isAlive = async ({ pid, startTicks, bootId }: Holder): Promise<boolean> => {
  if (bootId !== readBootId()) return false;
  const stat = await readStat(pid);
  return stat !== undefined && startTicksOf(stat) === startTicks && !hasEnded(stat);
};

const readBootId = (): string => fse.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();

const readStat = async (pid: number): Promise<string | undefined> => {
  try {
    return await fse.readFile(`/proc/${pid}/stat`, 'latin1');
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT' || errnoOf(thrown) === 'ESRCH') return undefined;
    throw thrown;
  }
};
