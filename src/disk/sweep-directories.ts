/** Clearing orphaned directories out of the four bases: removed as containerd does (`ensureRemoveAll`), or moved into the quarantine. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import type { Base } from '../core/observation.js';
import { baseNames, type Call, type Clock, type DirectorySweeper, errnoOf } from '../ports/index.js';
import { byteStringOf } from './byte-string.js';
import { inDirectory } from './directory.js';
import { diskChange } from './disk-call.js';
import { lstatOf, refuseEntry } from './entry.js';
import { leftoversOnce } from './quarantine-leftovers.js';
import { type Orphan, quarantineOrphan } from './quarantine-orphan.js';
import { removeDirectory } from './remove-directory.js';
import { unmountBelow } from './unmount.js';

/** A sweeper of the directories below an absolute root and state; the clock dates what goes into the quarantine. */
export const diskSweeper = (directory: Record<Base['area'], string>, clock: Clock): DirectorySweeper => {
  const sweepOnce = leftoversOnce();
  const sweep = (operation: string, base: Base, name: string, act: (orphan: Orphan) => Promise<void>) => {
    const path = join(directory[base.area], baseNames[base.kind]);
    const call: Call = { port: 'directories', operation, subject: `${path}/${name}` };
    return diskChange(call, async (signal) => {
      const refusal = await refuseEntry(call, path, name);
      if (refusal !== undefined) return E.left(refusal);
      // The kernel tells mount points by real paths; the base, unlike the entry, may be reached through a link.
      const realPath = `${byteStringOf(await fse.realpath.native(path))}/${byteStringOf(name)}`;
      await act({ base, area: directory[base.area], path, name, realPath, signal });
      return E.right(undefined);
    });
  };
  return {
    remove: (base, name) => sweep('remove', base, name, remove),
    quarantine: (base, name, why) =>
      sweep('quarantine', base, name, async (orphan) => {
        await sweepOnce(orphan.area);
        await quarantineOrphan(orphan, why, clock.now());
      }),
  };
};

const mostRetries = 50;
const retryAfterMs = 100;

/** Something was mounted, made or deleted in it while it was being deleted. */
const isDisturbance = (thrown: unknown): boolean => ['EBUSY', 'ENOTEMPTY', 'ENOENT'].includes(errnoOf(thrown) ?? '');

const remove = async ({ path, name, realPath, signal }: Orphan): Promise<void> => {
  for (let retries = 0; ; retries += 1) {
    await unmountBelow(realPath, signal);
    try {
      await inDirectory(path, 'follow', (base) => removeDirectory(base, name, signal));
      return;
    } catch (thrown) {
      if ((await lstatOf(join(path, name))) === undefined) return;
      if (!isDisturbance(thrown) || retries === mostRetries) throw thrown;
    }
    await pause(retryAfterMs, undefined, { signal });
  }
};
