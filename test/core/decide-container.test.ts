/** The container tables against the code: every reading of a task with every reading of a checkpoint, through every outcome of every step. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { careful, containerd } from '../../src/core/policy.js';
import { endsOf } from './every-way.js';
import { observedContainer } from './records.js';
import { carefulContainers } from './tables/careful-containers.js';
import { leavesOf, rebuiltBase, storedBase } from './tables/container-row.js';
import { containerdContainers } from './tables/containerd-containers.js';
import { checkpointCases, processCases, type TaskCase, taskCases } from './tables/readings.js';

const presets = [
  { name: 'containerd', policy: containerd, rows: containerdContainers, baseOf: storedBase },
  { name: 'careful', policy: careful, rows: carefulContainers, baseOf: rebuiltBase },
] as const;

const compare = ({ policy, rows, baseOf }: (typeof presets)[number], task: TaskCase) =>
  checkpointCases.flatMap((checkpoint) =>
    processCases.flatMap((process) => {
      const expected = leavesOf(rows, baseOf(checkpoint), task, checkpoint, process);
      const found = endsOf(policy, observedContainer(task, checkpoint, process));
      return [...new Set([...expected.keys(), ...found.keys()])].map((way) => ({
        situation: `checkpoint ${checkpoint}, process start ${process}`,
        way,
        expected: expected.get(way),
        found: found.get(way),
      }));
    }),
  );

const tables = presets.flatMap((preset) =>
  taskCases.map((task) => {
    const compared = compare(preset, task);
    return { policy: preset.name, task, compared, ways: compared.length };
  }),
);
const total = tables.reduce((sum, { ways }) => sum + ways, 0);
const situations = checkpointCases.length * processCases.length;

describe(`the container tables, ${total} ways through ${situations * tables.length} situations`, () => {
  it.each(tables)('$policy, task $task: all $ways ways end as the table says', ({ compared, ways }) => {
    const differences = compared.filter(({ expected, found }) => !isDeepStrictEqual(expected, found));
    expect(ways).toBeGreaterThanOrEqual(situations);
    expect(differences.slice(0, 2)).toEqual([]);
  });
});
