/** Doing work in turns without holding the event loop: timers and answers come in between. */
import { setImmediate as othersFirst } from 'node:timers/promises';
import type * as T from 'fp-ts/lib/Task.js';
import type { Turns } from '../core/turns.js';

/** How long the work goes on before others have their turn, in milliseconds. */
const longestMs = 5;

export const breathing =
  <A>(turns: () => Turns<A>): T.Task<A> =>
  async () => {
    const work = turns();
    for (let began = performance.now(); ; ) {
      const turn = work.next();
      if (turn.done) return turn.value;
      if (performance.now() - began < longestMs) continue;
      await othersFirst();
      began = performance.now();
    }
  };
