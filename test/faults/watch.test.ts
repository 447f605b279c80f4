/** Whatever befalls a call of a watch, a second one that is left in peace ends where an undisturbed first one does. */
import { afterAll, expect, it } from 'vitest';
import { careful } from '../../src/core/policy.js';
import { exampleNode } from './example-node.js';
import { faultsFor } from './fault.js';
import { watching } from './recovery.js';
import { isLong, minutes } from './settings.js';
import { newTally, tryFaults } from './try-faults.js';
import { undisturbed } from './undisturbed.js';

const tally = newTally();

afterAll(() => {
  console.info(`faults tried on a watch: ${tally.faults}, lost: ${tally.lost}`);
});

it('nothing is lost by any fault on a node with something of everything', {
  timeout: (minutes + 5) * 60_000,
}, async () => {
  const calm = await undisturbed(careful, exampleNode, watching(careful));
  expect(calm.losses).toStrictEqual([]);
  const faults = faultsFor(calm.calls);
  await tryFaults(calm, isLong ? faults : faults.filter((_, index) => index % 4 === 0), tally);
});
