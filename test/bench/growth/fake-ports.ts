/** Recoveries over ports that cost nothing themselves, up to a node larger than any. */
import { runChild } from '../measure/child.js';
import { median } from '../measure/figures.js';
import type { Verdict } from '../measure/verdicts.js';
import type { Recovered } from '../recover/messages.js';
import type { FakePortsInput } from './messages.js';
import { growthTable, growthVerdicts, type Sized } from './per-item.js';

const sizes: ReadonlyArray<{ readonly containers: number; readonly rounds: number }> = [
  { containers: 100, rounds: 5 },
  { containers: 1_000, rounds: 5 },
  { containers: 10_000, rounds: 3 },
  { containers: 100_000, rounds: 1 },
];

export const measureFakePorts = async (signal: AbortSignal): Promise<ReadonlyArray<Verdict>> => {
  const all: Sized[] = [];
  for (const { containers, rounds } of sizes) all.push(await recoverFakePorts(containers, rounds, signal));
  console.log(`Ports without cost or memory of their own:\n\n${growthTable(all)}\n`);
  const blocks = all.flatMap(({ runs }) => median(runs.map(({ blockMs }) => blockMs)));
  return [
    ...growthVerdicts('fake ports', all),
    { what: 'fake ports: longest block at any size', value: Math.max(...blocks), atMost: 20, unit: ' ms' },
  ];
};

/** Each run in a process of its own. */
export const recoverFakePorts = async (containers: number, rounds: number, signal: AbortSignal): Promise<Sized> => {
  const runs: Recovered[] = [];
  const input: FakePortsInput = { containers };
  for (let round = 0; round < rounds; round += 1)
    runs.push(await runChild<Recovered>('fake-ports-process', input, { signal, execArgv: ['--expose-gc'] }));
  return { containers, runs };
};
