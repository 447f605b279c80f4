/** Making directories that have the mode they are meant to have, whatever the process's umask. */
import { dirname, resolve } from 'node:path';
import fse from 'fs-extra';

/** Makes what is missing on the way to a directory, each 0755, and leaves what is there as it is. */
export const makeDirectories = async (given: string): Promise<void> => {
  const path = resolve(given);
  const first: unknown = await fse.mkdir(path, { recursive: true, mode: directoryMode });
  // The topmost directory that was made, where any was.
  if (typeof first !== 'string') return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await fse.chmod(made, directoryMode);
};

const directoryMode = 0o755;
