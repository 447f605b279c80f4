import { describe, expect, it } from 'vitest';
import { defaultLimits, limitsOf } from '../../src/bounds/limits.js';
import { createPlanner } from '../../src/index.js';
import { fakeContainer, fakeNode, fakePorts } from '../../src/testing/index.js';

describe('limits', () => {
  it('are the defaults where nothing, or no number, is given', () => {
    expect(limitsOf()).toStrictEqual(defaultLimits);
    // As a caller's JavaScript, or TypeScript without exactOptionalPropertyTypes, gives them.
    const given = { itemTimeoutMs: undefined, concurrency: Number.NaN } as unknown as Partial<typeof defaultLimits>;
    expect(limitsOf(given)).toStrictEqual(defaultLimits);
  });

  it('are at most what a timer can hold', () => {
    const endless = {
      itemTimeoutMs: Number.POSITIVE_INFINITY,
      deadlineMs: 1e12,
      concurrency: Number.POSITIVE_INFINITY,
    };
    expect(limitsOf(endless)).toStrictEqual({
      itemTimeoutMs: 2 ** 31 - 1,
      deadlineMs: 2 ** 31 - 1,
      concurrency: Number.MAX_SAFE_INTEGER,
    });
  });

  it('are at least one, and whole', () => {
    expect(limitsOf({ itemTimeoutMs: 0, deadlineMs: -5, concurrency: 1.5 })).toStrictEqual({
      itemTimeoutMs: 1,
      deadlineMs: 1,
      concurrency: 1,
    });
  });

  it.each([0, 2.5, Number.POSITIVE_INFINITY])('let a plan end with %d at the same time', async (concurrency) => {
    const containers = ['a', 'b', 'c', 'd'].map((id) => fakeContainer({ id }));
    const plan = await createPlanner(fakePorts(fakeNode({ containers })), { limits: { concurrency } }).plan();
    expect(plan.containers.map(({ status }) => status.pid > 0)).toStrictEqual([true, true, true, true]);
  });
});
