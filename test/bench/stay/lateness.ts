/** How late the event loop of this process is, in milliseconds, window by window. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Lateness {
  readonly open: () => void;
  readonly close: () => { readonly p50: number; readonly p99: number; readonly max: number };
}

const resolutionMs = 10;

export const lateness = (): Lateness => {
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
