/** Windows of measurement in the process that is measured. */
import { readFileSync } from 'node:fs';
import { lateness } from '../measure/lateness.js';
import type { Sample } from './messages.js';

/** Calls back with each window until it is ended, which makes the last. Needs `--expose-gc`. */
export const measureWindows = (windowMs: number, tell: (sample: Sample) => void): { readonly end: () => void } => {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('start this process with --expose-gc');
  const loop = lateness();
  const began = performance.now();
  let from = { at: began, cpu: process.cpuUsage(), waitedMs: waitedForCoreMs() };

  const close = (): void => {
    const late = loop.close();
    const elapsedMs = performance.now() - from.at;
    const { user, system } = process.cpuUsage(from.cpu);
    const waited = (waitedForCoreMs() - from.waitedMs) / elapsedMs;
    // Outside of every window: a full collection is the benchmark's own doing.
    gc();
    const { rss, heapUsed: heap } = process.memoryUsage();
    const at = (performance.now() - began) / 1_000;
    const cpu = (user + system) / 1_000 / elapsedMs;
    tell({ at, ...late, cpu, waited, rss, heap });
  };
  const open = (): void => {
    from = { at: performance.now(), cpu: process.cpuUsage(), waitedMs: waitedForCoreMs() };
    loop.open();
  };

  gc();
  open();
  const timer = setInterval(() => {
    close();
    open();
  }, windowMs);
  return {
    end: () => {
      clearInterval(timer);
      close();
    },
  };
};

/** Of the first thread, which is the one that runs JavaScript. */
const waitedForCoreMs = (): number => Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1] ?? '0') / 1e6;
