/** Mounts made for one test, gone when it ends: only ever below the test's own folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import fse from 'fs-extra';
import { onTestFinished } from 'vitest';

/** Mounts at a path, which is made where it is missing. */
export const mountAt = async (path: string, ...options: ReadonlyArray<string>): Promise<void> => {
  await fse.mkdirp(path);
  execFileSync('mount', [...options, path], { stdio: 'pipe' });
  onTestFinished(() => void spawnSync('umount', ['--lazy', path]));
};

/** A file system of its own in memory, of the given size. */
export const tmpfsAt = (path: string, size = '1m'): Promise<void> =>
  mountAt(path, '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs');

/** Makes a mounted file system read-only, or writable again. */
export const remount = (path: string, mode: 'ro' | 'rw'): void => {
  execFileSync('mount', ['-o', `remount,${mode}`, path], { stdio: 'pipe' });
};

/** Fills a file system to the last byte. */
export const fillUp = (path: string): void => {
  spawnSync('dd', ['if=/dev/zero', `of=${path}/filling`, 'bs=4k'], { stdio: 'ignore' });
};

/** Mount points at or below a path. */
export const mountsBelow = (path: string): ReadonlyArray<string> =>
  fse
    .readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point === path || point.startsWith(`${path}/`));
