/** Work on many items at once: all that comes of it, and what has come of it so far. */
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';

export interface Gathering<A> {
  readonly all: Promise<ReadonlyArray<A>>;
  /** In the order of the work; none where it is not done yet. */
  readonly soFar: () => ReadonlyArray<O.Option<A>>;
}

/** Begins all of the work. */
export const gather = <A>(work: ReadonlyArray<T.Task<A>>): Gathering<A> => {
  const results: Array<O.Option<A>> = work.map(() => O.none);
  const note = async (one: T.Task<A>, index: number): Promise<A> => {
    const result = await one();
    results[index] = O.some(result);
    return result;
  };
  return { all: Promise.all(work.map(note)), soFar: () => [...results] };
};
