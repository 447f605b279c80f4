/** What comes of many pieces of work: all of it in the end, and what has come of it so far. */
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';

export interface Gathering<A> {
  readonly all: Promise<ReadonlyArray<A>>;
  /** In the order of the work; none where it is not done yet. */
  readonly soFar: () => ReadonlyArray<O.Option<A>>;
  /** The work on each item, one after the other as it is asked for, so that what has not begun takes no memory. */
  readonly work: Iterable<T.Task<void>>;
}

export const gather = <R, A>(items: ReadonlyArray<R>, workOn: (item: R) => T.Task<A>): Gathering<A> => {
  const results = new Map<number, A>();
  let [resolve, reject]: [() => void, (thrown: unknown) => void] = [() => undefined, () => undefined];
  const isDone = new Promise<void>((...ends) => {
    [resolve, reject] = ends;
  });
  if (items.length === 0) resolve();
  const note = (item: R, index: number) => async (): Promise<void> => {
    try {
      results.set(index, await workOn(item)());
      if (results.size === items.length) resolve();
    } catch (thrown) {
      reject(thrown);
    }
  };
  const soFar = (): ReadonlyArray<O.Option<A>> =>
    items.map((_, index) => (results.has(index) ? O.some(results.get(index) as A) : O.none));
  return {
    all: isDone.then(() => items.map((_, index) => results.get(index) as A)),
    soFar,
    work: (function* () {
      for (const [index, item] of items.entries()) yield note(item, index);
    })(),
  };
};
