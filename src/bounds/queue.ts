/** First in, first out, in constant time: taken from the front of an array one by one, a long line would be moved each time. */

export interface Queue<A> {
  readonly push: (one: A) => void;
  /** The first of them, which is in it no longer; undefined when there is none. */
  readonly take: () => A | undefined;
  readonly isEmpty: () => boolean;
}

export const makeQueue = <A>(): Queue<A> => {
  let all: A[] = [];
  let first = 0;
  return {
    push: (one) => void all.push(one),
    take: () => {
      const one = all[first];
      first += 1;
      if (first >= all.length) {
        all = [];
        first = 0;
      }
      return one;
    },
    isEmpty: () => all.length === 0,
  };
};
