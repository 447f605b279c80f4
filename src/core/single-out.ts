/**
 * What was listed, with ids that occur once (containerd's stores refuse a second item of the same id).
 */
import * as E from 'fp-ts/lib/Either.js';
import type { IdTaken, ItemFailure } from './failure.js';
import type { Id, Kind } from './identity.js';
import type { Policy } from './policy.js';
import { eachInTurns, type Turns } from './turns.js';

interface SingledOut<A> {
  readonly items: ReadonlyArray<A>;
  readonly failures: ReadonlyArray<ItemFailure>;
}

/** Parts what was listed into items and failures. Where an id stands twice, containerd aborts; otherwise neither is believed. */
export function* singleOut<A extends { readonly record: { readonly id: Id } }>(
  policy: Policy,
  kind: Kind,
  listed: ReadonlyArray<E.Either<ItemFailure, A>>,
): Turns<E.Either<IdTaken, SingledOut<A>>> {
  const byId = new Map<Id, A>();
  const twiceOrMore = new Set<Id>();
  const failures: ItemFailure[] = [];
  yield* eachInTurns(listed, (item) => {
    if (E.isLeft(item)) return void failures.push(item.left);
    const { id } = item.right.record;
    if (byId.has(id)) twiceOrMore.add(id);
    byId.set(id, item.right);
  });
  const repeated = [...twiceOrMore].sort();
  const [first] = repeated;
  if (first !== undefined && policy.duplicateName === 'abort') return E.left({ _tag: 'IdTaken', kind, id: first });
  const twice = repeated.map(
    (id): ItemFailure => ({ kind, id, tag: 'DuplicateId', message: 'it was listed more than once' }),
  );
  for (const id of repeated) byId.delete(id);
  return E.right({ items: [...byId.values()], failures: [...failures, ...twice] });
}
