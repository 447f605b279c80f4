/**
 * An immutable store: items by id, by a prefix that only one id has, and by name (containerd `internal/truncindex` and `registrar`).
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { sortedBy } from './sorted-by.js';

/** Items by id, by a unique beginning of an id, and by name; nothing in it changes. */
export interface Store<A> {
  /** Sorted by id. */
  readonly all: ReadonlyArray<A>;
  /** By the whole id. */
  readonly get: (id: string) => O.Option<A>;
  /** The item whose id begins so. On the left how many there are: none, or too many to say which; an empty prefix finds none. */
  readonly find: (prefix: string) => E.Either<number, A>;
  /** Who holds a name. */
  readonly named: (name: string) => O.Option<A>;
}

/** A store of items under their ids and names. Of several under one id or name the last counts. */
export const makeStore = <A>(
  ids: ReadonlyArray<readonly [string, A]>,
  names: ReadonlyArray<readonly [string, A]>,
): Store<A> => {
  const byId = new Map(ids);
  const byName = new Map(names);
  const sorted = sortedBy([...byId], ([id]) => id);
  const get = (id: string): O.Option<A> => O.fromNullable(byId.get(id));
  const find = (prefix: string): E.Either<number, A> => {
    const exact = get(prefix);
    if (O.isSome(exact)) return E.right(exact.value);
    const matching = prefix === '' ? [] : sorted.filter(([id]) => id.startsWith(prefix));
    const [only, ...others] = matching;
    return only !== undefined && others.length === 0 ? E.right(only[1]) : E.left(matching.length);
  };
  return {
    all: sorted.map(([, item]) => item),
    get,
    find,
    named: (name) => O.fromNullable(byName.get(name)),
  };
};
