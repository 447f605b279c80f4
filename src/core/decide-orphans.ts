/**
 * Directories without a record (containerd `cleanupOrphanedIDDirs`): removed as containerd does, or moved aside, unless so many look
 * orphaned that the list is the likelier fault (H11).
 */
import * as E from 'fp-ts/lib/Either.js';
import type { DirectoryAction, Outcome, Performed } from './action.js';
import { describePortError, type ItemFailure, type RecoveryFailure } from './failure.js';
import { isEntryName, type Kind } from './identity.js';
import type { Base, DirectoryEntry, ObservedBase } from './observation.js';
import type { Policy } from './policy.js';
import { settlePlainly } from './settle-plainly.js';
import { sortedBy } from './sorted-by.js';
import { atOnce, eachInTurns, type Turns } from './turns.js';

/** What becomes of one directory, and why. */
export interface OrphanDecision {
  readonly base: Base;
  readonly name: string;
  readonly path: string;
  readonly why: string;
  /** True for a directory that looks orphaned and is left alone all the same. */
  readonly refused: boolean;
  /** Empty when it is kept. */
  readonly steps: ReadonlyArray<DirectoryAction>;
  /** What has been done so far; empty in a plan. */
  readonly performed: ReadonlyArray<Performed<DirectoryAction>>;
}

/** What becomes of the directories of a node, and those that could not be listed. */
export interface Orphans {
  readonly orphans: ReadonlyArray<OrphanDecision>;
  readonly failures: ReadonlyArray<ItemFailure>;
}

/** Every id that was listed, loaded or not, by kind. */
export type ListedIds = Readonly<Record<Kind, ReadonlySet<string>>>;

/** Decides the entries of all base directories; containerd gives up when one of them cannot be read. */
export const decideOrphans =
  (policy: Policy, listed: ListedIds) =>
  (bases: ReadonlyArray<ObservedBase>): E.Either<RecoveryFailure, Orphans> =>
    atOnce(decideOrphansInTurns(policy, listed, bases));

/** The same for those who have other things to do meanwhile. */
export function* decideOrphansInTurns(
  policy: Policy,
  listed: ListedIds,
  bases: ReadonlyArray<ObservedBase>,
): Turns<E.Either<RecoveryFailure, Orphans>> {
  const orphans: OrphanDecision[] = [];
  const failures: ItemFailure[] = [];
  const brakes = {
    sandbox: yield* brakeFor(policy, 'sandbox', listed.sandbox, bases),
    container: yield* brakeFor(policy, 'container', listed.container, bases),
  };
  // In order of their paths, so that which one ends it does not depend on who was read first.
  for (const base of sortedBy(bases, ({ path }) => path)) {
    const { kind, entries } = base;
    if (E.isRight(entries)) {
      yield* eachInTurns(entries.right, (entry) => {
        orphans.push(...decideEntry(policy, listed[kind], base, entry, brakes[kind]));
      });
    } else if (entries.left._tag !== 'NotFound') {
      if (policy.orphanedDirectory === 'remove') return E.left({ _tag: 'NodeUnreadable', error: entries.left });
      const message = `nothing in it is touched: ${describePortError(entries.left)}`;
      failures.push({ kind: 'directory', id: base.path, tag: 'DirectoryUnreadable', message });
    }
  }
  return E.right({ orphans, failures });
}

const decideEntry = (
  policy: Policy,
  listed: ReadonlySet<string>,
  base: ObservedBase,
  entry: DirectoryEntry,
  brake: string | undefined,
): ReadonlyArray<OrphanDecision> => {
  if (entry.type === 'directory' && listed.has(entry.name)) return [];
  const { kind, area } = base;
  const found = {
    base: { kind, area },
    name: entry.name,
    path: `${base.path}/${entry.name}`,
    refused: false,
    performed: [],
  };
  if (entry.type !== 'directory') return [{ ...found, why: `it is no directory but a ${noun(entry.type)}`, steps: [] }];
  if (!isEntryName(entry.name)) return [{ ...found, why: 'its name is no name of a directory', steps: [] }];
  if (brake !== undefined) return [{ ...found, why: brake, refused: true, steps: [] }];
  const _tag = policy.orphanedDirectory === 'remove' ? 'RemoveDirectory' : 'QuarantineDirectory';
  const step: DirectoryAction = { _tag, base: { kind, area }, name: entry.name };
  return [{ ...found, why: orphanReason(kind), steps: [step] }];
};

/** Why a directory counts as orphaned. */
export const orphanReason = (kind: Kind): string => `containerd has no ${kind} of this id`;

const noun = (type: Exclude<DirectoryEntry['type'], 'directory'>): string => {
  switch (type) {
    case 'file':
      return 'file';
    case 'link':
      return 'symbolic link';
    case 'other':
      return 'special file or a name that cannot be read';
  }
};

/** Why no directory of a kind is touched, if that is so. A name counts once, be it below root, state or both. */
function* brakeFor(
  policy: Policy,
  kind: Kind,
  listed: ReadonlySet<string>,
  bases: ReadonlyArray<ObservedBase>,
): Turns<string | undefined> {
  if (policy.orphanedDirectory === 'remove') return undefined;
  const unread = bases.find(
    (base) => base.kind === kind && E.isLeft(base.entries) && base.entries.left._tag !== 'NotFound',
  );
  if (unread !== undefined) return `${unread.path} cannot be read, and so it cannot be told how many look orphaned`;
  const names = new Set<string>();
  let orphaned = 0;
  for (const base of bases) {
    if (base.kind !== kind || E.isLeft(base.entries)) continue;
    yield* eachInTurns(base.entries.right, ({ name, type }) => {
      if (type !== 'directory' || names.has(name)) return;
      names.add(name);
      if (!listed.has(name)) orphaned += 1;
    });
  }
  if (listed.size === 0)
    return `containerd lists no ${kind} at all in this namespace, which is likelier to be wrong than these directories`;
  if (orphaned * 2 > names.size) {
    return `${orphaned} of ${names.size} ${kind} directories look orphaned, which is likelier to be a wrong list`;
  }
  return undefined;
}

/** Settles the first step of a decision. */
export const settleOrphan: (decision: OrphanDecision, outcome: Outcome) => OrphanDecision = settlePlainly;
