/** How the figures of real nodes are printed. */
import type { FloorResult } from '../floor/messages.js';
import { median, ratio, spread, table } from '../measure/figures.js';
import type { Verdict } from '../measure/verdicts.js';
import { phaseNames, type RecoverResult } from '../recover/messages.js';
import type { Figures } from './rounds.js';
import type { Stage } from './stages.js';

export interface Measured {
  readonly release: string;
  readonly stage: Stage;
  readonly figures: Figures;
}

const mostOfFloor = 1.5;

const took = (results: ReadonlyArray<{ readonly tookMs: number }>): ReadonlyArray<number> =>
  results.map(({ tookMs }) => tookMs);

const timesHead = [
  'containerd',
  'node',
  'plugin, ms',
  'careful, ms',
  'containerd, ms',
  'floor, ms',
  'careful / plugin',
  'containerd / plugin',
  'careful / floor',
];

const timesRow = ({ release, stage, figures }: Measured): ReadonlyArray<string> => {
  const { plugin } = figures;
  const [careful, containerd] = [took(figures.careful), took(figures.containerd)];
  const floor = took(figures.floor);
  return [
    release,
    stage.name,
    ...[plugin, careful, containerd, floor].map((values) => spread(values)),
    ...[ratio(careful, plugin), ratio(containerd, plugin), ratio(careful, floor)].map((value) => value.toFixed(2)),
  ];
};

/** One row a node: who took how long, median and spread, and the ratios of the medians. */
export const timesTable = (all: ReadonlyArray<Measured>): string => table(timesHead, all.map(timesRow));

/** One row a node and program: where its time went. */
export const phasesTable = (all: ReadonlyArray<Measured>): string =>
  table(['containerd', 'node', 'medians, ms', 'import', ...phaseNames, 'CPU'], all.flatMap(phasesRows));

const phasesRows = ({ release, stage, figures }: Measured): ReadonlyArray<ReadonlyArray<string>> => {
  const row = (who: string, results: ReadonlyArray<RecoverResult | FloorResult>): ReadonlyArray<string> => [
    release,
    stage.name,
    who,
    median(results.map(({ importMs }) => importMs)).toFixed(0),
    ...phaseNames.map((name) => median(results.map(({ phases }) => ({ ...nothing, ...phases })[name])).toFixed(1)),
    median(results.map(({ cpuMs }) => cpuMs)).toFixed(0),
  ];
  const { careful, containerd, floor } = figures;
  return [row('careful', careful), row('containerd', containerd), row('floor', floor)];
};

/** The floor decides nothing and does nothing. */
const nothing = { decide: 0, act: 0 };

/** A line as soon as a node is measured. */
export const stageLine = ({ release, stage, figures }: Measured): string => {
  const parts = [
    `plugin ${spread(figures.plugin)}`,
    `careful ${spread(took(figures.careful))}`,
    `containerd ${spread(took(figures.containerd))}`,
    `floor ${spread(took(figures.floor))}`,
  ];
  return `containerd ${release}, ${stage.name}: ${parts.join(', ')} ms`;
};

export const verdictsOn = ({ release, stage, figures }: Measured): ReadonlyArray<Verdict> => {
  if (stage.isPlotted) return [];
  const where = `containerd ${release}, ${stage.name}`;
  const careful = took(figures.careful);
  const ofFloor = ratio(careful, took(figures.floor));
  const { mostOfPlugin } = stage;
  return [
    ...(mostOfPlugin === undefined
      ? []
      : [{ what: `${where}: careful / plugin`, value: ratio(careful, figures.plugin), atMost: mostOfPlugin }]),
    { what: `${where}: careful / floor`, value: ofFloor, atMost: mostOfFloor },
  ];
};
