/** Letting others go first: what never waits for anything would keep timers and answers from their turn. */
import type * as T from 'fp-ts/lib/Task.js';
import type { Turns } from '../core/turns.js';
import { makeQueue } from './queue.js';

/** Goes on, at once or after everybody else's turn. */
export type GoOn = (go: () => void) => void;

/** How long work goes on before others have their turn, in milliseconds. */
const longestMs = 5;

export const lettingOthersGo = (): GoOn => {
  let began = performance.now();
  const waiting = makeQueue<() => void>();
  const isTimeLeft = (): boolean => performance.now() - began < longestMs;
  // One turn for all that wait: one for each would keep others waiting as often.
  let hasTurn = false;
  const takeTurn = (): void => {
    if (!hasTurn) setImmediate(resume);
    hasTurn = true;
  };
  const resume = (): void => {
    hasTurn = false;
    began = performance.now();
    do waiting.take()?.();
    while (!waiting.isEmpty() && isTimeLeft());
    if (!waiting.isEmpty()) takeTurn();
  };
  return (go) => {
    if (waiting.isEmpty() && isTimeLeft()) return go();
    waiting.push(go);
    takeTurn();
  };
};

/** Does work in turns. */
export const breathing =
  <A>(turns: () => Turns<A>): T.Task<A> =>
  async () => {
    const goOn = lettingOthersGo();
    const work = turns();
    for (let turn = work.next(); ; turn = work.next()) {
      if (turn.done) return turn.value;
      await new Promise<void>(goOn);
    }
  };
