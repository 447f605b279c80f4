/** Real nodes of each release, recovered by containerd's plugin, by this library and by the floor. */
import { writeFile } from 'node:fs/promises';
import type { Release } from '../../containerd/harness/index.js';
import type { Part } from '../measure/part.js';
import { withBuilder } from './builder.js';
import { plotOf } from './plot.js';
import { type Measured, phasesTable, stageLine, timesTable, verdictsOn } from './report.js';
import { measureRounds } from './rounds.js';
import { type Stage, stages } from './stages.js';

/** The release whose nodes are measured at every size, for the plot. */
const plottedRelease = '1.7';
const plotFile = 'docs/performance.svg';

export const measureNodes: Part = async ({ releases, write, signal }) => {
  const all: Measured[] = [];
  for (const release of releases) {
    const isPlotted = release.name === plottedRelease || releases.length === 1;
    const measured = await measureRelease(release, isPlotted, signal);
    if (isPlotted && write) await writeFile(plotFile, plotOf(measured));
    all.push(...measured);
  }
  console.log(`\n${timesTable(all)}\n`);
  console.log(`${phasesTable(all)}\n`);
  return all.flatMap(verdictsOn);
};

const measureRelease = async (
  release: Release,
  isPlotted: boolean,
  signal: AbortSignal,
): Promise<ReadonlyArray<Measured>> => {
  const all: Measured[] = [];
  const wanted = stages.filter((stage) => isPlotted || !stage.isPlotted);
  await withBuilder(release, signal, async (builder) => {
    for (const stage of wanted) {
      await builder.reach(stage.population);
      const measured = await measureStage(release, stage, builder, signal);
      console.log(stageLine(measured));
      all.push(measured);
    }
  });
  return all;
};

const measureStage = async (
  release: Release,
  stage: Stage,
  builder: Parameters<typeof measureRounds>[0],
  signal: AbortSignal,
): Promise<Measured> => ({
  release: release.name,
  stage,
  figures: await measureRounds(builder, stage.population, stage.rounds, signal),
});
