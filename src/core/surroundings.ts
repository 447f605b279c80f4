/**
 * The part of an observation that decides about one item, so that it can be decided many times over however large the node is.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { ItemFailure } from './failure.js';
import type { Observation } from './observation.js';

/** All that was listed as the item of an id, as a holder of its name, or as its pod. */
export const surroundingsOf = (observation: Observation, id: string): Observation => {
  const containers = idsBeside(observation.containers, id);
  const pods = rights(observation.containers)
    .filter(({ record }) => record.id === id)
    .map(({ record }) => record.metadata.sandboxId);
  const sandboxes = new Set([...idsBeside(observation.sandboxes, id), ...pods]);
  return {
    ...observation,
    containers: observation.containers.filter((one) => containers.has(idOf(one))),
    sandboxes: observation.sandboxes.filter((one) => sandboxes.has(idOf(one))),
    images: [],
    bases: [],
  };
};

interface Listed {
  readonly record: { readonly id: string; readonly name: string };
}

/** By ids, because an id that was listed twice holds no name. */
const idsBeside = (listed: ReadonlyArray<E.Either<ItemFailure, Listed>>, id: string): ReadonlySet<string> => {
  const items = rights(listed);
  const names = new Set(items.filter(({ record }) => record.id === id).map(({ record }) => record.name));
  return new Set([id, ...items.filter(({ record }) => names.has(record.name)).map(({ record }) => record.id)]);
};

const idOf = (one: E.Either<ItemFailure, Listed>): string => (E.isLeft(one) ? one.left.id : one.right.record.id);

const rights = <A>(listed: ReadonlyArray<E.Either<ItemFailure, A>>): ReadonlyArray<A> =>
  listed.flatMap((one) => (E.isRight(one) ? [one.right] : []));
