/** A test of one's own code without containerd: the node is a value, and what goes wrong is said in a line. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecoveryError } from 'cri-recovery';
import {
  type ContainerOptions,
  fakeContainer,
  fakeNode,
  fakePorts,
  fakeSandbox,
  withFaults,
} from 'cri-recovery/testing';
import { planRestarts } from './plan-restarts.js';

type Situation = readonly [what: string, container: Omit<ContainerOptions, 'id'>, then: 'leave' | 'restart' | 'ask'];

const situations: ReadonlyArray<Situation> = [
  ['runs', { task: 'running', checkpoint: 'RUNNING' }, 'leave'],
  ['was made and never started', { task: 'absent', checkpoint: 'CREATED' }, 'leave'],
  ['ended well', { task: 'absent', checkpoint: 'EXITED' }, 'leave'],
  ['ended with a code', { task: 'absent', checkpoint: 'EXITED', status: { exitCode: 3 } }, 'restart'],
  ['ended, and nobody saw how', { task: 'absent', checkpoint: 'RUNNING' }, 'restart'],
  ['is paused', { task: 'paused', checkpoint: 'RUNNING' }, 'ask'],
  ['runs, with a broken checkpoint', { task: 'running', checkpoint: 'corrupt' }, 'leave'],
  ['left nothing but a broken checkpoint', { task: 'absent', checkpoint: 'corrupt' }, 'ask'],
];

const pod = (...containers: ReadonlyArray<ContainerOptions>) =>
  fakePorts(
    fakeNode({
      sandboxes: [fakeSandbox({ id: 'pod' })],
      containers: containers.map((container) => fakeContainer({ sandboxId: 'pod', ...container })),
    }),
  );

describe('a container that', () => {
  for (const [what, container, then] of situations) {
    it(`${what}: ${then}`, async () => {
      assert.deepEqual(await planRestarts(pod({ id: 'web', ...container })), {
        restart: then === 'restart' ? ['web'] : [],
        ask: then === 'ask' ? ['web'] : [],
      });
    });
  }
});

describe('when things fail', () => {
  it('one shim that does not answer is one question, and the others are none the worse for it', async () => {
    const ports = withFaults(pod({ id: 'web' }, { id: 'batch', task: 'absent' }), [
      { port: 'tasks', operation: 'list', effect: { error: 'Unavailable' } },
      { port: 'tasks', operation: 'get', subject: 'web', effect: { error: 'TimedOut' } },
    ]);
    assert.deepEqual(await planRestarts(ports), { restart: ['batch'], ask: ['web'] });
  });

  it('without containerd there is no plan, and it says why', async () => {
    const ports = withFaults(pod({ id: 'web' }), [
      { port: 'containers', operation: 'listContainers', effect: { error: 'Unavailable' } },
    ]);
    await assert.rejects(
      planRestarts(ports),
      (error) => error instanceof RecoveryError && error.failure._tag === 'NodeUnreadable',
    );
  });
});
