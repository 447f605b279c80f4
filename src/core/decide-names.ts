/**
 * Names are held by one id each (containerd `registrar.Reserve`). Where two hold one, containerd aborts; otherwise one keeps it and the
 * others are shadowed, still listed and removable (H1, H17).
 */

import * as B from 'fp-ts/lib/boolean.js';
import * as E from 'fp-ts/lib/Either.js';
import * as N from 'fp-ts/lib/number.js';
import * as Ord from 'fp-ts/lib/Ord.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import * as S from 'fp-ts/lib/string.js';
import type { NameTaken } from './failure.js';
import type { Id, Kind } from './identity.js';
import type { RecordFields } from './metadata.js';
import type { Policy } from './policy.js';

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

/** By name; then a live task first, the higher attempt, the newer record, the id: time alone would trust the clock (H17). */
const byNameAndClaim = RA.sortBy([
  by(S.Ord, ({ record }) => record.name),
  by(Ord.reverse(B.Ord), ({ isLive }) => isLive),
  by(Ord.reverse(N.Ord), ({ record }) => record.attempt),
  by(Ord.reverse(bigintOrd), ({ record }) => record.createdAt),
  by(S.Ord, ({ record }): string => record.id),
]);

/** Gives every name to one holder, or fails with the first name, in order, that has several. */
export const decideNames = (
  policy: Policy,
  kind: Kind,
  holders: ReadonlyArray<NameHolder>,
): E.Either<NameTaken, Shadows> => {
  const groups = RNEA.group({ equals: (a: NameHolder, b: NameHolder) => a.record.name === b.record.name })(
    byNameAndClaim(holders),
  );
  const contested = groups.filter((group) => group.length > 1);
  const first = contested[0];
  if (first !== undefined && policy.duplicateName === 'abort') {
    const ids = RA.sort(S.Ord)(first.map(({ record }) => record.id as string));
    return E.left({ _tag: 'NameTaken', kind, name: RNEA.head(first).record.name, ids });
  }
  const shadows = contested.flatMap(([keeper, ...others]) =>
    others.map(({ record }) => [record.id, keeper.record.id] as const),
  );
  return E.right(new Map(shadows));
};
