/**
 * Pure work that can be done in turns: it yields now and then, so that whoever does it can let others go first. What comes of it does not depend
 * on that.
 */
import { identity } from 'fp-ts/lib/function.js';
import { sortedBy } from './sorted-by.js';

/** Work that comes to an `A`. */
export type Turns<A> = Generator<void, A, void>;

/** All turns at once. */
export const atOnce = <A>(turns: Turns<A>): A => {
  for (;;) {
    const turn = turns.next();
    if (turn.done) return turn.value;
  }
};

/** How many items make a turn: well below a millisecond of work. */
const turn = 64;

export function* eachInTurns<A>(items: Iterable<A>, visit: (item: A) => void): Turns<void> {
  let visited = 0;
  for (const item of items) {
    visit(item);
    visited += 1;
    if (visited % turn === 0) yield;
  }
}

export function* mapInTurns<A, B>(items: Iterable<A>, change: (item: A) => B): Turns<ReadonlyArray<B>> {
  const changed: B[] = [];
  yield* eachInTurns(items, (item) => void changed.push(change(item)));
  return changed;
}

/** By a key, as code units compare; items of the same key stay in order. */
export function* sortInTurns<A>(items: ReadonlyArray<A>, key: (item: A) => string): Turns<ReadonlyArray<A>> {
  if (items.length <= turn) return sortedBy(items, key);
  const middle = items.length >> 1;
  const left = yield* sortInTurns(items.slice(0, middle), key);
  const right = yield* sortInTurns(items.slice(middle), key);
  return yield* mapInTurns(merging(left, right, key), identity);
}

/** Two sorted lists as one, item by item. */
function* merging<A>(left: ReadonlyArray<A>, right: ReadonlyArray<A>, key: (item: A) => string): Iterable<A> {
  let taken = 0;
  for (const item of right) {
    for (let next = left[taken]; next !== undefined && key(next) <= key(item); next = left[taken]) {
      yield next;
      taken += 1;
    }
    yield item;
  }
  yield* left.slice(taken);
}
