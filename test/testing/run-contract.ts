/** The contracts on the test runner of this project. */
import { describe, test } from 'vitest';
import type { Check } from '../../src/testing/index.js';

/** Runs the checks of a contract as tests. */
export const runContract = (adapter: string, checks: ReadonlyArray<Check>): void =>
  void describe(adapter, () => {
    for (const { name, run } of checks) test(name, run);
  });
