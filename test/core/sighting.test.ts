/** What was seen of one item, as plain values. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { sightContainer, sightSandbox, type TaskSighting } from '../../src/core/sighting.js';
import { containerRecord, observation, observedContainer, observedSandbox, sandboxRecord } from './records.js';
import { pids, storedStatuses, type TaskCase, times } from './tables/readings.js';

const nothing = { pid: undefined, exitStatus: undefined, exitedAt: undefined, error: undefined };
const silent = 'containerd could not get its state from the shim';

const tasks: ReadonlyArray<readonly [TaskCase, TaskSighting]> = [
  ['absent', { ...nothing, state: 'absent' }],
  ['half deleted', { ...nothing, state: 'half-deleted' }],
  ['timed out', { ...nothing, state: 'unanswered', error: 'answered TimedOut' }],
  ['unknown', { ...nothing, state: 'unknown', error: silent }],
  ['created', { ...nothing, state: 'created', pid: pids.task }],
  ['running', { ...nothing, state: 'running', pid: pids.task }],
  ['paused', { ...nothing, state: 'paused', pid: pids.task }],
  ['pausing', { ...nothing, state: 'paused', pid: pids.task }],
  ['stopped', { ...nothing, state: 'stopped', pid: pids.task, exitStatus: 137, exitedAt: times.exited }],
  ['stopped undated', { ...nothing, state: 'stopped', pid: pids.task, exitStatus: 137 }],
];

describe('what was seen of a sandbox', () => {
  it.each(tasks)('with a task that is %s', (task, expected) => {
    const netns = { mode: 'pod', path: '/n', present: true } as const;
    expect(sightSandbox(observation(), observedSandbox(task), netns)).toStrictEqual({
      record: {
        name: 'name-of-s1',
        attempt: 0,
        createdAt: times.recordCreated,
        runtime: 'io.containerd.runc.v2',
        metadataId: 's1',
      },
      task: expected,
      sameName: [],
      netns,
    });
  });

  it('is who else holds its name, by id, and whether they may be alive', () => {
    const named = (id: string, task: TaskCase, name = 'pod') =>
      observedSandbox(task, { ...sandboxRecord(id), name, attempt: id.length });
    const seen = named('s1', 'running');
    const sandboxes = [
      E.right(named('z', 'stopped')),
      E.right(seen),
      E.right(named('other', 'running', 'other')),
      E.right(named('bb', 'timed out')),
      E.left({ kind: 'sandbox', id: 'x', tag: 'MetadataMissing', message: 'odd' } as const),
    ];
    const { sameName } = sightSandbox(observation({ sandboxes }), seen, { mode: 'host' });
    expect(sameName).toStrictEqual([
      { id: 'bb', attempt: 2, createdAt: times.recordCreated, mayBeAlive: true },
      { id: 'z', attempt: 1, createdAt: times.recordCreated, mayBeAlive: false },
    ]);
  });
});

describe('what was seen of a container', () => {
  it('is what stands in its checkpoint, or why it cannot be read', () => {
    const seen = sightContainer(observation(), observedContainer('absent', 'EXITED'), 'EXITED');
    expect(seen.checkpoint).toStrictEqual({ says: 'EXITED', status: storedStatuses.EXITED, error: undefined });
    const lost = sightContainer(observation(), observedContainer('absent', 'LOST denied'), 'LOST');
    expect(lost.checkpoint).toStrictEqual({ says: 'LOST', status: undefined, error: 'answered Denied' });
  });

  it('is when its process started, where that is known', () => {
    const startedAt = (process: 'known' | 'not known' | 'not asked') =>
      sightContainer(observation(), observedContainer('running', 'RUNNING', process), 'RUNNING').processStartedAt;
    expect([startedAt('known'), startedAt('not known'), startedAt('not asked')]).toStrictEqual([
      times.processStarted,
      undefined,
      undefined,
    ]);
  });

  it('is its pod with its task, where one of this id could be read', () => {
    const observed = observedContainer('running', 'RUNNING', 'not asked', containerRecord('c1', 's2'));
    const podIn = (...ids: ReadonlyArray<string>) =>
      sightContainer(
        observation({ sandboxes: ids.map((id) => E.right(observedSandbox('timed out', sandboxRecord(id)))) }),
        observed,
        'RUNNING',
      ).sandbox;
    expect(podIn('s1', 's2')).toStrictEqual({
      id: 's2',
      name: 'name-of-s2',
      task: { ...nothing, state: 'unanswered', error: 'answered TimedOut' },
    });
    expect(podIn('s1')).toBeUndefined();
  });
});
