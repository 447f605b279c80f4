/** Runs of several sizes, brought down to one container each. */
import { median, percent, spread, table } from '../measure/figures.js';
import type { Verdict } from '../measure/verdicts.js';
import type { Recovered } from '../recover/messages.js';

export interface Sized {
  readonly containers: number;
  readonly runs: ReadonlyArray<Recovered>;
}

/** Sizes from here up are to cost the same for each item; below, what a recovery costs at all is seen. */
export const flatFrom = 1_000;

export const microsecondsEach = ({ containers, runs }: Sized): number =>
  median(runs.map(({ tookMs }) => (1_000 * tookMs) / containers));

const peakEach = ({ containers, runs }: Sized): number => median(runs.map(({ peak }) => peak / 1_024 / containers));

/** The share of the whole time that `decide` has. */
export const shareOfDecide = ({ runs }: Sized): number =>
  median(runs.map(({ tookMs, phases }) => phases.decide / tookMs));

export const growthHead = [
  'containers',
  'ms',
  'µs each',
  'peak above idle, MB',
  'kB each',
  'retained heap, MB',
  'longest block, ms',
  'decide',
];

export const growthRow = (sized: Sized): ReadonlyArray<string> => {
  const { containers, runs } = sized;
  return [
    containers.toLocaleString('en'),
    spread(runs.map(({ tookMs }) => tookMs)),
    microsecondsEach(sized).toFixed(0),
    spread(runs.map(({ peak }) => peak / 1e6)),
    peakEach(sized).toFixed(1),
    median(runs.map(({ retained }) => retained / 1e6)).toFixed(1),
    spread(runs.map(({ blockMs }) => blockMs)),
    percent(shareOfDecide(sized)),
  ];
};

export const growthTable = (all: ReadonlyArray<Sized>): string => table(growthHead, all.map(growthRow));

const mostGrowth = 1.2;

/** How much more any size costs for each item than a smaller one, at the worst. */
export const steepness = (all: ReadonlyArray<Sized>, each: (sized: Sized) => number): number => {
  const costs = all.filter(({ containers }) => containers >= flatFrom).map(each);
  return Math.max(...costs.map((cost, index) => cost / Math.min(...costs.slice(0, index + 1))));
};

export const growthVerdicts = (what: string, all: ReadonlyArray<Sized>): ReadonlyArray<Verdict> => [
  {
    what: `${what}: time for each item by that on a smaller node, from 1,000 up`,
    value: steepness(all, microsecondsEach),
    atMost: mostGrowth,
  },
  {
    what: `${what}: memory for each item by that on a smaller node, from 1,000 up`,
    value: steepness(all, peakEach),
    atMost: mostGrowth,
  },
];
