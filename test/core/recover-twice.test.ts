/** Under `careful`, recovering twice is recovering once, and being killed in between changes nothing. */
import assert from 'node:assert';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import type { ContainerDecision } from '../../src/core/container-decision.js';
import { containerState } from '../../src/core/container-status.js';
import { decideContainer } from '../../src/core/decide-container.js';
import type { ObservedContainer } from '../../src/core/observation.js';
import { careful } from '../../src/core/policy.js';
import { arbitraryContainer } from './arbitraries.js';
import { finish, walk } from './every-way.js';
import { has, situations, writesOf } from './everywhere.js';
import { replay } from './replay.js';
import type { OutcomeCase, StepName } from './tables/path.js';
import { times } from './tables/readings.js';

const later = times.now + 3_600_000_000_000n;

/** Nothing fails; attachments may be skipped and tasks may be gone. */
const wellDone = (step: StepName): ReadonlyArray<OutcomeCase> => {
  switch (step) {
    case 'AttachIo':
    case 'CreateIo':
      return ['Done', 'Skipped'];
    case 'WatchExit':
    case 'DeleteTask':
      return ['Done', 'Absent'];
    case 'KeepAside':
    case 'WriteCheckpoint':
      return ['Done'];
  }
};

const everyPoint = (visit: (observed: ObservedContainer, decision: ContainerDecision) => void): number => {
  let points = 0;
  const go = (observed: ObservedContainer): void =>
    walk(
      careful,
      observed,
      (_, found) => {
        if (E.isLeft(found)) throw new Error(found.left.message);
        points += 1;
        visit(observed, found.right);
      },
      wellDone,
    );
  for (const observed of situations) go(observed);
  fc.assert(fc.property(arbitraryContainer, go), { numRuns: 500 });
  return points;
};

const isOver = ({ steps }: ContainerDecision): boolean => steps.length === 0;

/** The task was seen and went away before anything was written: nobody can know next time that it was there. */
const isForgotten = ({ performed, recalled, steps }: ContainerDecision): boolean =>
  performed.some(({ step, outcome }) => step._tag === 'WatchExit' && outcome._tag === 'Absent') &&
  (recalled.writable === 'never' || has(steps, 'WriteCheckpoint'));

/** Guessed, and the file may not be written: guessed anew each time. */
const isGuess = ({ recalled, evidence }: ContainerDecision): boolean =>
  recalled.writable === 'never' && Object.values(evidence).includes('estimated');

const actionsOf = ({ steps }: ContainerDecision) =>
  steps.filter(({ _tag }) => _tag === 'DeleteTask' || _tag === 'KeepAside' || _tag === 'WriteCheckpoint');

it('the second recovery finds the same status and has nothing to do', () => {
  const points = everyPoint((observed, decision) => {
    if (!isOver(decision) || isForgotten(decision)) return;
    const again = decideContainer(careful, later)(replay(observed, decision.performed));
    assert.deepStrictEqual(actionsOf(again), []);
    assert.strictEqual(containerState(again.status), containerState(decision.status));
    if (!isGuess(decision)) assert.deepStrictEqual(again.status, decision.status);
  });
  expect(points).toBeGreaterThan(2000);
});

it('killed at any point and started again, it comes to the same state and the same values but for new guesses', () => {
  everyPoint((observed, decision) => {
    if (isForgotten(decision)) return;
    const whole = finish(careful, times.now, decision).status;
    const again = finish(careful, later, decideContainer(careful, later)(replay(observed, decision.performed))).status;
    assert.strictEqual(containerState(again), containerState(whole));
    assert.deepStrictEqual([again.pid, again.createdAt, again.exitCode], [whole.pid, whole.createdAt, whole.exitCode]);
    assert.deepStrictEqual([again.reason, again.message], [whole.reason, whole.message]);
    for (const field of ['startedAt', 'finishedAt'] as const) {
      assert.ok(again[field] === whole[field] || (again[field] === later && whole[field] === times.now));
    }
  });
});

it('what was written before it was killed stands, guessed or not', () => {
  everyPoint((observed, decision) => {
    const [written] = writesOf(decision.performed.map(({ step }) => step));
    if (written === undefined) return;
    const again = decideContainer(careful, later)(replay(observed, decision.performed));
    assert.deepStrictEqual({ ...again.status, unknown: false }, { ...written.status, unknown: false });
    assert.deepStrictEqual(writesOf(again.steps), []);
  });
});
