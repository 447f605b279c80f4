/** The container tables against the code: every reading of a task with every reading of a checkpoint, through every outcome of every step. */
import { isDeepStrictEqual } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { decideContainer } from '../../src/core/decide-container.js';
import { careful, containerd } from '../../src/core/policy.js';
import type { Task } from '../../src/core/task.js';
import { endsOf } from './every-way.js';
import { containerRecord, observedContainer } from './records.js';
import { carefulContainers } from './tables/careful-containers.js';
import { leavesOf, rebuiltBase, storedBase } from './tables/container-row.js';
import { containerdContainers } from './tables/containerd-containers.js';
import { checkpointCases, processCases, type TaskCase, taskCases, times } from './tables/readings.js';

const presets = [
  { name: 'containerd', policy: containerd, rows: containerdContainers, baseOf: storedBase },
  { name: 'careful', policy: careful, rows: carefulContainers, baseOf: rebuiltBase },
] as const;

type Preset = (typeof presets)[number];

const situations = checkpointCases.flatMap((checkpoint) => processCases.map((process) => ({ checkpoint, process })));

const expectedIn = ({ rows, baseOf }: Preset, task: TaskCase) =>
  situations.map(({ checkpoint, process }) => ({
    checkpoint,
    process,
    expected: leavesOf(rows, baseOf(checkpoint), task, checkpoint, process),
  }));

const tables = presets.flatMap((preset) =>
  taskCases.map((task) => {
    const expectations = expectedIn(preset, task);
    const ways = expectations.reduce((sum, { expected }) => sum + expected.size, 0);
    return { policy: preset.name, preset, task, expectations, ways };
  }),
);
const total = tables.reduce((sum, { ways }) => sum + ways, 0);

describe(`the container tables, ${total} ways through ${situations.length * tables.length} situations`, () => {
  it.each(tables)(
    '$policy, task $task: all $ways ways end as the table says',
    ({ preset, task, expectations, ways }) => {
      const differences = expectations.flatMap(({ checkpoint, process, expected }) => {
        const found = endsOf(preset.policy, observedContainer(task, checkpoint, process));
        const all = [...new Set([...expected.keys(), ...found.keys()])].map((way) => ({
          situation: `checkpoint ${checkpoint}, process start ${process}`,
          way,
          expected: expected.get(way),
          found: found.get(way),
        }));
        return all.filter((one) => !isDeepStrictEqual(one.expected, one.found));
      });
      expect(ways).toBeGreaterThanOrEqual(situations.length);
      expect(differences.slice(0, 2)).toEqual([]);
    },
  );
});

describe('what a table does not show', () => {
  it('no stream has been touched, and those of a container yet to be started are made as it wants them', () => {
    const { metadata, ...record } = containerRecord('c1');
    for (const [tty, stdin] of [
      [true, false],
      [false, true],
    ] as const) {
      const observed = observedContainer('absent', 'CREATED', 'not asked', {
        ...record,
        metadata: { ...metadata, tty, stdin },
      });
      const { io, steps } = decideContainer(careful, times.now)(observed);
      expect(io).toBe('untouched');
      expect(steps).toStrictEqual([{ _tag: 'CreateIo', id: 'c1', streams: { tty, stdin } }]);
    }
  });

  it('an exit that the shim dates to 1970 is stored so by containerd, and undated to careful', () => {
    const { task, ...observed } = observedContainer('stopped', 'RUNNING');
    const dated = { ...observed, task: E.map((seen: Task) => ({ ...seen, exitedAt: O.some(0n) }))(task) };
    const asTold = decideContainer(containerd, times.now)(dated);
    expect(asTold.status.finishedAt).toBe(0n);
    expect(asTold.findings).toStrictEqual([]);
    const guessed = decideContainer(careful, times.now)(dated);
    expect(guessed.status.finishedAt).toBe(times.now);
    expect(guessed.findings.map(({ code }) => code)).toStrictEqual(['exit-time-missing']);
  });
});
