import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadlines, hasGivenUp } from '../../src/bounds/deadline.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Begins work that ends when it is told to; gives its signal too. */
const begin = (inTime: ReturnType<typeof deadlines>) => {
  let end = (): void => undefined;
  let signal = AbortSignal.abort();
  const done = inTime((given) => {
    signal = given;
    return () =>
      new Promise<void>((resolve) => {
        end = resolve;
      });
  })();
  return { signal, end: () => end(), done };
};

describe('deadlines', () => {
  it('are shared by what begins within a hundredth of the time, and by nothing else', async () => {
    const inTime = deadlines(10_000, new AbortController().signal);
    const first = begin(inTime);
    await vi.advanceTimersByTimeAsync(100);
    const second = begin(inTime);
    await vi.advanceTimersByTimeAsync(1);
    const third = begin(inTime);
    expect(second.signal).toBe(first.signal);
    expect(third.signal).not.toBe(first.signal);
    await vi.advanceTimersByTimeAsync(9_898);
    expect(first.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([first.signal.aborted, third.signal.aborted]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(101);
    expect(third.signal.aborted).toBe(true);
    expect(hasGivenUp(third.signal)).toBe(false);
  });

  it('leave no timer and no listener once all they were for has ended', async () => {
    const outer = new AbortController();
    const inTime = deadlines(10_000, outer.signal);
    const [first, second] = [begin(inTime), begin(inTime)];
    first.end();
    await first.done;
    expect(vi.getTimerCount()).toBe(1);
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(1);
    second.end();
    await second.done;
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(0);
    const third = begin(inTime);
    expect(third.signal).not.toBe(first.signal);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(third.signal.aborted).toBe(true);
  });

  it('end with the last of an older one without harm to the latest', async () => {
    const inTime = deadlines(10_000, new AbortController().signal);
    const first = begin(inTime);
    await vi.advanceTimersByTimeAsync(200);
    const second = begin(inTime);
    first.end();
    await first.done;
    expect(begin(inTime).signal).toBe(second.signal);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(second.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(second.signal.aborted).toBe(true);
  });

  it('end early with what they are within, be it before they begin or after', async () => {
    const outer = new AbortController();
    const inTime = deadlines(10_000, outer.signal);
    const first = begin(inTime);
    outer.abort('enough');
    expect([first.signal.aborted, first.signal.reason]).toEqual([true, 'enough']);
    await vi.advanceTimersByTimeAsync(200);
    expect(begin(inTime).signal.reason).toBe('enough');
    expect(hasGivenUp(first.signal)).toBe(true);
  });

  it('let go of their timer where the work throws', async () => {
    const inTime = deadlines(10_000, new AbortController().signal);
    await expect(inTime(() => () => Promise.reject(new Error('broken')))()).rejects.toThrow('broken');
    expect(vi.getTimerCount()).toBe(0);
  });
});
