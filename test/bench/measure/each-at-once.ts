/** Work on many items, a few at a time. */

/** Does it for each, at most `width` at once. Begins nothing more once one has failed, and fails when those under way have ended. */
export const eachAtOnce = async <A>(
  items: ReadonlyArray<A>,
  width: number,
  work: (item: A, index: number) => Promise<void>,
): Promise<void> => {
  const entries = entriesOf(items);
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) await work(item, index);
  };
  const ends = await Promise.allSettled(Array.from({ length: width }, worker));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
};

/** Unlike an array's own iterator, ended for all by whoever leaves its loop. */
const entriesOf = function* <A>(items: ReadonlyArray<A>): Generator<[number, A]> {
  yield* items.entries();
};
