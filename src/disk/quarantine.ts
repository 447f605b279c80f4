/** The quarantine as its owner sees it: what is in it, putting something back, and clearing it out. */
import { join, resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import type { PortError } from '../core/failure.js';
import { type Call, type PortCall, portError } from '../ports/index.js';
import { diskCall, diskChange } from './disk-call.js';
import { refuseEntry } from './entry.js';
import { type Area, type Quarantined, readEntries } from './quarantine-entries.js';
import { shelterName } from './quarantine-layout.js';
import { sweepLeftovers } from './quarantine-leftovers.js';
import { purgeEntry } from './quarantine-purge.js';
import { restoreEntry } from './quarantine-restore.js';

export type { Quarantined } from './quarantine-entries.js';

/** All but `list` change the node: for who has acquired its lock. Entries are told by the name they are listed under. */
export interface Quarantine {
  /** What is in it, of the root directory and then of the state directory, oldest first; on the left an entry whose manifest cannot be read. */
  readonly list: () => PortCall<ReadonlyArray<E.Either<PortError, Quarantined>>>;
  /** Puts an entry back where it came from, and gives that path. `Denied` where something has taken the place, `Corrupt` without a manifest. */
  readonly restore: (entry: string) => PortCall<string>;
  /** Deletes an entry, even one without a manifest; `Unexpected`, and nothing is deleted, where something is mounted in it. */
  readonly purge: (entry: string) => PortCall<void>;
  /** Deletes what was moved before a time in nanoseconds since 1970, and what killed runs left; gives the name of each entry that is gone. */
  readonly purgeBefore: (time: bigint) => PortCall<ReadonlyArray<E.Either<PortError, string>>>;
}

/**
 * The quarantine of a node; relative paths are resolved. Nothing is looked at before a call, and there need be no quarantine yet.
 *
 * @example
 * const quarantine = openQuarantine({ root: './no-such-directory', state: './state' });
 * assert.deepStrictEqual(await quarantine.list()(new AbortController().signal)(), E.right([]));
 */
export const openQuarantine = (given: { readonly root: string; readonly state: string }): Quarantine => {
  const areas: ReadonlyArray<Area> = [
    { area: 'root', path: resolve(given.root) },
    { area: 'state', path: resolve(given.state) },
  ];
  const purge = (entry: string): PortCall<void> =>
    change('purge', entry, async (call, signal) =>
      inAreaOf(call, areas, entry, (area) => purgeEntry(call, area, entry, signal)),
    );
  return {
    list: () => {
      const call = callOf('listQuarantine', '');
      return diskCall(call, async () => E.right(await listAll(call, areas)));
    },
    restore: (entry) =>
      change('restore', entry, async (call, signal) =>
        inAreaOf(call, areas, entry, (area) => restoreEntry(call, area, entry, signal)),
      ),
    purge,
    purgeBefore: (time) =>
      change('purgeBefore', '', async (call, signal) => {
        const entries = await listAll(call, areas);
        const old = RA.rights(entries).filter(({ movedAt }) => movedAt < time);
        // Nobody can say how old what has no manifest is: it stays, and is told of.
        const gone: Array<E.Either<PortError, string>> = [...RA.lefts(entries).map(E.left)];
        for (const { entry } of old) gone.push(E.map(() => entry)(await purge(entry)(signal)()));
        for (const { path } of areas) await sweepLeftovers(path);
        return E.right(gone);
      }),
  };
};

const callOf = (operation: string, subject: string): Call => ({ port: 'directories', operation, subject });

const change = <A>(
  operation: string,
  subject: string,
  run: (call: Call, signal: AbortSignal) => Promise<E.Either<PortError, A>>,
): PortCall<A> => {
  const call = callOf(operation, subject);
  return diskChange(call, (signal) => run(call, signal));
};

const listAll = async (call: Call, areas: ReadonlyArray<Area>) =>
  (await Promise.all(areas.map((area) => readEntries(call, area)))).flat();

/** The name of an entry has its area in it, so that it is in one of them only. */
const inAreaOf = async <A>(
  call: Call,
  areas: ReadonlyArray<Area>,
  entry: string,
  act: (area: Area) => Promise<E.Either<PortError, A>>,
): Promise<E.Either<PortError, A>> => {
  for (const area of areas) {
    const refusal = await refuseEntry(call, join(area.path, shelterName), entry);
    if (refusal === undefined) return act(area);
    if (refusal._tag !== 'NotFound') return E.left(refusal);
  }
  return E.left(portError('NotFound', call, 'there is no such entry in the quarantine'));
};
