/** What a node holds when it is measured: one node, from stage to stage with as little change as can be. */
import type { Population } from './builder.js';

export interface Stage {
  readonly name: string;
  readonly population: Population;
  readonly rounds: number;
  /** Whether it is there for its size alone, to be plotted. */
  readonly isPlotted: boolean;
  /** What this library may take at most for what the plugin takes 1 for; none where that is no target. */
  readonly mostOfPlugin?: number;
}

const created = (count: number): Population => ({ created: count, running: 0, exited: 0 });
const plotted = (count: number): Stage => ({
  name: `${count} created`,
  population: created(count),
  rounds: 3,
  isPlotted: true,
});

const rounds = 5;

export const stages: ReadonlyArray<Stage> = [
  plotted(10),
  plotted(30),
  plotted(100),
  {
    name: '100 running',
    population: { created: 0, running: 100, exited: 0 },
    rounds,
    isPlotted: false,
    mostOfPlugin: 0.7,
  },
  plotted(300),
  {
    name: 'mixed 500',
    population: { created: 450, running: 20, exited: 30 },
    rounds,
    isPlotted: false,
  },
  { name: '1,000 created', population: created(1_000), rounds, isPlotted: false, mostOfPlugin: 0.5 },
];
