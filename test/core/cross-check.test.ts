/** What is odd only beside other items. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/core/decide.js';
import type { Observation } from '../../src/core/observation.js';
import type { Plan } from '../../src/core/plan.js';
import { careful, type Policy } from '../../src/core/policy.js';
import { containerRecord, observation, observedContainer, observedSandbox, sandboxRecord } from './records.js';
import { times } from './tables/readings.js';

const planOf = (policy: Policy, observed: Observation): Plan => {
  const plan = decide(policy, times.now)(observed);
  if (E.isLeft(plan)) throw new Error(plan.left._tag);
  return plan.right;
};

describe('beside other items', () => {
  const codesOf = (node: Observation): ReadonlyArray<string> =>
    planOf(careful, node).containers.flatMap(({ findings }) => findings.map(({ code }) => code));
  const runs = E.right(observedContainer('running', 'RUNNING'));
  const pod = (task: Parameters<typeof observedSandbox>[0]) =>
    E.right(observedSandbox(task, sandboxRecord('s1', true)));

  it('a container without its sandbox is found, for a sandbox of an odd name too', () => {
    expect(codesOf(observation({ containers: [runs] }))).toEqual(['sandbox-missing']);
    for (const odd of ['__proto__', 'constructor', '']) {
      const record = containerRecord('c1', odd);
      const item = E.right(observedContainer('running', 'RUNNING', 'not asked', record));
      expect(codesOf(observation({ sandboxes: [pod('running')], containers: [item] }))).toEqual(['sandbox-missing']);
    }
  });

  it('a container that runs in a sandbox that is not ready is found', () => {
    expect(codesOf(observation({ sandboxes: [pod('running')], containers: [runs] }))).toEqual([]);
    expect(codesOf(observation({ sandboxes: [pod('absent')], containers: [runs] }))).toEqual(['sandbox-not-ready']);
    const exited = E.right(observedContainer('absent', 'EXITED'));
    expect(codesOf(observation({ sandboxes: [pod('absent')], containers: [exited] }))).toEqual([]);
  });

  it('metadata that names another id is found, and the record is believed', () => {
    const record = containerRecord('c1');
    const odd = { ...record, metadata: { ...record.metadata, id: '../x' } };
    const node = observation({
      sandboxes: [pod('running')],
      containers: [E.right(observedContainer('running', 'RUNNING', 'not asked', odd))],
    });
    expect(codesOf(node)).toEqual(['metadata-id-differs']);
    expect(planOf(careful, node).containers[0]?.record.id).toBe('c1');
  });
});
