/** Memory of this process, as the kernel counts it. */
import { readFileSync, writeFileSync } from 'node:fs';

/** Full collections until nothing more is given back. Needs `--expose-gc`. */
export const collectGarbage = (): void => {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('start this process with --expose-gc');
  gc();
  gc();
};

/** Bytes in memory now. */
export const residentBytes = (): number => kilobytesOf('VmRSS') * 1_024;

/** Bytes in memory at the most, since the last `forgetPeak`. */
export const peakBytes = (): number => kilobytesOf('VmHWM') * 1_024;

/** Begins anew to look for the peak (proc_pid_clear_refs(5)). */
export const forgetPeak = (): void => writeFileSync('/proc/self/clear_refs', '5');

const kilobytesOf = (field: string): number => {
  const line = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'latin1'));
  if (line === null) throw new Error(`/proc/self/status has no ${field}`);
  return Number(line[1]);
};
