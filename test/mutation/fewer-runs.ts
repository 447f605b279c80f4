/**
 * Tests as a mutation run asks them: a property gets the same inputs for every mutant, fewer of them, and nothing is shrunk. Once a test has
 * failed the mutant is caught, and no further file is loaded.
 */
import type { IRawProperty, Parameters } from 'fast-check';
import { afterEach, vi } from 'vitest';

const most = 25;

const state = globalThis as { isCaught?: boolean };
if (state.isCaught) throw new Error('caught by an earlier file');
afterEach(({ task }) => {
  if (task.result?.state === 'fail') state.isCaught = true;
});

vi.mock('fast-check', async (importOriginal) => {
  const actual = await importOriginal<typeof import('fast-check')>();
  const assert = (property: IRawProperty<unknown>, parameters?: Parameters<unknown>) =>
    actual.assert(property, {
      ...parameters,
      seed: 1,
      numRuns: Math.min(most, parameters?.numRuns ?? most),
      endOnFailure: true,
    });
  return { ...actual, assert, default: { ...actual, assert } };
});
