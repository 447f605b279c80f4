/**
 * What was listed, with ids that occur once (containerd's stores refuse a second item of the same id).
 */
import * as E from 'fp-ts/lib/Either.js';
import type { IdTaken, ItemFailure } from './failure.js';
import type { Id, Kind } from './identity.js';
import type { Policy } from './policy.js';

interface SingledOut<A> {
  readonly items: ReadonlyArray<A>;
  readonly failures: ReadonlyArray<ItemFailure>;
}

/** Parts what was listed into items and failures. Where an id stands twice, containerd aborts; otherwise neither is believed. */
export const singleOut = <A extends { readonly record: { readonly id: Id } }>(
  policy: Policy,
  kind: Kind,
  listed: ReadonlyArray<E.Either<ItemFailure, A>>,
): E.Either<IdTaken, SingledOut<A>> => {
  const byId = new Map<Id, ReadonlyArray<A>>();
  const failures: ItemFailure[] = [];
  for (const item of listed) {
    if (E.isLeft(item)) failures.push(item.left);
    else byId.set(item.right.record.id, [...(byId.get(item.right.record.id) ?? []), item.right]);
  }
  const repeated = [...byId]
    .filter(([, items]) => items.length > 1)
    .map(([id]) => id)
    .sort();
  const [first] = repeated;
  if (first !== undefined && policy.duplicateName === 'abort') return E.left({ _tag: 'IdTaken', kind, id: first });
  const twice = repeated.map(
    (id): ItemFailure => ({ kind, id, tag: 'DuplicateId', message: 'it was listed more than once' }),
  );
  const items = [...byId.values()].flatMap((found) => (found.length === 1 ? found : []));
  return E.right({ items, failures: [...failures, ...twice] });
};
