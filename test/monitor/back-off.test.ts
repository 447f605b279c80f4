import { expect, test } from 'vitest';
import { backOffMs, reconnectMs } from '../../src/monitor/back-off.js';

test('the next attempt is a second away, then twice as long each time, and never more than five minutes', () => {
  const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((failed) => backOffMs(failed) / 1_000);
  expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test('months of failures are waited for like the tenth', () => {
  for (const failed of [100, 2_000, Number.MAX_SAFE_INTEGER]) expect(backOffMs(failed)).toBe(300_000);
});

test('a new subscription is tried at once, and never later than containerd takes to be back', () => {
  const delays = Array.from({ length: 2_000 }, (_, index) => reconnectMs(index + 1));
  expect(delays.slice(0, 7)).toEqual([50, 100, 200, 400, 800, 1_600, 2_000]);
  expect(Math.max(...delays)).toBe(2_000);
});
