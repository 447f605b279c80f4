/** How late the event loop of this process is, in milliseconds, window by window. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

export interface Lateness {
  readonly open: () => void;
  readonly close: () => { readonly p50: number; readonly p99: number; readonly max: number };
}

/** Looks at the clock every `resolutionMs`. */
export const lateness = (resolutionMs = 10): Lateness => {
  const ticks = monitorEventLoopDelay({ resolution: resolutionMs });
  // The histogram holds the whole time between two ticks, of which the timer's own is not late.
  const late = (ns: number): number => Math.max(0, ns / 1e6 - resolutionMs);
  return {
    open: () => {
      ticks.reset();
      ticks.enable();
    },
    close: () => {
      ticks.disable();
      return { p50: late(ticks.percentile(50)), p99: late(ticks.percentile(99)), max: late(ticks.max) };
    },
  };
};

/** The longest time for which the work kept the event loop from anything else, to about a millisecond. */
export const longestBlock = async <A>(
  work: () => Promise<A>,
): Promise<{ readonly result: A; readonly blockMs: number }> => {
  const loop = lateness(1);
  loop.open();
  // Before its second tick the histogram has nothing to measure from, and without one after the work it misses the end.
  await delay(settleMs);
  const result = await work();
  await delay(settleMs);
  return { result, blockMs: loop.close().max };
};

const settleMs = 10;
