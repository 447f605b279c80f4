/**
 * Whatever befalls a call of a recovery, a second one that is left in peace ends where an undisturbed first one does. `npm run faults` tries
 * longer.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, describe, expect, it } from 'vitest';
import { careful, containerd } from '../../src/core/policy.js';
import { decide, decodeRecording, reportPlan } from '../../src/index.js';
import { type FakeNode, observationOf } from '../../src/testing/index.js';
import { recordedNodeFile } from '../recorded-node-file.js';
import { allowances } from './allowed.js';
import { exampleNode } from './example-node.js';
import { faultsFor } from './fault.js';
import { nodeOfObservation } from './node-of-observation.js';
import { nodeOf, nodeRecipes } from './node-recipes.js';
import { recovery } from './recovery.js';
import { isLong, minutes, nodesAtATime, seed } from './settings.js';
import { newTally, tryFaults } from './try-faults.js';
import { undisturbed } from './undisturbed.js';

const patience = (minutes + 5) * 60_000;
const tally = newTally();

const policies = [
  ['careful', careful],
  ['containerd', containerd],
] as const;

const recorded = decodeRecording(readFileSync(recordedNodeFile, 'utf8'));
if (E.isLeft(recorded)) throw new Error(recorded.left);
const recordedNode = nodeOfObservation(recorded.right);

/** containerd recovers nothing where two hold one name. */
const withoutTwins = (node: FakeNode): FakeNode => ({
  ...node,
  containers: node.containers.filter(
    ({ record }, index) => node.containers.findIndex((other) => other.record.name === record.name) === index,
  ),
});

afterAll(() => {
  console.info(`faults tried: ${tally.faults}, lost: ${tally.lost}, seed: ${seed}`);
});

describe.each(policies)('under %s', (name, policy) => {
  it('nothing is lost by any fault on a node with something of everything', { timeout: patience }, async () => {
    const calm = await undisturbed(policy, exampleNode, recovery(policy));
    await tryFaults(calm, faultsFor(calm.calls), tally);
  });

  it('nothing is lost by any fault on the recorded node', { timeout: patience }, async () => {
    const node = name === 'careful' ? recordedNode : withoutTwins(recordedNode);
    const calm = await undisturbed(policy, node, recovery(policy));
    const faults = faultsFor(calm.calls);
    // No call has so few mishaps that all of them are left out.
    await tryFaults(calm, isLong ? faults : faults.filter((_, index) => index % 10 === 0), tally);
  });

  it('nothing is lost by any fault on generated nodes', { timeout: patience }, async () => {
    const until = performance.now() + (minutes * 60_000) / policies.length;
    for (let batch = 0; batch === 0 || performance.now() < until; batch += 1) {
      const property = fc.asyncProperty(nodeRecipes, async (recipe) => {
        const calm = await undisturbed(policy, nodeOf(recipe), recovery(policy, recipe.concurrency));
        if (name === 'careful') expect(calm.losses).toStrictEqual([]);
        await tryFaults(calm, faultsFor(calm.calls), tally);
      });
      await fc.assert(property, { seed: seed + batch, numRuns: nodesAtATime });
    }
  });
});

it('carefully, nothing is lost without a fault', async () => {
  for (const node of [exampleNode, recordedNode])
    expect((await undisturbed(careful, node, recovery(careful))).losses).toStrictEqual([]);
});

it('every allowance is still needed', () => {
  expect(allowances.filter((allowance) => !tally.used.has(allowance)).map(({ why }) => why)).toStrictEqual([]);
});

it('the recorded node is taken for what it was', () => {
  const states = (observation: typeof recorded.right): unknown => {
    const plan = decide(careful, observation.takenAt)(observation);
    if (E.isLeft(plan)) throw new Error(plan.left._tag);
    const { sandboxes, containers, images, orphans, failures } = reportPlan(plan.right, 0);
    const items = [...sandboxes, ...containers, ...images].map(({ findings, ...item }) => [
      item,
      findings.map(({ code }) => code),
    ]);
    return { items, orphans, failures };
  };
  expect(states(observationOf(recordedNode))).toStrictEqual(states(recorded.right));
});
