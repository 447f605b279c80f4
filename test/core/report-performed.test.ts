/** The report of a plan that was performed: what became of each action. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/action.js';
import { decide } from '../../src/core/decide.js';
import { settleOrphan } from '../../src/core/decide-orphans.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { type Report, reportPlan } from '../../src/core/report.js';
import { settleContainer } from '../../src/core/settle-container.js';
import { observation, observedContainer } from './records.js';
import { portError, times } from './tables/readings.js';

describe('a plan that was performed', () => {
  const failed: Outcome = { _tag: 'Failed', error: portError('tasks', 'TimedOut') };
  const skipped: Outcome = { _tag: 'Skipped', why: 'nobody stays' };
  const node = observation({
    containers: [E.right(observedContainer('stopped', 'RUNNING'))],
    bases: [
      {
        kind: 'container',
        area: 'root',
        path: '/root/containers',
        entries: E.right(['c1', 'o'].map((name) => ({ name, type: 'directory', mounts: [] }))),
      },
    ],
  });

  const reported = (policy: Policy, ...outcomes: ReadonlyArray<Outcome>): Report => {
    const decided = decide(policy, times.now)(node);
    if (E.isLeft(decided)) throw new Error(decided.left._tag);
    const plan = decided.right;
    const settle = settleContainer(policy, times.now);
    const containers = plan.containers.map((container) =>
      outcomes.reduce((decision, outcome) => E.getOrElse(() => decision)(settle(decision, outcome)), container),
    );
    const orphans = plan.orphans.map((orphan) => outcomes.reduce(settleOrphan, orphan));
    return reportPlan({ ...plan, containers, orphans }, 1);
  };

  it('says what was done, what failed and why, and nothing of attachments', () => {
    expect(reported(careful, skipped, { _tag: 'Done' }, failed).containers[0]).toMatchObject({
      checkpoint: 'written',
      actions: [
        { action: 'write-checkpoint', outcome: 'done' },
        { action: 'delete-task', outcome: 'failed', error: 'tasks get c1: answered TimedOut' },
      ],
    });
    expect(reported(careful, skipped, failed).containers[0]).toMatchObject({
      checkpoint: 'dirty',
      actions: [{ action: 'write-checkpoint', outcome: 'failed' }],
    });
    expect(reported(containerd, skipped, { _tag: 'Absent' }).containers[0]?.actions).toEqual([
      { action: 'delete-task', outcome: 'done' },
      { action: 'write-checkpoint', outcome: 'planned' },
    ]);
  });

  it.each([
    ['done', { _tag: 'Done' }, 'removed', 'quarantined'],
    ['absent', { _tag: 'Absent' }, 'removed', 'quarantined'],
    ['failed', failed, 'kept', 'kept'],
    ['skipped', skipped, 'kept', 'kept'],
  ] as const)('says what became of a directory: %s', (_, outcome, removed, quarantined) => {
    expect(reported(containerd, outcome).orphans.map((orphan) => orphan.outcome)).toEqual([removed]);
    expect(reported(careful, outcome).orphans.map((orphan) => orphan.outcome)).toEqual([quarantined]);
  });

  it.each([
    [{ _tag: 'Done' }, { outcome: 'done' }],
    [{ _tag: 'Absent' }, { outcome: 'done' }],
    [{ _tag: 'IoCreated', stdio: { stdin: '', stdout: '', stderr: '', terminal: false } }, { outcome: 'done' }],
    [failed, { outcome: 'failed', error: 'tasks get c1: answered TimedOut' }],
    [skipped, { outcome: 'skipped', error: 'nobody stays' }],
  ] as const)('says of an action that ended with %o: %o', (outcome, expected) => {
    expect(reported(careful, outcome).orphans[0]?.actions).toStrictEqual([{ action: 'quarantine', ...expected }]);
    expect(reported(containerd, outcome).orphans[0]?.actions).toStrictEqual([{ action: 'remove', ...expected }]);
  });
});
