/**
 * The few ratios by which a change that costs too much is found out within a minute. They are made of the fastest run of each, because a machine
 * on which such a check is run is seldom quiet.
 */
import type { Release } from '../../containerd/harness/index.js';
import { recoverFakePorts } from '../growth/fake-ports.js';
import { type Sized, shareOfDecide } from '../growth/per-item.js';
import { lowest } from '../measure/figures.js';
import { interleaved } from '../measure/interleaved.js';
import { type Population, withBuilder } from '../node/builder.js';
import { programsOn } from '../node/rounds.js';
import { entryPoints } from '../start-up/entry-points.js';
import { plain, startUpTimes } from '../start-up/measure-start-up.js';

/** By what they are of; a larger one is worse. */
export type Ratios = Readonly<Record<string, number>>;

export const startUpRatios = async (signal: AbortSignal): Promise<Ratios> => {
  const root = entryPoints('package.json').filter(({ name }) => name === '.');
  const times = await startUpTimes(root, 9, signal);
  return { 'start-up: root entry point / plain Node': lowest(times['.'] ?? []) / lowest(times[plain] ?? []) };
};

export const growthRatios = async (signal: AbortSignal): Promise<Ratios> => {
  const small = await recoverFakePorts(1_000, 5, signal);
  const large = await recoverFakePorts(10_000, 3, signal);
  const fastestEach = ({ containers, runs }: Sized): number => lowest(runs.map(({ tookMs }) => tookMs / containers));
  return {
    'growth: time for each of 10,000 / of 1,000': fastestEach(large) / fastestEach(small),
    'growth: share of decide at 10,000': shareOfDecide(large),
  };
};

const population: Population = { created: 100, running: 0, exited: 0 };

/** On a small real node. */
export const nodeRatios = async (release: Release, signal: AbortSignal): Promise<Ratios> => {
  let found: Ratios = {};
  await withBuilder(release, signal, async (builder) => {
    await builder.reach(population);
    await builder.node.restart({ cri: false });
    const { careful, floor } = programsOn(builder, population, signal);
    const measured = await interleaved(7, { careful, floor });
    const fastest = (runs: ReadonlyArray<{ readonly tookMs: number }>) => lowest(runs.map(({ tookMs }) => tookMs));
    found = { 'node: careful / floor, 100 created': fastest(measured.careful) / fastest(measured.floor) };
  });
  return found;
};
