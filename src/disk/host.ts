/** What `/proc` says of processes and of mounted network namespaces. */
import { uptime } from 'node:os';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import type { PortError } from '../core/failure.js';
import { type Call, errnoOf, type Host, portError } from '../ports/index.js';
import { byteStringOf } from './byte-string.js';
import { diskCall } from './disk-call.js';
import { readMounts } from './mountinfo.js';
import { bootSecondOf, bootTimeWithin, startTicksOf } from './proc-stat.js';

/** The kernel's USER_HZ: 100 on every architecture that Node runs on, whatever rate the kernel itself ticks at. */
const nanosecondsPerTick = 1_000_000_000n / 100n;

/** The local host; a process has the same start time however often it is asked for. */
export const openHost = (): Host => {
  const bootTime = stableBootTime();
  return {
    processStartedAt: (pid) => {
      const call: Call = { port: 'host', operation: 'processStartedAt', subject: String(pid) };
      return diskCall(call, () => processStartedAt(call, pid, bootTime));
    },
    hasNetworkNamespace: (path) =>
      diskCall({ port: 'host', operation: 'hasNetworkNamespace', subject: path }, async () =>
        E.right(await hasNetworkNamespace(path)),
      ),
  };
};

/** The uptime is given in hundredths of a second, so each measurement differs a little: one is kept until the clock is set. */
const stableBootTime = (): ((btime: bigint) => bigint) => {
  let kept: { readonly btime: bigint; readonly booted: bigint } | undefined;
  return (btime) => {
    if (kept?.btime !== btime) kept = { btime, booted: bootTimeWithin(btime, Date.now() - uptime() * 1000) };
    return kept.booted;
  };
};

const processStartedAt = async (
  call: Call,
  pid: number,
  bootTime: (btime: bigint) => bigint,
): Promise<E.Either<PortError, bigint>> => {
  // The process name in it may hold any byte.
  const ticks = startTicksOf(await fse.readFile(`/proc/${pid}/stat`, 'latin1'));
  const btime = bootSecondOf(await fse.readFile('/proc/stat', 'latin1'));
  if (ticks === undefined || btime === undefined)
    return E.left(portError('Corrupt', call, '/proc does not say when the process or the machine started'));
  return E.right(bootTime(btime) + ticks * nanosecondsPerTick);
};

/** Of several mounts at one point the last is the one that is seen. */
const hasNetworkNamespace = async (path: string): Promise<boolean> => {
  const point = await realPathOf(path);
  if (point === undefined) return false;
  const bytes = byteStringOf(point);
  const mount = (await readMounts()).findLast((candidate) => candidate.point === bytes);
  return mount?.type === 'nsfs' && mount.source.startsWith('net:');
};

const realPathOf = async (path: string): Promise<string | undefined> => {
  try {
    return await fse.realpath.native(path);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT' || errnoOf(thrown) === 'ENOTDIR') return undefined;
    throw thrown;
  }
};
