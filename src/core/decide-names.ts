/**
 * Names are held by one id each (containerd `registrar.Reserve`). Where two hold one, containerd aborts; otherwise one keeps it and the
 * others are shadowed, still listed and removable (H1, H17).
 */
import * as B from 'fp-ts/lib/boolean.js';
import * as E from 'fp-ts/lib/Either.js';
import * as N from 'fp-ts/lib/number.js';
import * as Ord from 'fp-ts/lib/Ord.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import * as S from 'fp-ts/lib/string.js';
import type { NameTaken } from './failure.js';
import type { Id, Kind } from './identity.js';
import type { RecordFields } from './metadata.js';
import type { Policy } from './policy.js';
import { atOnce, eachInTurns, type Turns } from './turns.js';

/** Who would hold a name. */
export interface NameHolder {
  readonly record: Pick<RecordFields, 'id' | 'name' | 'attempt' | 'createdAt'>;
  /** Whether its task may be alive. */
  readonly isLive: boolean;
}

/** For each shadowed id the id that keeps the name. */
export type Shadows = ReadonlyMap<Id, Id>;

/** fp-ts compares only what is not the same. */
const bigintOrd: Ord.Ord<bigint> = Ord.fromCompare((a, b) => (a < b ? -1 : 1));

const by = <A>(ord: Ord.Ord<A>, read: (holder: NameHolder) => A): Ord.Ord<NameHolder> => Ord.contramap(read)(ord);

/** A live task first, the higher attempt, the newer record, the id: time alone would trust the clock (H17). */
const byClaim = RA.sortBy([
  by(Ord.reverse(B.Ord), ({ isLive }) => isLive),
  by(Ord.reverse(N.Ord), ({ record }) => record.attempt),
  by(Ord.reverse(bigintOrd), ({ record }) => record.createdAt),
  by(S.Ord, ({ record }): string => record.id),
]);

/** Names with more than one holder, in order. */
function* contestedAmong(
  holders: ReadonlyArray<NameHolder>,
): Turns<ReadonlyArray<readonly [string, ReadonlyArray<NameHolder>]>> {
  const firstBy = new Map<string, NameHolder>();
  const contested = new Map<string, NameHolder[]>();
  yield* eachInTurns(holders, (holder) => {
    const { name } = holder.record;
    const first = firstBy.get(name);
    if (first === undefined) return void firstBy.set(name, holder);
    const known = contested.get(name);
    if (known === undefined) contested.set(name, [first, holder]);
    else known.push(holder);
  });
  return [...contested].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Gives every name to one holder, or fails with the first name, in order, that has several. */
export const decideNames = (
  policy: Policy,
  kind: Kind,
  holders: ReadonlyArray<NameHolder>,
): E.Either<NameTaken, Shadows> => atOnce(decideNamesInTurns(policy, kind, holders));

/** The same for those who have other things to do meanwhile. */
export function* decideNamesInTurns(
  policy: Policy,
  kind: Kind,
  holders: ReadonlyArray<NameHolder>,
): Turns<E.Either<NameTaken, Shadows>> {
  const contested = yield* contestedAmong(holders);
  const [first] = contested;
  if (first !== undefined && policy.duplicateName === 'abort') {
    const [name, rivals] = first;
    return E.left({
      _tag: 'NameTaken',
      kind,
      name,
      ids: RA.sort(S.Ord)(rivals.map(({ record }): string => record.id)),
    });
  }
  const shadows = contested.flatMap(([, rivals]) => {
    const [keeper, ...others] = byClaim(rivals);
    return keeper === undefined ? [] : others.map(({ record }) => [record.id, keeper.record.id] as const);
  });
  return E.right(new Map(shadows));
}
