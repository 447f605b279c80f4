import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listen } from '../../src/monitor/listen.js';
import type { ExitNotice, ExitSubscriber } from '../../src/ports/index.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
});

const broken: ExitNotice = {
  _tag: 'Broken',
  error: { _tag: 'Unavailable', port: 'exits', operation: 'subscribe', subject: '', message: 'gone' },
};
const oom = (containerId: string): ExitNotice => ({ _tag: 'OutOfMemory', containerId });

type Subscription = (signal: AbortSignal) => AsyncIterable<ExitNotice>;

const told = async function* (notices: ReadonlyArray<ExitNotice>): AsyncGenerator<ExitNotice> {
  yield* notices;
};
/** Tells some notices, then nothing until the signal fires. */
const lasting = async function* (signal: AbortSignal, notices: ReadonlyArray<ExitNotice>): AsyncGenerator<ExitNotice> {
  yield* notices;
  if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
};

/** Is open for a while, and breaks. */
const lastingFor = async function* (milliseconds: number): AsyncGenerator<ExitNotice> {
  yield { _tag: 'Open' };
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  yield broken;
};

/** One subscription after the other; the last one is told again and again. */
const subscriber = (...subscriptions: ReadonlyArray<Subscription>) => {
  const begun: number[] = [];
  const exits: ExitSubscriber = {
    subscribe: (signal) => {
      const next = subscriptions[Math.min(begun.push(Date.now()), subscriptions.length) - 1];
      if (next === undefined) throw new Error('no subscription');
      return next(signal);
    },
  };
  return { exits, begun };
};

const hearing = (exits: ExitSubscriber) => {
  const controller = new AbortController();
  const heard: ExitNotice[] = [];
  const ended = listen(exits, controller.signal, (notice) => heard.push(notice));
  return { heard, ended, stop: () => controller.abort(), tags: () => heard.map(({ _tag }) => _tag) };
};

describe('listening', () => {
  test('goes on with another subscription after one that breaks, and hears each break once', async () => {
    const { exits, begun } = subscriber(
      () => told([{ _tag: 'Open' }, oom('a'), broken]),
      (signal) => lasting(signal, [{ _tag: 'Open' }, oom('b')]),
    );
    const { tags, stop, ended } = hearing(exits);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tags()).toEqual(['Open', 'OutOfMemory', 'Broken', 'Open', 'OutOfMemory']);
    expect(begun).toHaveLength(2);
    stop();
    await ended;
  });

  test.each<[string, Subscription]>([
    ['ends without a word', () => told([{ _tag: 'Open' }])],
    [
      'throws in the middle',
      async function* () {
        yield { _tag: 'Open' };
        throw new Error('in the middle');
      },
    ],
    [
      'throws as it is begun',
      () => {
        throw new Error('at once');
      },
    ],
    [
      'throws what is no error',
      () => {
        throw 'a word';
      },
    ],
  ])('takes a subscription that %s for one that broke', async (_, subscription) => {
    const { exits } = subscriber(subscription, (signal) => lasting(signal, [{ _tag: 'Open' }]));
    const { tags, stop, ended } = hearing(exits);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(tags().filter((tag) => tag === 'Broken')).toHaveLength(1);
    expect(tags().at(-1)).toBe('Open');
    stop();
    await ended;
  });

  test('waits longer from one failure to the next, and not at all long after a success', async () => {
    const { exits, begun } = subscriber(
      ...Array.from({ length: 8 }, () => () => told([broken])),
      () => lastingFor(11_000),
      () => told([broken]),
    );
    const { stop, ended } = hearing(exits);
    await vi.advanceTimersByTimeAsync(30_000);
    const waits = begun.slice(1).map((time, index) => time - (begun[index] ?? 0));
    expect(waits.slice(0, 10)).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000, 11_050, 100]);
    stop();
    await ended;
  });

  test('ends with the signal at once, in a subscription and between two', async () => {
    for (const subscription of [(signal: AbortSignal) => lasting(signal, []), () => told([broken])]) {
      const { stop, ended, heard } = hearing(subscriber(subscription).exits);
      await vi.advanceTimersByTimeAsync(1);
      const before = heard.length;
      stop();
      await ended;
      expect(heard).toHaveLength(before);
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  test('begins nothing under a signal that has fired', async () => {
    const { exits, begun } = subscriber(() => told([broken]));
    await listen(exits, AbortSignal.abort(), () => expect.fail());
    expect(begun).toEqual([]);
  });

  test('hears nothing more once the signal has fired, whatever the subscription still tells', async () => {
    const controller = new AbortController();
    const heard: ExitNotice[] = [];
    const { exits } = subscriber(() => told([oom('a'), oom('b'), broken]));
    await listen(exits, controller.signal, (notice) => {
      heard.push(notice);
      controller.abort();
    });
    expect(heard).toEqual([oom('a')]);
  });

  test('leaves no listener on the signal, however often it breaks', async () => {
    const controller = new AbortController();
    const listeners = { count: 0 };
    const { signal } = controller;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners.count += 1;
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners.count -= 1;
      remove(...given);
    };
    const ended = listen(subscriber(() => told([broken])).exits, signal, () => undefined);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(listeners.count).toBeLessThanOrEqual(1);
    controller.abort();
    await ended;
  });

  // A containerd that accepts every subscription and drops it again is asked for its tasks each time the connection is back.
  test('does not begin anew twenty times a second where each subscription breaks as soon as it is open', async () => {
    const { exits, begun } = subscriber(() => told([{ _tag: 'Open' }, broken]));
    const { stop, ended } = hearing(exits);
    await vi.advanceTimersByTimeAsync(60_000);
    stop();
    await ended;
    expect(begun.length).toBeLessThan(100);
  });
});
