import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openWorkQueue } from '../../src/monitor/work-queue.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
});

/** A queue whose work ends when the test says so. */
const byHand = () => {
  const begun: Array<{ readonly key: string; readonly at: number }> = [];
  const underWay = new Map<string, (isDone: boolean) => void>();
  const queue = openWorkQueue((key) => {
    if (underWay.has(key)) throw new Error(`two at a time for ${key}`);
    begun.push({ key, at: Date.now() });
    return new Promise((resolve) => {
      underWay.set(key, (isDone) => {
        underWay.delete(key);
        resolve(isDone);
      });
    });
  });
  const end = async (key: string, isDone: boolean): Promise<void> => {
    underWay.get(key)?.(isDone);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { queue, begun, underWay, end };
};

/** A queue whose work ends at once, as `isDone` says. */
const atOnce = (isDone: (key: string, attempt: number) => boolean) => {
  const times: number[] = [];
  const began = Date.now();
  const queue = openWorkQueue(async (key) => isDone(key, times.push(Date.now() - began)));
  return { queue, times };
};

const keys = ['a', 'b', 'c'] as const;
const move = fc.oneof(
  fc.record({ do: fc.constantFrom('nudge', 'nudge', 'defer', 'drop'), key: fc.constantFrom(...keys) }),
  fc.record({ do: fc.constant('end'), key: fc.constantFrom(...keys), isDone: fc.boolean() }),
  fc.record({ do: fc.constantFrom('pause', 'resume') }),
  fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 999, 1_000, 4_000, 400_000) }),
);
type Move = Readonly<{ do: string; key?: string; isDone?: boolean; ms?: number }>;

describe('whatever happens to a work queue', () => {
  test('for a key there are never two at a time, none is lost, none begins in a pause, and none after the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move as fc.Arbitrary<Move>, { maxLength: 40 }), async (moves) => {
        const { queue, begun, underWay, end } = byHand();
        let isPaused = false;
        /** How often work had begun for a key when it was last nudged; undefined where nothing is owed. */
        const owed = new Map<string, number>();
        const countOf = (key: string): number => begun.filter((one) => one.key === key).length;
        for (const { do: what, key = 'a', isDone = true, ms = 0 } of moves) {
          const before = begun.length;
          if (what === 'nudge') owed.set(key, countOf(key));
          if (what === 'drop') owed.delete(key);
          if (what === 'nudge' || what === 'defer' || what === 'drop') queue[what](key);
          if (what === 'pause') queue.pause();
          if (what === 'resume') queue.resume();
          if (what === 'wait') await vi.advanceTimersByTimeAsync(ms);
          if (what === 'end') await end(key, isDone);
          if (isPaused && what !== 'resume') expect(begun).toHaveLength(before);
          if (what === 'pause' || what === 'resume') isPaused = what === 'pause';
        }
        queue.resume();
        for (let round = 0; round < 50 && underWay.size > 0; round += 1) for (const key of keys) await end(key, true);
        for (const [key, count] of owed)
          expect(countOf(key), `work for ${key} after its last nudge`).toBeGreaterThan(count);
        for (const key of keys) queue.nudge(key);
        const total = begun.length;
        let isClosed = false;
        const closed = queue.close().then(() => {
          isClosed = true;
        });
        for (const key of keys) queue.nudge(key);
        await vi.advanceTimersByTimeAsync(600_000);
        expect(isClosed).toBe(underWay.size === 0);
        for (const key of keys) await end(key, false);
        await closed;
        queue.resume();
        for (const key of keys) queue.nudge(key);
        await vi.advanceTimersByTimeAsync(600_000);
        expect(begun).toHaveLength(total);
        expect(underWay.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('keys do not wait for each other', async () => {
    const { queue, underWay } = byHand();
    for (const key of keys) queue.nudge(key);
    expect([...underWay.keys()]).toEqual([...keys]);
  });
});

describe('what does not get done', () => {
  test('is tried after 1, 2, 4 … 256 seconds, then every five minutes, for ever', async () => {
    const { queue, times } = atOnce(() => false);
    queue.nudge('a');
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    const waits = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1_000);
    expect(waits.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    expect(new Set(waits.slice(9))).toEqual(new Set([300]));
    await queue.close();
  });

  test('begins with a second again once it got done', async () => {
    const { queue, times } = atOnce((_, attempt) => attempt === 4 || attempt > 6);
    queue.nudge('a');
    await vi.advanceTimersByTimeAsync(7_000);
    expect(times).toHaveLength(4);
    queue.nudge('a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times).toEqual([0, 1_000, 3_000, 7_000, 7_000, 8_000, 10_000]);
  });

  test('is tried at once when it is nudged, and the nudge shortens no later wait', async () => {
    const { queue, times } = atOnce(() => false);
    queue.nudge('a');
    await vi.advanceTimersByTimeAsync(3_500);
    queue.nudge('a');
    await vi.advanceTimersByTimeAsync(7_999);
    expect(times).toEqual([0, 1_000, 3_000, 3_500]);
    await vi.advanceTimersByTimeAsync(1);
    expect(times.at(-1)).toBe(11_500);
    await queue.close();
  });

  test('is tried once after a pause in which several attempts were due', async () => {
    const { queue, times } = atOnce(() => false);
    queue.nudge('a');
    queue.pause();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(times).toEqual([0]);
    queue.resume();
    expect(times).toHaveLength(2);
    await queue.close();
  });

  test('leaves no timer once it got done before its time', async () => {
    const { queue } = atOnce((_, attempt) => attempt === 2);
    queue.nudge('a');
    await vi.advanceTimersByTimeAsync(10);
    queue.nudge('a');
    await vi.advanceTimersByTimeAsync(10);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('waits no shorter for having been nudged in a pause', async () => {
    const { queue, times } = atOnce(() => false);
    queue.nudge('a');
    await vi.advanceTimersByTimeAsync(3_000);
    queue.pause();
    queue.nudge('a');
    queue.resume();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(times).toEqual([0, 1_000, 3_000, 3_000, 11_000]);
    await queue.close();
  });

  test('deferred work waits as after one failure', async () => {
    const { queue, times } = atOnce(() => true);
    queue.defer('a');
    await vi.advanceTimersByTimeAsync(999);
    expect(times).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times).toEqual([1_000]);
  });
});

describe('what is dropped', () => {
  test('is not tried again, whether it was due or waited', async () => {
    const { queue, times } = atOnce(() => false);
    queue.nudge('a');
    await vi.advanceTimersByTimeAsync(0);
    queue.drop('a');
    queue.pause();
    queue.nudge('b');
    queue.drop('b');
    queue.resume();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(times).toEqual([0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is forgotten with its failures', async () => {
    const { queue, times } = atOnce(() => false);
    queue.nudge('a');
    await vi.advanceTimersByTimeAsync(7_000);
    queue.drop('a');
    queue.nudge('a');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(times).toEqual([0, 1_000, 3_000, 7_000, 7_000, 8_000]);
    await queue.close();
  });

  test('while it is worked on is not tried again when that fails', async () => {
    const { queue, begun, end } = byHand();
    queue.nudge('a');
    queue.drop('a');
    await end('a', false);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(begun).toHaveLength(1);
  });
});

describe('the end of a work queue', () => {
  test('waits for what is under way, and leaves no timer behind', async () => {
    const { queue, end } = byHand();
    for (const key of keys) queue.nudge(key);
    await end('a', false);
    await end('b', true);
    let isClosed = false;
    const closing = queue.close().then(() => {
      isClosed = true;
    });
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(isClosed).toBe(false);
    await end('c', false);
    await closing;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves no timer of what was deferred while it was worked on', async () => {
    const { queue, end } = byHand();
    queue.nudge('a');
    queue.defer('a');
    await end('a', true);
    await queue.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

// Who follows an unfinished item anew every half a minute defers it every half a minute.
test('work that is deferred again and again is done at last', async () => {
  const { queue, times } = atOnce(() => true);
  for (let round = 0; round < 120; round += 1) {
    queue.defer('a');
    await vi.advanceTimersByTimeAsync(900);
  }
  expect(times.length).toBeGreaterThan(0);
});

test('a thousand keys that fail leave a thousand timers, and as many that are done leave none', async () => {
  const { queue, times } = atOnce((key, attempt) => attempt > 1_000 || key === 'never');
  for (let index = 0; index < 1_000; index += 1) queue.nudge(`${index}`);
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(times).toHaveLength(2_000);
  expect(vi.getTimerCount()).toBe(0);
});
