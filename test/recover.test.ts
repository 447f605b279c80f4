import * as assert from 'node:assert/strict';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { careful, containerd, type Policy } from '../src/core/policy.js';
import {
  createPlanner,
  createRecovery,
  decide,
  decodeRecording,
  encodeRecording,
  encodeReport,
  type Observation,
  plan,
  RecoveryError,
  reportPlan,
} from '../src/index.js';
import type { ReadPorts } from '../src/ports/index.js';
import {
  fakeContainer,
  fakeNode,
  fakePorts,
  fakeSandbox,
  observationOf,
  recorded,
  withFaults,
} from '../src/testing/index.js';
import { arbitraryObservation } from './arbitraries/observation.js';

const twins = fakeNode({
  sandboxes: [fakeSandbox({ id: 'pod' })],
  containers: ['c1', 'c2'].map((id) => fakeContainer({ id, name: 'twin', sandboxId: 'pod' })),
});

describe('plan', () => {
  it('is decide after observe, carefully unless told otherwise', async () => {
    const observation = observationOf(twins);
    expect(await plan()(fakePorts(twins))()).toStrictEqual(decide(careful, observation.takenAt)(observation));
    expect(await plan({ policy: containerd })(fakePorts(twins))()).toStrictEqual(
      E.left({ _tag: 'NameTaken', kind: 'container', name: 'twin', ids: ['c1', 'c2'] }),
    );
  });

  it('calls nothing that could change the node, and leaves it as it was', async () => {
    const fake = fakePorts(twins);
    const before = fake.node();
    const { ports, calls } = recorded<ReadPorts>(fake);
    await plan()(ports)();
    const reading = [
      'version',
      'listSandboxes',
      'listContainers',
      'list',
      'get',
      'read',
      'content',
      'hasNetworkNamespace',
      'taskBundles',
      'processStartedAt',
    ];
    expect(calls().filter(({ operation }) => !reading.includes(operation))).toStrictEqual([]);
    expect(fake.node()).toBe(before);
  });
});

describe('the Promise API', () => {
  it('gives what the functions give', async () => {
    const recovery = createRecovery(fakePorts(twins), { policy: careful });
    expect(E.right(await recovery.plan())).toStrictEqual(await plan()(fakePorts(twins))());
    expect(await recovery.observe()).toStrictEqual(observationOf(twins));
  });

  it('rejects with the failure and one line that says it', async () => {
    const rejected = await createRecovery(fakePorts(twins), { policy: containerd })
      .plan()
      .catch((thrown: unknown) => thrown);
    expect(rejected).toBeInstanceOf(RecoveryError);
    expect(rejected).toMatchObject({
      name: 'RecoveryError',
      message: 'the container name "twin" is held by c1 and c2',
      failure: { _tag: 'NameTaken', ids: ['c1', 'c2'] },
    });
  });

  it('says which call failed', async () => {
    const ports = withFaults<ReadPorts>(fakePorts(twins), [
      { port: 'containers', operation: 'listContainers', effect: { error: 'Unavailable' } },
    ]);
    await expect(createPlanner(ports).plan()).rejects.toMatchObject({
      failure: {
        _tag: 'NodeUnreadable',
        error: { port: 'containers', operation: 'listContainers', _tag: 'Unavailable' },
      },
    });
  });

  it('takes a signal for all calls, or for one', async () => {
    await expect(createRecovery(fakePorts(twins), { signal: AbortSignal.abort() }).plan()).rejects.toMatchObject({
      failure: { _tag: 'Aborted' },
    });
    const recovery = createRecovery(fakePorts(twins));
    await expect(recovery.plan({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      failure: { _tag: 'Aborted' },
    });
    await expect(recovery.plan()).resolves.toBeDefined();
  });
});

describe('a recording', () => {
  const plansOf = (observation: Observation): ReadonlyArray<string> =>
    [careful, containerd].map((policy: Policy) => {
      const decided = decide(policy, observation.takenAt)(observation);
      return E.isLeft(decided) ? JSON.stringify(decided.left) : encodeReport(reportPlan(decided.right, 0));
    });

  it('gives the plan that the node gave', () => {
    fc.assert(
      fc.property(arbitraryObservation, (observation) => {
        const decoded = decodeRecording(encodeRecording(observation));
        if (E.isLeft(decoded)) throw new Error(decoded.left);
        assert.deepStrictEqual(plansOf(decoded.right), plansOf(observation));
      }),
      { numRuns: 300 },
    );
  });
});
