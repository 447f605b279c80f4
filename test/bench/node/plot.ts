/** The plot of one release's nodes, time against size. */
import { cpus } from 'node:os';
import { type Plot, type Point, svgOf } from '../plot/svg.js';
import type { Measured } from './report.js';

/** The file's text; the nodes with created containers only are in it. */
export const plotOf = (all: ReadonlyArray<Measured>): string => {
  const plotted = all
    .filter(({ stage: { population } }) => population.running + population.exited === 0)
    .sort((a, b) => a.stage.population.created - b.stage.population.created);
  const points = (times: (measured: Measured) => ReadonlyArray<number>): ReadonlyArray<Point> =>
    plotted.map((measured) => ({ size: measured.stage.population.created, times: times(measured) }));
  const plot: Plot = {
    title: `Time to recover a node of containerd ${plotted[0]?.release}`,
    note: `median, least and most; both scales are logarithmic; Node ${process.version}, ${cpus().length} cores`,
    series: [
      { name: 'CRI plugin', color: '#e8743b', points: points(({ figures }) => figures.plugin) },
      {
        name: 'this library',
        color: '#3b82f6',
        points: points(({ figures }) => figures.careful.map(({ tookMs }) => tookMs)),
      },
      {
        name: 'bare calls',
        color: '#7a9a3a',
        points: points(({ figures }) => figures.floor.map(({ tookMs }) => tookMs)),
      },
    ],
  };
  return svgOf(plot);
};
