/** Mounts below a folder. */
import { readFileSync } from 'node:fs';
import { command } from './command.js';

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** Every mount point below the folder, in the order they were mounted. */
export const mountsBelow = (directory: string): ReadonlyArray<string> =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescaped(line.split(' ')[4] ?? ''))
    .filter((path) => path.startsWith(`${directory}/`));

/** Detaches every mount below the folder, the last one first, and whatever they covered. */
export const unmountBelow = async (directory: string): Promise<void> => {
  for (let rounds = 0; rounds < 20; rounds++) {
    const mounts = mountsBelow(directory);
    if (mounts.length === 0) return;
    await command('umount', ['--lazy', '--', ...mounts.toReversed()]).catch(() => undefined);
  }
  throw new Error(`still mounted: ${mountsBelow(directory).join(', ')}`);
};
