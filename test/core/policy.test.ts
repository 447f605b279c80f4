/** Every row of the policy, both ways: it changes what it is about, in both presets, and nothing else. */
import assert from 'node:assert';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { decideSandbox } from '../../src/core/decide-sandbox.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { policyRows } from './arbitraries.js';
import { endsOf } from './every-way.js';
import { observedContainer, observedSandbox } from './records.js';
import type { Leaf, Leaves } from './tables/container-row.js';
import { touches } from './tables/policy-rows.js';
import { samples } from './tables/policy-samples.js';
import { checkpointCases, taskCases } from './tables/readings.js';

const presets = { containerd: { policy: containerd, other: careful }, careful: { policy: careful, other: containerd } };
const presetNames = ['containerd', 'careful'] as const;

const flipped = (preset: keyof typeof presets, row: keyof Policy): Policy => ({
  ...presets[preset].policy,
  [row]: presets[preset].other[row],
});

const situations = taskCases.flatMap((task) =>
  checkpointCases.map((checkpoint) => ({ task, checkpoint, observed: observedContainer(task, checkpoint, 'known') })),
);

const presetEnds: { [preset in keyof typeof presets]?: ReadonlyArray<Leaves> } = {};

/** Where every way ends under a preset as it is, found out once. */
const endsBefore = (preset: keyof typeof presets): ReadonlyArray<Leaves> => {
  const ends = presetEnds[preset] ?? situations.map(({ observed }) => endsOf(presets[preset].policy, observed));
  presetEnds[preset] = ends;
  return ends;
};

/** Where a skipped container would have ended. */
const endOf = (ends: Leaves, way: string): Leaf => {
  const leaf = ends.get(way);
  const written = leaf === 'skipped' ? ends.get(way.replace(/:[A-Za-z]+$/, ':Done')) : leaf;
  assert.ok(written !== undefined && written !== 'skipped', way);
  return written;
};

const compare = (row: keyof Policy, preset: keyof typeof presets) =>
  situations.flatMap(({ task, checkpoint, observed }, index) => {
    const before = endsBefore(preset)[index] ?? new Map();
    const after = endsOf(flipped(preset, row), observed);
    const ways = [...before.keys()].map((way) => {
      const touch = touches[row][preset]({ task, checkpoint, way, leaf: endOf(before, way) });
      const isSame = isDeepStrictEqual(before.get(way), after.get(way));
      // Nothing is known of a container that is skipped both times.
      const isHidden = isSame && before.get(way) === 'skipped' && row !== 'failedCheckpointWrite';
      return { way: `${task}, ${checkpoint}: ${way}`, touch: isHidden ? ('either' as const) : touch, isSame };
    });
    const isUntouched = ways.every(({ touch }) => touch === 'same');
    const added = isUntouched ? [...after.keys()].filter((way) => !before.has(way)) : [];
    return [...ways, ...added.map((way) => ({ way: `new: ${way}`, touch: 'same' as const, isSame: false }))];
  });

const flips = policyRows.flatMap((row) => presetNames.map((preset) => ({ row, preset })));

describe('a row flipped alone', () => {
  it.each(flips)('$row in $preset changes the ways of a container that it is about', ({ row, preset }) => {
    const wrong = compare(row, preset).filter(
      ({ touch, isSame }) => touch !== 'either' && (touch === 'same') !== isSame,
    );
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it.each(samples)('$row in $in, task $task, checkpoint $checkpoint: $way', (sample) => {
    const process = sample.row === 'unreadableCheckpoint' ? 'not known' : 'known';
    const ends = endsOf(flipped(sample.in, sample.row), observedContainer(sample.task, sample.checkpoint, process));
    const before = endsOf(presets[sample.in].policy, observedContainer(sample.task, sample.checkpoint, process));
    if (typeof sample.ends === 'string') expect(ends.get(sample.way)).toBe(sample.ends);
    else expect(ends.get(sample.way)).toMatchObject(sample.ends);
    expect(before.get(sample.way)).not.toEqual(ends.get(sample.way));
  });

  it('decides a sandbox otherwise only where it is about silent sandboxes', () => {
    const silent = ['denied', 'unavailable', 'timed out', 'corrupt', 'no space', 'unexpected', 'unknown'];
    for (const row of policyRows) {
      for (const preset of presetNames) {
        const changed = taskCases.filter((task) => {
          const before = decideSandbox(presets[preset].policy)(observedSandbox(task));
          return !isDeepStrictEqual(before, decideSandbox(flipped(preset, row))(observedSandbox(task)));
        });
        expect(changed, row).toEqual(row === 'unansweringSandbox' ? [...silent, 'paused', 'pausing'] : []);
      }
    }
  });
});

it('the presets differ in every row, and there is no row that the tests leave out', () => {
  expect(policyRows.filter((row) => careful[row] === containerd[row])).toEqual([]);
  expect(Object.keys(touches).sort()).toEqual([...policyRows].sort());
  expect(policyRows).toHaveLength(14);
});

it('the presets are those of the table in the documents', () => {
  const table: Readonly<Record<keyof Policy, readonly [string, string]>> = {
    duplicateName: ['abort', 'shadow'],
    checkpointWrite: ['always', 'when-changed'],
    failedCheckpointWrite: ['skip', 'keep'],
    unreadableCheckpoint: ['lose', 'rebuild'],
    pausedContainer: ['unknown', 'running'],
    unansweringSandbox: ['kill', 'keep'],
    unexpectedCreatedTask: ['kill', 'keep'],
    unknownContainer: ['ignore', 'monitor'],
    failedWait: ['exit', 'retry'],
    unseenExit: ['now', 'estimated'],
    exitStored: ['after-delete', 'before-delete'],
    unattachableIo: ['unknown', 'degraded'],
    orphanedDirectory: ['remove', 'quarantine'],
    imageCheck: ['manifest', 'content'],
  };
  for (const [row, [theirs, ours]] of Object.entries(table)) {
    expect([row, containerd[row as keyof Policy]]).toEqual([row, theirs]);
    expect([row, careful[row as keyof Policy]]).toEqual([row, ours]);
  }
});
