/** The shims of a node, found in /proc by the address of the node's socket in their command line. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

export interface Shim {
  readonly pid: number;
  /** The sandbox it was started for; one shim serves the whole pod. */
  readonly id: string;
}

const isNumber = (name: string): boolean => /^\d+$/.test(name);

const argumentsOf = async (pid: string): Promise<ReadonlyArray<string>> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');

const optionValue = (args: ReadonlyArray<string>, option: string): string | undefined => {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
};

interface ShimProcess extends Shim {
  /** False for the short-lived ones with which containerd starts a shim and cleans up after a dead one. */
  readonly serves: boolean;
}

/** Every process of the shim program that containerd has started for this socket. */
export const shimProcessesOf = async (socket: string): Promise<ReadonlyArray<ShimProcess>> => {
  const found: ShimProcess[] = [];
  for (const pid of (await readdir('/proc')).filter(isNumber)) {
    const args = await argumentsOf(pid);
    const id = optionValue(args, '-id');
    if (args[0]?.endsWith('containerd-shim-runc-v2') && optionValue(args, '-address') === socket && id !== undefined)
      found.push({ pid: Number(pid), id, serves: !args.includes('start') && !args.includes('delete') });
  }
  return found;
};

/** Every living shim of the containerd that listens on this socket. */
export const shimsOf = async (socket: string): Promise<ReadonlyArray<Shim>> =>
  (await shimProcessesOf(socket)).filter(({ serves }) => serves).map(({ pid, id }) => ({ pid, id }));

/** The state letter of a process in /proc (`S` sleeping, `T` stopped, `Z` zombie), or undefined when it is gone. */
export const processState = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  } catch {
    return undefined;
  }
};

/** Whether the process is there and has not ended. */
export const isAlive = (pid: number): boolean => !['Z', 'X', undefined].includes(processState(pid));

/** The socket files a process listens on; shims keep them outside the node's folder, in a place that is fixed. */
export const listeningPaths = (pid: number): ReadonlyArray<string> => {
  const inodes = new Set<string>();
  try {
    for (const name of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  } catch {
    // the process ended, or closed a descriptor, while it was looked at
  }
  const rows = readFileSync('/proc/net/unix', 'utf8').trimEnd().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, , , , , , inode, path] = row.trim().split(/\s+/);
    return inode !== undefined && inodes.has(inode) && path?.startsWith('/run/containerd/s/') ? [path] : [];
  });
};

/** Sends a signal; a process that is gone already is fine. */
export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};
