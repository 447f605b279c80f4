/** A queue that one reader iterates over. */

export interface Channel<A> {
  /** Adds a value, unless the channel has ended. */
  readonly push: (value: A) => void;
  /** Ends the iteration, once what was pushed has been read. */
  readonly end: () => void;
  /** For one reader; who leaves its loop early can begin another and goes on where it left. */
  readonly values: AsyncIterable<A>;
}

/** So many values may wait to be read; of more the oldest are dropped. */
const mostWaiting = 10_000;

/** An open, empty channel. */
export const openChannel = <A>(): Channel<A> => {
  const waiting: A[] = [];
  let hasEnded = false;
  let wake = (): void => undefined;
  const read = async function* (): AsyncGenerator<A> {
    for (;;) {
      const value = waiting.shift();
      if (value !== undefined) yield value;
      else if (hasEnded) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  };
  return {
    push: (value) => {
      if (hasEnded) return;
      waiting.push(value);
      if (waiting.length > mostWaiting) waiting.shift();
      wake();
    },
    end: () => {
      hasEnded = true;
      wake();
    },
    values: { [Symbol.asyncIterator]: read },
  };
};
