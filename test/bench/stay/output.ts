/** Many containers that write, and the watch that reads them: how late the event loop is, and what memory does. */
import { statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type Release, waitUntil } from '../../containerd/harness/index.js';
import { highest, mebibytes, median, percent, slope, table } from '../measure/figures.js';
import { lateness } from '../measure/lateness.js';
import { type BusyNode, type Container, onBusyNode } from './busy-node.js';
import type { Sample } from './messages.js';
import { watchFrom } from './watched.js';
import { countsOf, expectComplete, give, lineBytes, writer } from './writers.js';

/** Shorter windows than this, as the last one may be, say nothing. */
const leastWindowS = 5;

/** A window, with what was seen of it from outside. */
interface Observed extends Sample {
  /** The same of a process with nothing to do, which is this one: what the machine itself is late by. */
  readonly idleP99: number;
  /** Bytes of log a second, records' heads included. */
  readonly logged: number;
  readonly load: number;
}

export interface OutputOptions {
  readonly release: Release;
  readonly count: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** Prints a line for each window, and in the end a table. Fails where a log is not complete. */
export const measureOutput = (options: OutputOptions): Promise<void> =>
  onBusyNode(options, writer, (busy) => measure(busy, options));

const measure = async ({ node, containers }: BusyNode, { seconds, signal }: OutputOptions): Promise<void> => {
  const samples: Observed[] = [];
  const idle = lateness();
  let logged = 0;
  const watched = await watchFrom(node, (news) => {
    if (news._tag === 'Window') {
      const { p99: idleP99 } = idle.close();
      const before = { at: samples.at(-1)?.at ?? 0, logged };
      logged = bytesIn(containers);
      idle.open();
      const lasted = news.sample.at - before.at;
      if (lasted < leastWindowS) return;
      const sample = { ...news.sample, idleP99, logged: (logged - before.logged) / lasted, load: loadavg()[0] ?? 0 };
      samples.push(sample);
      console.log(lineOf(sample));
    } else if (news._tag !== 'Settled') console.log(news);
  });
  try {
    console.log(`recovered ${watched.recovered.containers} containers in ${watched.recovered.tookMs.toFixed(0)} ms`);
    watched.measure();
    idle.open();
    const began = performance.now();
    give(containers, 'go');
    await watched.whileItLives(delay(seconds * 1_000, undefined, { signal }));
    give(containers, 'stop');
    const counts = await countsOf(containers);
    const wroteS = (performance.now() - began) / 1_000;
    await waitUntil('the logs grow no more', () => isStill(containers), 60_000);
    await watched.stop();
    containers.forEach((container, index) => {
      expectComplete(container, counts[index] ?? 0);
    });
    const lines = counts.reduce((sum, count) => sum + count, 0);
    console.log(`all ${containers.length} logs are complete: ${lines} lines, each once and in order\n`);
    console.log(summary(samples, (lines * lineBytes) / wroteS));
  } finally {
    watched.kill();
  }
};

const bytesIn = (containers: ReadonlyArray<Container>): number =>
  containers.reduce((sum, { log }) => sum + (statSync(log, { throwIfNoEntry: false })?.size ?? 0), 0);

const isStill = async (containers: ReadonlyArray<Container>): Promise<boolean> => {
  const before = bytesIn(containers);
  await delay(2_000);
  return bytesIn(containers) === before;
};

const ms = (value: number): string => value.toFixed(1);

const lineOf = ({ at, p50, p99, max, cpu, waited, rss, heap, idleP99, logged, load }: Observed): string =>
  [
    `${at.toFixed(0).padStart(4)} s`,
    `${(logged / 1e6).toFixed(2)} MB/s`,
    `late ${ms(p50)}/${ms(p99)}/${ms(max)} ms (idle p99 ${ms(idleP99)})`,
    `cpu ${percent(cpu)}, waited ${percent(waited)}`,
    `rss ${mebibytes(rss)}, heap ${mebibytes(heap)} MiB`,
    `load ${load.toFixed(1)}`,
  ].join('  ');

const summary = (samples: ReadonlyArray<Observed>, bytesPerSecond: number): string => {
  const of = (key: keyof Observed) => samples.map((sample) => sample[key]);
  const both = (values: ReadonlyArray<number>, text: (value: number) => string) => [
    text(median(values)),
    text(highest(values)),
  ];
  const secondHalf = samples.slice(Math.floor(samples.length / 2));
  const growth = (key: 'rss' | 'heap', of: ReadonlyArray<Observed>): string =>
    ((60 / 1_024) * slope(of.map((sample) => [sample.at, sample[key]]))).toFixed(1);
  const memory = (key: 'rss' | 'heap'): ReadonlyArray<string> => [
    ...[samples[0], secondHalf[0], samples.at(-1)].map((sample) => mebibytes(sample?.[key] ?? 0)),
    growth(key, samples),
    growth(key, secondHalf),
  ];
  return [
    `written by containers: ${(bytesPerSecond / 1e6).toFixed(2)} MB/s, ${samples.length} windows`,
    table(
      ['', 'median window', 'worst window'],
      [
        ['event loop late by, p50, ms', ...both(of('p50'), ms)],
        ['event loop late by, p99, ms', ...both(of('p99'), ms)],
        ['event loop late by, most, ms', ...both(of('max'), ms)],
        ['p99 of an idle process beside it, ms', ...both(of('idleP99'), ms)],
        ['CPU, share of one core', ...both(of('cpu'), percent)],
        ['waited for a core', ...both(of('waited'), percent)],
        ['load average of the machine', ...both(of('load'), ms)],
      ],
    ),
    table(
      ['', 'start', 'middle', 'end', 'slope, KiB/min', 'second half'],
      [
        ['RSS, MiB', ...memory('rss')],
        ['heap after collection, MiB', ...memory('heap')],
      ],
    ),
  ].join('\n\n');
};
