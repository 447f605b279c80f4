/** Polling with a deadline. */
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks until the answer is neither `undefined` nor `false`, and returns it. An error counts as "not yet" and is
 * shown when time runs out.
 */
export const waitUntil = async <A>(
  what: string,
  ask: () => Promise<A> | A,
  timeoutMs = 10_000,
): Promise<Exclude<A, false | undefined>> => {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer as Exclude<A, false | undefined>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause: last });
    await delay(10);
  }
};
