/**
 * The mount table of this process, `/proc/self/mountinfo` (proc_pid_mountinfo(5)). Paths are byte strings: one character a byte, as a path
 * need not be UTF-8.
 */
import fse from 'fs-extra';

export interface Mount {
  /** Where it is mounted, as a byte string. */
  readonly point: string;
  /** What of its file system is mounted, as a byte string; for a namespace `net:[4026531840]`. */
  readonly source: string;
  /** File system type, as in `tmpfs`. */
  readonly type: string;
}

/**
 * All mounts in the order they were mounted: of two at one point the later covers the earlier. A node has hundreds, and each of its pods is
 * looked for in them, so one reading is for all who ask before it begins.
 */
export const readMounts = (): Promise<ReadonlyArray<Mount>> => {
  next ??= new Promise((resolve, reject) => {
    setImmediate(() => {
      next = undefined;
      readNow().then(resolve, reject);
    });
  });
  return next;
};

let next: Promise<ReadonlyArray<Mount>> | undefined;

const readNow = async (): Promise<ReadonlyArray<Mount>> =>
  parseMountinfo(await fse.readFile('/proc/self/mountinfo', 'latin1'));

/**
 * The mounts of a mountinfo file given as a byte string; lines that are none are left out.
 *
 * @example
 * const line = '36 35 98:0 /src /mnt/a\\040b rw shared:1 - ext4 /dev/sda rw';
 * assert.deepStrictEqual(parseMountinfo(line), [{ point: '/mnt/a b', source: '/src', type: 'ext4' }]);
 */
export const parseMountinfo = (text: string): ReadonlyArray<Mount> => text.split('\n').flatMap(parseLine);

/** Fields before ` - `: id, parent, device, source, point, options, then any number of optional ones. */
const parseLine = (line: string): ReadonlyArray<Mount> => {
  const [fields, tail] = line.split(' - ', 2);
  const [, , , source, point] = (fields ?? '').split(' ');
  const type = tail?.split(' ')[0];
  if (source === undefined || point === undefined || type === undefined) return [];
  return [{ point: unescapeOctal(point), source: unescapeOctal(source), type }];
};

/** Undoes the kernel's `\040` for space, tab, newline and backslash. */
const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
