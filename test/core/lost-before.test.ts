import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import type { ContainerStatus } from '../../src/core/container-status.js';
import { decideContainer } from '../../src/core/decide-container.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { reportContainer } from '../../src/core/report.js';
import { observedContainer } from './records.js';
import { pids, times } from './tables/readings.js';

/** What containerd's plugin leaves of a running container whose checkpoint it could not read: the facts' rows of LOST and ZERO. */
const left: ContainerStatus = {
  pid: pids.stored,
  createdAt: 0n,
  startedAt: times.started,
  finishedAt: 0n,
  exitCode: 255,
  reason: 'Unknown',
  message: '',
  unknown: false,
};

const decided = (policy: Policy, task: 'running' | 'absent', status: Partial<ContainerStatus> = {}) => {
  const checkpoint = E.right({ status: { ...left, ...status }, rest: {} });
  return reportContainer(decideContainer(policy, times.now)({ ...observedContainer(task, 'RUNNING'), checkpoint }));
};

describe('a checkpoint that containerd has written over a lost one', () => {
  it('loses the exit that never was, and its start is a guess', () => {
    const { state, createdAt, startedAt, exitCode, reason, evidence, checkpoint } = decided(careful, 'running');
    expect({ state, createdAt, startedAt, exitCode, reason, checkpoint }).toStrictEqual({
      state: 'RUNNING',
      createdAt: times.recordCreated,
      startedAt: times.started,
      exitCode: 0,
      reason: '',
      checkpoint: 'planned',
    });
    expect(evidence).toMatchObject({ createdAt: 'record', startedAt: 'estimated', exitCode: 'estimated' });
  });

  it('is an exit that nobody saw where its task is gone', () => {
    expect(decided(careful, 'absent')).toMatchObject({ state: 'EXITED', exitCode: 255, reason: 'Unknown' });
  });

  it('is as containerd has it under its policy', () => {
    expect(decided(containerd, 'running')).toMatchObject({ state: 'RUNNING', exitCode: 255, reason: 'Unknown' });
  });

  it.each<[string, Partial<ContainerStatus>, object]>([
    ['another reason', { reason: 'OOMKilled' }, { exitCode: 255, reason: 'OOMKilled' }],
    ['another code', { exitCode: 1 }, { exitCode: 1, reason: 'Unknown' }],
    ['the time of its creation', { createdAt: times.created }, { exitCode: 255, reason: 'Unknown' }],
  ])('is no such thing with %s', (_, status, expected) => {
    expect(decided(careful, 'running', status)).toMatchObject({ state: 'RUNNING', ...expected });
  });

  it('is none either once it has ended', () => {
    const ended = decided(careful, 'absent', { finishedAt: times.finished });
    expect(ended).toMatchObject({ state: 'EXITED', exitCode: 255, reason: 'Unknown', finishedAt: times.finished });
  });
});
