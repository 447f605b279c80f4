/** Timers that go off when nothing else is left to happen: waiting costs no time, and everything happens in the same order each time. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { vi } from 'vitest';

export interface VirtualTime {
  /** Lets happen what happens by itself, then one timer after the other, until it is over or nothing is left that could happen. */
  readonly passUntil: (isOver: () => boolean) => Promise<void>;
  /** Drops all timers, as the death of their process does. */
  readonly forget: () => void;
  /** Milliseconds that have passed. */
  readonly passed: () => number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Runs `use` with its own timers in place of the real ones; nothing else may run meanwhile. */
export const inVirtualTime = async <A>(use: (time: VirtualTime) => Promise<A>): Promise<A> => {
  const { setTimeout: realSet, clearTimeout: realClear, setImmediate: realImmediate } = globalThis;
  const timers = new Map<number, Timer>();
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  let count = 0;
  const set = (run: () => void, ms = 0): number => {
    count += 1;
    timers.set(count, { at: now + ms, run });
    return count;
  };
  globalThis.setTimeout = set as unknown as typeof realSet;
  // Whoever lets others go first goes on before any time passes.
  globalThis.setImmediate = ((run: () => void) => set(run)) as unknown as typeof realImmediate;
  globalThis.clearTimeout = ((id: number) => timers.delete(id)) as unknown as typeof realClear;
  try {
    return await use({
      passUntil: async (isOver) => {
        // Promises settle among themselves before the next turn comes; then only a timer can start anything.
        for (await nextTurn(); !isOver(); await nextTurn()) {
          const next = [...timers].sort(([, a], [, b]) => a.at - b.at)[0];
          if (next === undefined) return;
          const [id, { at, run }] = next;
          timers.delete(id);
          now = at;
          run();
        }
      },
      forget: () => timers.clear(),
      passed: () => now,
    });
  } finally {
    clock.mockRestore();
    globalThis.setTimeout = realSet;
    globalThis.clearTimeout = realClear;
    globalThis.setImmediate = realImmediate;
  }
};
