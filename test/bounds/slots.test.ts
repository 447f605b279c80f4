import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeSlots } from '../../src/bounds/slots.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Work that says when it starts and ends when told. */
const work = (log: string[], name: string) => {
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const task = async (): Promise<void> => {
    log.push(name);
    await ended;
  };
  return { task, finish };
};

describe('slots', () => {
  it('start no more work than there are, in the order it came', async () => {
    const log: string[] = [];
    const inSlot = makeSlots(2, 60_000);
    const jobs = ['a', 'b', 'c', 'd'].map((name) => work(log, name));
    const running = jobs.map(({ task }) => inSlot(task)());
    await vi.advanceTimersByTimeAsync(10);
    expect(log).toStrictEqual(['a', 'b']);
    jobs[1]?.finish();
    await vi.advanceTimersByTimeAsync(10);
    expect(log).toStrictEqual(['a', 'b', 'c']);
    for (const { finish } of jobs) finish();
    await vi.advanceTimersByTimeAsync(10);
    await Promise.all(running);
    expect(log).toStrictEqual(['a', 'b', 'c', 'd']);
  });

  it('are given back once when work outlasts the patience', async () => {
    const log: string[] = [];
    const inSlot = makeSlots(1, 1_000);
    const jobs = ['slow', 'next', 'last'].map((name) => work(log, name));
    const running = jobs.map(({ task }) => inSlot(task)());
    await vi.advanceTimersByTimeAsync(999);
    expect(log).toStrictEqual(['slow']);
    await vi.advanceTimersByTimeAsync(10);
    expect(log).toStrictEqual(['slow', 'next']);
    jobs[0]?.finish();
    await vi.advanceTimersByTimeAsync(10);
    expect(log).toStrictEqual(['slow', 'next']);
    for (const { finish } of jobs) finish();
    await vi.advanceTimersByTimeAsync(10);
    await Promise.all(running);
  });

  it('let others go first when work after work never waits', async () => {
    vi.useRealTimers();
    const inSlot = makeSlots(2, 60_000);
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    const busy = async (): Promise<void> => {
      for (const end = performance.now() + 1; performance.now() < end; );
    };
    await Promise.all(Array.from({ length: 40 }, () => inSlot(busy)()));
    expect(turns).toBeGreaterThan(1);
    turns = 0;
    // Where there is always a slot, too.
    for (let time = 0; time < 40; time += 1) await inSlot(busy)();
    clearImmediate(next);
    expect(turns).toBeGreaterThan(1);
  });

  it('are given back by work that fails', async () => {
    const inSlot = makeSlots(1, 60_000);
    await expect(inSlot(() => Promise.reject(new Error('no')))()).rejects.toThrow('no');
    await expect(inSlot(async () => 'yes')()).resolves.toBe('yes');
  });
});
