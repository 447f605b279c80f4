/** Steps that were not tried or found nothing to work on, and writes that fail. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/action.js';
import type { ContainerDecision } from '../../src/core/container-decision.js';
import { containerState } from '../../src/core/container-status.js';
import { decideContainer } from '../../src/core/decide-container.js';
import type { ItemFailure } from '../../src/core/failure.js';
import type { ObservedContainer } from '../../src/core/observation.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { settleContainer } from '../../src/core/settle-container.js';
import { walk } from './every-way.js';
import { situations } from './everywhere.js';
import { observedContainer } from './records.js';
import { outcomes } from './tables/path.js';
import { times } from './tables/readings.js';

const settled = (policy: Policy, observed: ObservedContainer, ...found: ReadonlyArray<Outcome>) =>
  found.reduce<E.Either<ItemFailure, ContainerDecision>>(
    (decision, outcome) =>
      E.isLeft(decision) ? decision : settleContainer(policy, times.now)(decision.right, outcome),
    E.right(decideContainer(policy, times.now)(observed)),
  );

const summary = (decision: E.Either<ItemFailure, ContainerDecision>) =>
  E.isLeft(decision)
    ? decision.left.tag
    : {
        state: containerState(decision.right.status),
        checkpoint: decision.right.checkpoint,
        steps: decision.right.steps.map(({ _tag }) => _tag),
        findings: decision.right.findings.map(({ code }) => code),
      };

const done = { _tag: 'Done' } as const;
const absent = { _tag: 'Absent' } as const;
const skipped = { _tag: 'Skipped', why: 'the deadline has passed' } as const;

describe('a write that found no directory', () => {
  it('leaves the container dirty and keeps its stopped task under careful', () => {
    expect(summary(settled(careful, observedContainer('stopped', 'RUNNING'), done, absent))).toMatchObject({
      checkpoint: 'dirty',
      steps: [],
      findings: ['checkpoint-not-written', 'task-kept'],
    });
  });

  it('skips the container as containerd does (H3)', () => {
    expect(summary(settled(containerd, observedContainer('absent', 'EXITED'), absent))).toBe('CheckpointWriteFailed');
  });
});

it('a write that was skipped does not let the stopped task be deleted under careful', () => {
  expect(summary(settled(careful, observedContainer('stopped', 'RUNNING'), done, skipped))).toMatchObject({
    steps: [],
  });
});

it('an unreadable file that was not moved aside is not written over under careful', () => {
  const observed = observedContainer('running', 'LOST corrupt');
  for (const outcome of [skipped, outcomes.TimedOut])
    expect(summary(settled(careful, observed, done, done, outcome))).toMatchObject({ checkpoint: 'dirty', steps: [] });
});

describe('output whose pipes are gone (H14)', () => {
  it.each([
    ['running', 'RUNNING', 'RUNNING'],
    ['absent', 'CREATED', 'CREATED'],
  ] as const)('is found, and the state stands under careful: task %s', (task, checkpoint, state) => {
    expect(summary(settled(careful, observedContainer(task, checkpoint), absent))).toMatchObject({
      state,
      findings: ['io-degraded'],
    });
  });

  it.each([
    ['running', 'RUNNING'],
    ['absent', 'CREATED'],
  ] as const)('makes the container UNKNOWN as containerd does: task %s', (task, checkpoint) => {
    expect(summary(settled(containerd, observedContainer(task, checkpoint), absent))).toMatchObject({
      state: 'UNKNOWN',
      findings: ['io-degraded'],
    });
  });
});

it('everything ends, whatever is skipped or gone', () => {
  let ends = 0;
  for (const policy of [containerd, careful])
    for (const observed of situations)
      walk(
        policy,
        observed,
        (_, decision) => {
          ends += Number(E.isLeft(decision) || decision.right.steps.length === 0);
        },
        () => ['Skipped', 'Absent'],
      );
  expect(ends).toBeGreaterThan(situations.length * 2);
});

it('where a failed write is kept, no item is skipped', () => {
  for (const observed of situations) {
    const policy = { ...containerd, failedCheckpointWrite: 'keep' } as const;
    walk(policy, observed, (_, decision) => expect(E.isRight(decision)).toBe(true));
  }
});

describe('a stopped task that claims to have ended in 1970', () => {
  const observed = observedContainer('stopped', 'RUNNING');
  const epoch = {
    ...observed,
    task: E.map((task: object) => ({ ...task, exitedAt: O.some(0n) }))(observed.task) as ObservedContainer['task'],
  };

  it('has ended under careful all the same: a status without a finishing time would say RUNNING', () => {
    const decision = decideContainer(careful, times.now)(epoch);
    expect(containerState(decision.status)).toBe('EXITED');
    expect(decision.findings.map(({ code }) => code)).toContain('exit-time-missing');
  });
});
