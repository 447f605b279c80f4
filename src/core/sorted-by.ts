/**
 * Things in order of a text, by code unit, so that it is the same everywhere.
 */
import * as Ord from 'fp-ts/lib/Ord.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import * as S from 'fp-ts/lib/string.js';

/** The same in the order of their keys. */
export const sortedBy = <A>(items: ReadonlyArray<A>, key: (item: A) => string): ReadonlyArray<A> =>
  RA.sort(Ord.contramap(key)(S.Ord))(items);
