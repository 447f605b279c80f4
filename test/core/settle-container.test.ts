/** What holds at every decision on every way through the steps, under any mix of policies. */
import assert from 'node:assert';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { containerState } from '../../src/core/container-status.js';
import { decideContainer } from '../../src/core/decide-container.js';
import { settleContainer } from '../../src/core/settle-container.js';
import { everywhere, has, type Point, writesOf } from './everywhere.js';
import { replay } from './replay.js';
import { outcomes } from './tables/path.js';
import { taskReadings, times } from './tables/readings.js';

const isTaskGone = ({ observed, decision }: Point): boolean => {
  const { task } = replay(observed, decision.performed);
  return E.isLeft(task) && task.left._tag === 'NotFound';
};

const isHalfDeleted = (task: Point['observed']['task']): boolean =>
  E.isLeft(task) && task.left._tag === 'NotFound' && task.left.halfDeleted === true;

const saysNothing = ({ observed: { checkpoint } }: Point): boolean =>
  E.isLeft(checkpoint) || containerState(checkpoint.right.status) === 'UNKNOWN';

describe('every decision on every way', () => {
  it('comes to an end', () => {
    expect(everywhere(() => undefined, { numRuns: 1000 })).toBeGreaterThan(20_000);
  });

  it('says planned just as long as a write is to come', () => {
    everywhere(({ decision: { checkpoint, steps } }) => {
      assert.strictEqual(checkpoint === 'planned', has(steps, 'WriteCheckpoint'));
    });
  });

  it('would write what it says, with everything else that was in the file', () => {
    everywhere(({ decision, observed }) => {
      for (const { status, rest } of writesOf(decision.steps)) {
        assert.deepStrictEqual({ ...status, unknown: false }, { ...decision.status, unknown: false });
        assert.deepStrictEqual(rest, E.isRight(observed.checkpoint) ? observed.checkpoint.right.rest : {});
      }
    });
  });

  it('writes no UNKNOWN flag: a checkpoint has none', () => {
    everywhere(({ decision }) => {
      for (const { status } of writesOf(decision.steps)) assert.strictEqual(status.unknown, false);
    });
  });

  it('is monitored only where an exit is waited for', () => {
    everywhere(({ decision: { monitored, steps, performed } }) => {
      const isWaited = performed.some(({ step, outcome }) => step._tag === 'WatchExit' && outcome._tag !== 'Absent');
      assert.ok(!monitored || isWaited || has(steps, 'WatchExit'));
    });
  });

  it('is not monitored once the wait has found nothing or the task is deleted', () => {
    everywhere((point) => assert.ok(!isTaskGone(point) || !point.decision.monitored));
  });

  it('knows that a task is over that was found gone or deleted', () => {
    everywhere((point) => assert.ok(!isTaskGone(point) || !point.decision.mayBeAlive));
  });

  it('deletes no task but one seen created, stopped or half deleted, so none that did not answer in time', () => {
    everywhere(({ decision, observed: { task } }) => {
      const isSeenIdle = E.isRight(task) && ['created', 'stopped'].includes(task.right.state);
      assert.ok(isSeenIdle || isHalfDeleted(task) || !has(decision.steps, 'DeleteTask'));
    });
  });

  it('has a half-deleted task deleted before anything else, and is what it would be without one', () => {
    everywhere(({ policy, decision, observed }) => {
      if (!isHalfDeleted(observed.task) || decision.performed.length > 0) return;
      const [first, ...others] = decision.steps;
      assert.deepStrictEqual(first, { _tag: 'DeleteTask', id: observed.record.id, state: 'half-deleted' });
      const absent = decideContainer(policy, times.now)({ ...observed, task: taskReadings.absent });
      assert.deepStrictEqual({ ...decision, steps: others }, absent);
    });
  });

  it('moves a file aside only right before it writes a new one', () => {
    everywhere(({ decision: { steps } }) => {
      const at = steps.findIndex(({ _tag }) => _tag === 'KeepAside');
      assert.ok(at < 0 || steps[at + 1]?._tag === 'WriteCheckpoint');
    });
  });

  it('changes nothing that was planned when a step is done', () => {
    everywhere(({ policy, decision }) => {
      const settled = settleContainer(policy, times.now)(decision, outcomes.Done);
      const [step, ...steps] = decision.steps;
      if (step === undefined) return assert.deepStrictEqual(settled, E.right(decision));
      const performed = [...decision.performed, { step, outcome: outcomes.Done }];
      const next = { ...decision, steps, performed };
      const left = { ...next, mayBeAlive: step._tag !== 'DeleteTask' && decision.mayBeAlive };
      const checkpoint = step._tag === 'WriteCheckpoint' ? 'written' : decision.checkpoint;
      const recalled = step._tag === 'KeepAside' ? { ...decision.recalled, writable: 'yes' } : decision.recalled;
      const io = step._tag === 'AttachIo' ? 'attached' : step._tag === 'CreateIo' ? 'created' : decision.io;
      assert.deepStrictEqual(settled, E.right({ ...left, checkpoint, io, recalled }));
    });
  });
});

describe('where the exit is stored before its task is deleted', () => {
  const given = { exitStored: 'before-delete' } as const;

  it('a stopped task is deleted only while its exit stands in the file', () => {
    everywhere(
      ({ observed, decision }) => {
        const [step] = decision.steps;
        if (step?._tag !== 'DeleteTask' || step.state !== 'stopped') return;
        const { checkpoint } = replay(observed, decision.performed);
        assert.ok(E.isRight(checkpoint));
        assert.strictEqual(checkpoint.right.status.finishedAt, decision.status.finishedAt);
        assert.strictEqual(checkpoint.right.status.exitCode, decision.status.exitCode);
      },
      { given },
    );
  });

  it('no task but a stopped one is kept for its exit', () => {
    everywhere(
      ({ decision, observed: { task } }) => {
        if (!decision.findings.some(({ code }) => code === 'task-kept')) return;
        assert.strictEqual(E.isRight(task) && task.right.state, 'stopped');
      },
      { given },
    );
  });
});

describe('where an unreadable checkpoint is rebuilt', () => {
  const given = { unreadableCheckpoint: 'rebuild' } as const;

  it('an UNKNOWN is never written', () => {
    everywhere(
      (point) => {
        const { status, steps } = point.decision;
        if (!saysNothing(point) || !status.unknown) return;
        assert.ok(!has(steps, 'WriteCheckpoint') && !has(steps, 'KeepAside'));
      },
      { given },
    );
  });

  it('a file that may be sound is neither written nor moved', () => {
    everywhere(
      ({ observed: { checkpoint }, decision: { steps } }) => {
        if (E.isRight(checkpoint) || checkpoint.left._tag === 'NotFound') return;
        if (checkpoint.left._tag === 'Corrupt' && checkpoint.left.foreignVersion === undefined) return;
        assert.ok(!has(steps, 'WriteCheckpoint') && !has(steps, 'KeepAside'));
      },
      { given },
    );
  });

  it('everything has a creation time', () => {
    everywhere(({ decision: { status } }) => assert.notStrictEqual(status.createdAt, 0n), { given });
  });
});

it('where only changes are written, a readable checkpoint is not replaced by the same', () => {
  everywhere(
    ({ observed: { checkpoint }, decision }) => {
      for (const { status } of writesOf(decision.steps)) {
        if (E.isRight(checkpoint))
          assert.notDeepStrictEqual({ ...status, unknown: false }, { ...checkpoint.right.status, unknown: false });
      }
    },
    { given: { checkpointWrite: 'when-changed' } },
  );
});
