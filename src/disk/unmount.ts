/** Taking away what is mounted at and below a directory, as containerd does before it removes one: detached, deepest first. */
import { execFile } from 'node:child_process';
import { isText, textOf } from './byte-string.js';
import { readMounts } from './mountinfo.js';

/** Mount points at or below a real path, all byte strings: deepest first, the later before what it covers. */
export const mountPointsBelow = async (path: string): Promise<ReadonlyArray<string>> => {
  const depth = (point: string): number => point.split('/').length;
  const points = (await readMounts()).map(({ point }) => point);
  const below = points.filter((point) => point === path || point.startsWith(`${path}/`));
  return below.toReversed().sort((a, b) => depth(b) - depth(a));
};

/** Unmounts all of it and gives the mount points; rejects when something is still mounted there after that, saying what and why. */
export const unmountBelow = async (path: string, signal: AbortSignal): Promise<ReadonlyArray<string>> => {
  const points = await mountPointsBelow(path);
  const complaints: string[] = [];
  for (const point of points) {
    signal.throwIfAborted();
    complaints.push(...(await unmount(point, points, signal)));
  }
  signal.throwIfAborted();
  const left = points.length === 0 ? [] : await mountPointsBelow(path);
  if (left.length > 0) throw new Error([`still mounted: ${left.map(textOf).join(', ')}`, ...complaints].join('; '));
  return points.map(textOf);
};

/** Lazily, like containerd's MNT_DETACH: a mount in use goes out of sight now and away with its last user. Gives what the command said against it. */
const unmount = async (
  point: string,
  points: ReadonlyArray<string>,
  signal: AbortSignal,
): Promise<ReadonlyArray<string>> => {
  // A command line is text.
  if (!isText(point)) return [`${textOf(point)} is not UTF-8`];
  // A recursive bind of a shared tree passes on to its origin what is unmounted inside it, unless it is made private before. What is inside
  // goes first, so that has to be done while the first of it is there.
  const enclosing = points.filter((other) => other !== point && point.startsWith(`${other}/`)).map(textOf);
  const complaints: string[] = [];
  for (const outer of enclosing) complaints.push(...(await run('mount', ['--make-private', outer], signal)));
  if (complaints.length > 0) return complaints;
  return run('umount', ['-l', textOf(point)], signal);
};

/** Runs a command without a shell; gives what it had to say when it failed, never rejects. */
const run = (command: string, args: ReadonlyArray<string>, signal: AbortSignal): Promise<ReadonlyArray<string>> =>
  new Promise((resolve) => {
    const environment = { PATH: process.env.PATH, LC_ALL: 'C' };
    execFile(command, args, { signal, env: environment }, (error, _, stderr) =>
      resolve(error === null ? [] : [stderr.trim() || error.message]),
    );
  });
