/** What a fault must not cost. */
import type { Call } from '../../src/ports/index.js';
import type { FakeNode } from '../../src/testing/index.js';
import type { Difference } from './ending.js';
import { itemOf } from './item.js';
import type { Fact } from './known.js';
import type { MadeCall } from './made-calls.js';

/** What is wrong in the end: with which item, what of it, and how. */
export interface Loss {
  readonly _tag: 'EndsOtherwise' | 'Destroyed' | 'Forgotten' | 'Unguarded' | 'LeftBehind' | 'NoEnd';
  readonly item: string;
  readonly aspect: string;
  readonly detail: string;
}

export const endsOtherwise = ({ item, aspect, expected, found }: Difference): Loss => ({
  _tag: 'EndsOtherwise',
  item,
  aspect,
  detail: `${found} instead of ${expected}`,
});

export const wasDestroyed =
  (node: FakeNode) =>
  (call: Call): Loss => ({
    _tag: 'Destroyed',
    item: itemOf(node, call) ?? call.subject,
    aspect: call.operation,
    detail: 'that should have stayed',
  });

/** What was changed while somebody else could have had the lock; letting go of something changes nothing on a node. */
export const unguarded = (node: FakeNode, made: ReadonlyArray<MadeCall>): ReadonlyArray<Loss> =>
  made
    .filter(({ call, isWrite }) => isWrite && call.port !== 'lock' && call.operation !== 'detach')
    .filter(({ before }) => before.lock !== 'ours')
    .map(({ call, before }) => ({
      _tag: 'Unguarded',
      item: itemOf(node, call) ?? call.subject,
      aspect: call.operation,
      detail: `while the lock is ${before.lock}`,
    }));

export const wasForgotten = ({ id, what, value }: Fact): Loss => ({
  _tag: 'Forgotten',
  item: `container ${id}`,
  aspect: what,
  detail: `${value} was known and is no longer`,
});

/** A lock, and files that a killed write left. */
export const leftBehind = (node: FakeNode): ReadonlyArray<Loss> => [
  ...(node.lock === 'free' ? [] : [lockLeft(node)]),
  ...node.stale.map(
    (id): Loss => ({ _tag: 'LeftBehind', item: `container ${id}`, aspect: 'temporary file', detail: 'is left' }),
  ),
];

export const lockLeft = ({ lock }: FakeNode): Loss => ({
  _tag: 'LeftBehind',
  item: 'lock',
  aspect: 'holder',
  detail: lock,
});

export const noEnd = (detail: string): Loss => ({ _tag: 'NoEnd', item: 'run', aspect: 'end', detail });

export const describeLoss = ({ _tag, item, aspect, detail }: Loss): string => `${_tag} ${item}, ${aspect}: ${detail}`;
