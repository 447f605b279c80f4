/** What runs that were killed left in the quarantine: entries without content. */
import { join } from 'node:path';
import debug from 'debug';
import fse from 'fs-extra';
import { inDirectory } from './directory.js';
import { lstatOf } from './entry.js';
import { isLeftover, shelterName } from './quarantine-layout.js';
import { removeDirectory } from './remove-directory.js';

const log = debug('cri-recovery:disk');

/**
 * Sweeps an area's quarantine the first time it is asked to, when no move of this process can be under way, and lets later ones wait for that.
 * That it fails is no reason not to move an orphan.
 */
export const leftoversOnce = (): ((area: string) => Promise<void>) => {
  const swept = new Map<string, Promise<void>>();
  return (area) => {
    const known = swept.get(area);
    if (known !== undefined) return known;
    const sweeping = sweepLeftovers(area).catch((thrown: unknown) => log('leftovers in %s: %s', area, thrown));
    swept.set(area, sweeping);
    return sweeping;
  };
};

/** Deletes the entries without content; for a time at which nobody else acts on the node. */
export const sweepLeftovers = async (area: string): Promise<void> => {
  const path = join(area, shelterName);
  if ((await lstatOf(path)) === undefined) return;
  await inDirectory(path, 'refuse', async (shelter) => {
    const entries = await fse.readdir(shelter.at(''), { withFileTypes: true });
    for (const { name } of entries.filter((entry) => entry.isDirectory()))
      if (isLeftover(await fse.readdir(shelter.at(name))))
        await removeDirectory(shelter, name, new AbortController().signal);
  });
};
