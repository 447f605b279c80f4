/** Another look at a sandbox. */
import { describe, expect, it, test } from 'vitest';
import type { ContainerDecision } from '../../src/core/container-decision.js';
import { decideSandboxAgain } from '../../src/core/decide-again.js';
import { decideSandbox, settleSandbox } from '../../src/core/decide-sandbox.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { observedSandbox, sandboxRecord } from './records.js';
import { policies, type SightName, sights, silent, stepsOf } from './tables/known.js';
import { outcomes } from './tables/path.js';
import { pids, type TaskCase } from './tables/readings.js';

describe('another look at a sandbox', () => {
  const known = (policy: Policy, task: TaskCase) => {
    let decision = decideSandbox(policy)(observedSandbox(task));
    while (decision.steps.length > 0) decision = settleSandbox(policy)(decision, outcomes.Done);
    return decision;
  };
  const again = (policy: Policy, before: TaskCase, task: SightName) => {
    const { netns } = observedSandbox('running');
    return decideSandboxAgain(policy)(known(policy, before), { task: sights[task], netns });
  };

  const befores = ['running', 'absent', 'timed out'] as const;
  const ready = { state: 'READY', pid: pids.task, monitored: true, steps: 'WatchExit' };
  const gone = { state: 'NOTREADY', pid: 0, monitored: false };

  test.each(['careful', 'containerd'] as const)('%s: what lives is ready, what has ended is deleted', (name) => {
    for (const before of befores) {
      const outcome = (sight: SightName) => {
        const { status, monitored, steps } = again(policies[name], before, sight);
        return {
          state: status.state,
          pid: status.pid,
          monitored,
          steps: stepsOf({ steps: steps as ContainerDecision['steps'] }),
        };
      };
      expect(outcome('running')).toEqual(ready);
      expect(outcome('absent')).toEqual({ ...gone, steps: '' });
      expect(outcome('half deleted')).toEqual({ ...gone, steps: '' });
      for (const sight of ['stopped', 'told', 'told undated'] as const)
        expect(outcome(sight)).toEqual({ ...gone, steps: 'DeleteTask' });
    }
  });

  it('one that could not be deleted is not, for as long as it is half deleted', () => {
    for (const policy of [careful, containerd])
      for (const task of ['stopped', 'half deleted'] as const) {
        const observed = observedSandbox(task, sandboxRecord('s1', true));
        const before = settleSandbox(policy)(decideSandbox(policy)(observed), outcomes.TimedOut);
        const codes = (sight: SightName) =>
          decideSandboxAgain(policy)(before, { ...observed, task: sights[sight] }).findings.map(({ code }) => code);
        expect(codes('half deleted')).toEqual(['task-not-deleted']);
        expect(codes('absent')).toEqual([]);
      }
  });

  it('a silent one stays as it was, and nothing is done to it', () => {
    for (const policy of [careful, containerd])
      for (const before of befores)
        for (const sight of silent) {
          const { status, monitored, steps, findings } = again(policy, before, sight);
          expect({ status, monitored, steps }).toEqual({
            status: known(policy, before).status,
            monitored: known(policy, before).monitored,
            steps: [],
          });
          expect(findings.filter(({ code }) => code === 'task-not-answering')).toHaveLength(1);
        }
  });

  it('what has been done before is not told again', () => {
    for (const policy of [careful, containerd])
      for (const sight of ['timed out', 'created', 'paused', 'running', 'stopped', 'absent'] as const)
        expect(again(policy, 'running', sight).performed).toStrictEqual([]);
  });

  it('of an absent task there is nothing to delete, even where half of it is left', () => {
    for (const policy of [careful, containerd])
      for (const sight of ['absent', 'half deleted'] as const)
        expect(again(policy, 'running', sight).steps).toStrictEqual([]);
  });

  it('a created or paused task is judged as by a recovery where it was not known what became of it', () => {
    for (const policy of [careful, containerd])
      expect(again(policy, 'timed out', 'created')).toMatchObject({
        status: { state: 'NOTREADY' },
        steps: [{ _tag: 'DeleteTask', id: 's1', state: 'created' }],
      });
    expect(again(containerd, 'timed out', 'paused')).toMatchObject({
      status: { state: 'NOTREADY' },
      steps: [{ _tag: 'DeleteTask', id: 's1', state: 'paused' }],
    });
    expect(again(careful, 'timed out', 'paused')).toMatchObject({ status: { state: 'READY' }, monitored: true });
  });

  it('a paused one is ready, and nothing is done to it', () => {
    expect(again(careful, 'running', 'paused')).toMatchObject({ status: { state: 'READY' }, monitored: true });
    for (const sight of ['paused', 'pausing'] as const)
      expect(again(careful, 'running', sight).steps.map(({ _tag }) => _tag)).toEqual(['WatchExit']);
  });

  // Section 3 has containerd kill what it finds paused as it starts; while it runs it looks at no sandbox again.
  test('a paused one that was ready is not killed under containerd either', () => {
    expect(again(containerd, 'running', 'paused').steps.map(({ _tag }) => _tag)).not.toContain('DeleteTask');
  });

  // Whoever starts a pod anew under its id has a created task for a moment.
  test('a created one is not killed where there was no task before', () => {
    expect(again(careful, 'absent', 'created').steps.map(({ _tag }) => _tag)).not.toContain('DeleteTask');
  });
});
