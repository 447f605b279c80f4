/**
 * Bounded concurrency that a few slow items cannot use up: a slot is given back when its work ends, or after some patience, so that what
 * hangs delays nobody else (H5) and the number of calls started per second stays bounded (H18).
 */
import type * as T from 'fp-ts/lib/Task.js';
import { lettingOthersGo } from './breathing.js';
import { makeQueue } from './queue.js';

/** Runs work when there is a slot for it. */
export type Slots = <A>(work: T.Task<A>) => T.Task<A>;

/** `limit` slots, each held for `patienceMs` at the most. Work starts in the order it came. */
export const makeSlots = (limit: number, patienceMs: number): Slots => {
  let free = limit;
  const waiting = makeQueue<() => void>();
  const goOn = lettingOthersGo();
  const release = (): void => {
    const start = waiting.take();
    if (start === undefined) free += 1;
    else goOn(start);
  };
  const hold = async <A>(work: T.Task<A>): Promise<A> => {
    let isHeld = true;
    const giveBack = (): void => {
      if (isHeld) release();
      isHeld = false;
    };
    const timer = setTimeout(giveBack, patienceMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      giveBack();
    }
  };
  return (work) => () =>
    new Promise((resolve) => {
      const start = (): void => resolve(hold(work));
      if (free === 0) return waiting.push(start);
      free -= 1;
      goOn(start);
    });
};
