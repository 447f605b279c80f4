import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { untilQuiet } from '../../src/bounds/quiet.js';

const after = (ms: number) => (): Promise<number> => new Promise((resolve) => setTimeout(() => resolve(ms), ms));
const never = (): Promise<never> => new Promise(() => undefined);

/** When it was quiet, in milliseconds, and whether everything had ended. */
const told = async (reached: Promise<boolean>) => {
  const start = Date.now();
  let when: readonly [number, boolean] | undefined;
  void reached.then((isAll) => {
    when = [Date.now() - start, isAll];
  });
  await vi.advanceTimersByTimeAsync(60_000);
  return when;
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('waiting for many', () => {
  it('is over at once where there is nothing to wait for', async () => {
    expect(await told(untilQuiet(0, 100).reached)).toStrictEqual([0, true]);
  });

  it('is over with the last of them, however long each takes after the one before', async () => {
    const quiet = untilQuiet(3, 100);
    for (const ms of [90, 180, 270]) void quiet.count(after(ms))();
    expect(await told(quiet.reached)).toStrictEqual([270, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is over a while after the last that ended, where one hangs', async () => {
    const quiet = untilQuiet(3, 100);
    for (const work of [after(30), never, after(90)]) void quiet.count(work)();
    expect(await told(quiet.reached)).toStrictEqual([190, false]);
  });

  it('goes on while one is still to be begun', async () => {
    const quiet = untilQuiet(2, 100);
    void quiet.count(never)();
    setTimeout(() => void quiet.count(after(10))(), 5_000);
    expect(await told(quiet.reached)).toStrictEqual([5_110, false]);
  });

  it('counts work that throws as ended, and lets it throw', async () => {
    const quiet = untilQuiet(1, 100);
    const thrown = quiet
      .count(() => Promise.reject(new Error('no')))()
      .catch((error: unknown) => error);
    expect(await told(quiet.reached)).toStrictEqual([0, true]);
    expect(await thrown).toStrictEqual(new Error('no'));
  });

  it('gives what the work gives', async () => {
    expect(await untilQuiet(1, 100).count(async () => 7)()).toBe(7);
  });
});
