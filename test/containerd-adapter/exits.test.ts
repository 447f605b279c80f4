/** Subscriptions to exits, at a containerd that is late, that says odd things, that goes away, and at none. */
import { getEventListeners } from 'node:events';
import http2 from 'node:http2';
import type { Socket } from 'node:net';
import { format } from 'node:util';
import { Code, ConnectError } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import debug from 'debug';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { connectContainerd } from '../../src/containerd/connect.js';
import { exitSubscriber } from '../../src/containerd/exits.js';
import { containerdPorts } from '../../src/containerd/index.js';
import { Events } from '../../src/containerd/proto/gen/events_pb.js';
import { Version } from '../../src/containerd/proto/gen/version_pb.js';
import { goZeroTime } from '../../src/core/task.js';
import type { Exit, ExitNotice, ExitSubscriber } from '../../src/ports/index.js';
import { exitSubscriberContract } from '../../src/testing/index.js';
import { runContract } from '../testing/run-contract.js';
import { answerOf, portsOf } from './fake-containerd.js';
import { exitEvent, FakeEvents, outOfMemoryEvent } from './fake-events.js';
import { listen, unusedPath } from './socket.js';

const open: ExitNotice = { _tag: 'Open' };

const exitOf = (number: number): Exit => ({
  containerId: `container-${number}`,
  processId: `container-${number}`,
  pid: number,
  exitStatus: 137,
  exitedAt: 1_700_000_000_123_456_789n,
});

const eventOf = ({ containerId, processId, pid, exitStatus, exitedAt }: Exit) =>
  exitEvent({
    containerId,
    id: processId,
    pid,
    exitStatus,
    exitedAt: { seconds: exitedAt / 1_000_000_000n, nanos: Number(exitedAt % 1_000_000_000n) },
  });

const noticeOf = (number: number): ExitNotice => ({ _tag: 'Exit', exit: exitOf(number) });

/** Notices one by one; the subscription ends with the test. */
const notices = (exits: ExitSubscriber) => {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const iterator = exits.subscribe(controller.signal)[Symbol.asyncIterator]();
  const next = async (): Promise<ExitNotice | 'done'> => {
    const { done, value } = await iterator.next();
    return done === true ? 'done' : value;
  };
  return { next, abort: () => controller.abort(), signal: controller.signal };
};

const subscribed = async (events = new FakeEvents(), namespace?: string) => {
  const ports = await portsOf((router) => {
    events.routes(router);
    router.service(Version, { version: () => ({ version: '1.7.24' }) });
  }, namespace);
  return { events, ports, ...notices(ports.exits) };
};

const opened = async (events?: FakeEvents) => {
  const subscription = await subscribed(events);
  expect(await subscription.next()).toEqual(open);
  return subscription;
};

const brokenBy = (error: object) => ({
  _tag: 'Broken',
  error: { port: 'exits', operation: 'subscribe', subject: '', ...error },
});

/** Timers that go on as the test says, and by themselves too unless told not to. */
const fakeTimers = (shouldAdvanceTime = true): void => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime });
  onTestFinished(() => void vi.useRealTimers());
};

/** Returns when what is under way on sockets has arrived. */
const settled = async (): Promise<void> => {
  const until = performance.now() + 10;
  while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
};

/** The lines that are logged until the test is over. */
const loggedLines = (): string[] => {
  const lines: string[] = [];
  const { log } = debug;
  onTestFinished(() => {
    debug.log = log;
    debug.disable();
  });
  debug.log = (...parts: unknown[]) => lines.push(format(...parts).replace(/^.*cri-recovery:containerd /, ''));
  debug.enable('cri-recovery:containerd');
  return lines;
};

runContract(
  'the adapter at a fake containerd',
  exitSubscriberContract(async () => {
    const events = new FakeEvents();
    const { exits } = await portsOf(events.routes);
    let number = 0;
    const end = async (change: Partial<Exit> = {}): Promise<Exit> => {
      number += 1;
      const exit = { ...exitOf(number), ...change };
      events.publish(eventOf(exit));
      return exit;
    };
    return {
      port: exits,
      endContainer: () => end(),
      endExec: () => end({ processId: 'exec' }),
      listenersOf: (signal) => getEventListeners(signal, 'abort').length,
    };
  }),
);

describe('a subscription is open', () => {
  test('when an event of its own has come back, in its namespace and under a topic that containerd takes', async () => {
    const { events } = await opened();
    const [own] = events.published;
    expect(own).toMatchObject({
      namespace: 'k8s.io',
      topic: expect.stringMatching(/^(\/[A-Za-z0-9]+([._-][A-Za-z0-9]+)*)+$/),
      event: { typeUrl: 'type.googleapis.com/google.protobuf.Empty' },
    });
    expect(events.filters).toEqual([
      ['/tasks/exit', '/tasks/oom', own?.topic].map((topic) => `namespace=="k8s.io",topic=="${topic}"`),
    ]);
  });

  test('only then, however late containerd is, and publishes less and less often until it is', async () => {
    const events = new FakeEvents();
    events.registersAfterMs = 500;
    const started = performance.now();
    await opened(events);
    expect(performance.now() - started).toBeGreaterThan(500);
    expect(events.published.length).toBeGreaterThanOrEqual(4);
    expect(events.published.length).toBeLessThanOrEqual(6);
  });

  test('once, although its own event comes back more than once, and tells all it heard before in order', async () => {
    const events = new FakeEvents();
    events.registersAfterMs = 100;
    events.firstEvents = [eventOf(exitOf(1)), outOfMemoryEvent('a'), eventOf(exitOf(2))];
    const { next } = await opened(events);
    const [own] = events.published;
    if (own === undefined) throw new Error('nothing was published');
    events.publish(own);
    events.publish(eventOf(exitOf(3)));
    const told = [await next(), await next(), await next(), await next()];
    expect(told).toEqual([noticeOf(1), { _tag: 'OutOfMemory', containerId: 'a' }, noticeOf(2), noticeOf(3)]);
  });

  test('under a topic that no other subscription has', async () => {
    const events = new FakeEvents();
    await opened(events);
    await opened(events);
    expect(new Set(events.published.map(({ topic }) => topic)).size).toBe(2);
  });

  test('not by an event of another namespace', async () => {
    const events = new FakeEvents();
    const { exits } = await portsOf((router) =>
      router.service(Events, {
        subscribe: events.subscribe,
        publish: ({ topic, event }) => events.receive(topic, event, 'elsewhere'),
      }),
    );
    const { next } = notices(exits);
    const first = next();
    await vi.waitFor(() => expect(events.published.length).toBeGreaterThan(2));
    expect(await Promise.race([first, 'not yet'])).toBe('not yet');
  });

  test('and stays so when the answer to the publishing is an error', async () => {
    const events = new FakeEvents();
    let refuse = (): void => undefined;
    const refused = new Promise<void>((resolve) => {
      refuse = resolve;
    });
    const { exits } = await portsOf((router) =>
      router.service(Events, {
        subscribe: events.subscribe,
        publish: async ({ topic, event }) => {
          await vi.waitFor(() => expect(events.registered).toBe(1));
          events.receive(topic, event, 'k8s.io');
          await refused;
          throw new ConnectError('too late', Code.Internal);
        },
      }),
    );
    const { next } = notices(exits);
    expect(await next()).toEqual(open);
    refuse();
    await new Promise((resolve) => setTimeout(resolve, 50));
    events.publish(eventOf(exitOf(1)));
    expect(await next()).toEqual(noticeOf(1));
  });

  test('and is left alone then: nothing more is published, and no timer runs', async () => {
    fakeTimers();
    const { events, next } = await opened();
    await settled();
    expect(vi.getTimerCount()).toBe(0);
    const { length } = events.published;
    await vi.advanceTimersByTimeAsync(60_000);
    await settled();
    expect(events.published).toHaveLength(length);
    events.publish(eventOf(exitOf(1)));
    expect(await next()).toEqual(noticeOf(1));
  });
});

describe('it tells', () => {
  test.each([
    ['everything to the nanosecond', { exitedAt: { seconds: 1n, nanos: 2 } }, { exitedAt: 1_000_000_002n }],
    ['numbers up to the last uint32', { pid: 2 ** 32 - 1, exitStatus: 2 ** 32 - 1 }, { exitStatus: 2 ** 32 - 1 }],
    ["Go's zero time", { exitedAt: { seconds: -62_135_596_800n } }, { exitedAt: goZeroTime }],
    ['no time as Go’s zero time', {}, { exitedAt: goZeroTime }],
    ['1970 as no time', { exitedAt: {} }, { exitedAt: goZeroTime }],
    ['an exec', { id: 'exec' }, { containerId: 'a', processId: 'exec' }],
  ])('%s', async (_, event, exit) => {
    const { events, next } = await opened();
    events.publish(exitEvent({ containerId: 'a', id: 'a', ...event }));
    expect(await next()).toMatchObject({ _tag: 'Exit', exit });
  });

  test('a payload whose type has a prefix', async () => {
    const { events, next } = await opened();
    const value = eventOf(exitOf(1)).event?.value ?? new Uint8Array();
    const typeUrl = 'type.googleapis.com/containerd.events.TaskExit';
    events.publish({ namespace: 'k8s.io', topic: '/tasks/exit', event: { typeUrl, value } });
    expect(await next()).toEqual(noticeOf(1));
  });

  test('nothing of another namespace or another topic, without a word', async () => {
    const lines = loggedLines();
    const { events, next } = await opened();
    const before = lines.length;
    events.publish({ ...eventOf(exitOf(1)), namespace: 'moby' });
    events.publish({ ...outOfMemoryEvent('a'), namespace: '' });
    events.publish(eventOf(exitOf(2)));
    expect(await next()).toEqual(noticeOf(2));
    expect(lines.slice(before).filter((line) => line.includes('says nothing'))).toEqual([]);
  });

  test.each([
    ['has no payload', {}],
    ['has a payload of another type', { event: outOfMemoryEvent('a').event }],
    ['has a payload whose type ends likewise', { event: { typeUrl: 'x.containerd.events.TaskExit' } }],
    [
      'has a payload that is cut off',
      { event: { typeUrl: 'containerd.events.TaskExit', value: Buffer.from([10, 9, 65]) } },
    ],
    [
      'has a payload that is no message',
      { event: { typeUrl: 'containerd.events.TaskExit', value: Buffer.from('exit') } },
    ],
    ['is of a topic that nobody asked for', { topic: '/tasks/start', event: eventOf(exitOf(1)).event }],
  ])('nothing but a line in the log of an event that %s, and goes on', async (_, event) => {
    const lines = loggedLines();
    const { events, next } = await opened();
    events.publish({ namespace: 'k8s.io', topic: '/tasks/exit', ...event } as never);
    events.publish(eventOf(exitOf(2)));
    expect(await next()).toEqual(noticeOf(2));
    expect(lines).toContainEqual(
      expect.stringMatching(/^exits subscribe: an event of '\/tasks\/\w+' says nothing: .+/),
    );
  });

  test('its namespace to containerd in a way that none can break', async () => {
    const events = new FakeEvents();
    const { next } = await subscribed(events, 'a",topic~=|b\\c');
    expect(await next()).toEqual(open);
    expect(events.filters[0]?.[0]).toBe('namespace=="a\\",topic~=|b\\\\c",topic=="/tasks/exit"');
  });

  test('30,000 exits to a slow reader, all and in order, while containerd is held back and answers other calls', {
    timeout: 20_000,
  }, async () => {
    const { events, ports, next } = await opened();
    for (let number = 0; number < 30_000; number++) events.publish(eventOf(exitOf(number)));
    expect(await next()).toEqual(noticeOf(0));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(events.sent).toBeLessThan(25_000);
    expect(await answerOf(ports.daemon.version())).toBe('1.7.24');
    const told: ExitNotice[] = [];
    while (told.length < 29_999) {
      const notice = await next();
      if (notice !== 'done') told.push(notice);
      if (told.length % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(told).toEqual(Array.from({ length: 29_999 }, (_, index) => noticeOf(index + 1)));
  });
});

describe('it breaks', () => {
  test('when containerd ends the stream', async () => {
    const { events, next } = await opened();
    events.publish(eventOf(exitOf(1)));
    events.endStreams();
    expect(await next()).toEqual(noticeOf(1));
    expect(await next()).toMatchObject(brokenBy({ _tag: 'Unavailable', message: expect.stringMatching(/has ended/) }));
    expect(await next()).toBe('done');
  });

  test.each([
    [Code.Internal, 'Unexpected'],
    [Code.Unavailable, 'Unavailable'],
    [Code.Unimplemented, 'Unavailable'],
  ])('when the stream fails with code %i', async (code, tag) => {
    const { exits } = await portsOf((router) =>
      router.service(Events, {
        async *subscribe() {
          await new Promise((resolve) => setTimeout(resolve, 20));
          throw new ConnectError('not today', code);
        },
        publish: () => new Promise<never>(() => undefined),
      }),
    );
    const { next } = notices(exits);
    expect(await next()).toMatchObject(brokenBy({ _tag: tag, message: expect.stringContaining('not today') }));
    expect(await next()).toBe('done');
  });

  test('when what listens knows neither call, or not that of publishing', async () => {
    const events = new FakeEvents();
    for (const routes of [{}, { subscribe: events.subscribe }]) {
      const { exits } = await portsOf((router) => router.service(Events, routes));
      const { next } = notices(exits);
      expect(await next()).toMatchObject(
        brokenBy({ _tag: 'Unavailable', message: expect.stringMatching(/is not containerd/) }),
      );
      expect(await next()).toBe('done');
    }
    await vi.waitFor(() => expect(events.open).toBe(0));
  });

  test('when publishing is refused', async () => {
    const events = new FakeEvents();
    const { exits } = await portsOf((router) =>
      router.service(Events, {
        subscribe: events.subscribe,
        publish: () => {
          throw new ConnectError('not you', Code.PermissionDenied);
        },
      }),
    );
    expect(await notices(exits).next()).toMatchObject(brokenBy({ _tag: 'Denied', message: 'not you' }));
    await vi.waitFor(() => expect(events.open).toBe(0));
  });

  test('when nobody listens', async () => {
    const address = await unusedPath();
    const { exits, close } = containerdPorts({ address, namespace: 'k8s.io' });
    onTestFinished(close);
    const { next } = notices(exits);
    expect(await next()).toMatchObject(
      brokenBy({ _tag: 'Unavailable', message: `there is no socket at ${address}`, cause: expect.any(Error) }),
    );
    expect(await next()).toBe('done');
  });

  test.each([
    ['its event never comes back', () => ({}), [13, 14]],
    ['publishing is never answered', () => new Promise<never>(() => undefined), [1, 1]],
  ] as const)('10 s after it was asked for when %s', async (_, publish, [least, most]) => {
    const events = new FakeEvents();
    let published = 0;
    const { exits } = await portsOf((router) =>
      router.service(Events, {
        subscribe: events.subscribe,
        publish: () => {
          published += 1;
          return publish();
        },
      }),
    );
    fakeTimers(false);
    const { next } = notices(exits);
    const first = next();
    while (vi.getTimerCount() === 0 || events.open === 0) await settled();
    for (let step = 0; step < 98; step++) {
      await vi.advanceTimersByTimeAsync(100);
      await settled();
    }
    expect(await Promise.race([first, 'not yet'])).toBe('not yet');
    await vi.advanceTimersByTimeAsync(200);
    expect(await first).toMatchObject(brokenBy({ _tag: 'TimedOut', message: 'no event came through within 10 s' }));
    expect(await next()).toBe('done');
    expect(vi.getTimerCount()).toBe(0);
    expect(published).toBeGreaterThanOrEqual(least);
    expect(published).toBeLessThanOrEqual(most);
    await vi.waitFor(() => expect(events.open).toBe(0));
  });

  test.each([true, false])('at once when the connection is lost, and opens anew after (open: %s)', async (isOpen) => {
    const events = new FakeEvents();
    events.registersAfterMs = isOpen ? 0 : 300;
    const sockets = new Set<Socket>();
    const server = http2.createServer(connectNodeAdapter({ routes: events.routes }));
    server.on('sessionError', () => undefined);
    server.on('connection', (socket: Socket) => sockets.add(socket));
    const { exits, close } = containerdPorts({ address: await listen(server), namespace: 'k8s.io' });
    onTestFinished(close);
    const { next } = notices(exits);
    if (isOpen) expect(await next()).toEqual(open);
    const waiting = next();
    await vi.waitFor(() => expect(events.open).toBe(1));
    const started = performance.now();
    for (const socket of sockets) socket.destroy();
    expect(await waiting).toMatchObject(brokenBy({ _tag: 'Unavailable', message: expect.stringMatching(/was lost$/) }));
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(await next()).toBe('done');
    expect(await notices(exits).next()).toEqual(open);
  });

  test('when the connection is closed, be it waited for or not, before or after', async () => {
    for (const waits of [true, false]) {
      const { events, ports, next } = await opened();
      events.publish(eventOf(exitOf(1)));
      if (waits) expect(await next()).toEqual(noticeOf(1));
      const waiting = waits ? next() : undefined;
      ports.close();
      const broken = brokenBy({ _tag: 'Unavailable', message: expect.stringMatching(/was closed$/) });
      expect(await (waiting ?? next())).toMatchObject(broken);
      expect(await next()).toBe('done');
      expect(await notices(ports.exits).next()).toMatchObject(broken);
      await vi.waitFor(() => expect(events.open).toBe(0));
      expect(events.filters).toHaveLength(1);
    }
  });
});

describe('it is over', () => {
  test('at containerd too, with the signal, open or not, waited for or not', async () => {
    for (const registersAfterMs of [0, 100]) {
      const events = new FakeEvents();
      events.registersAfterMs = registersAfterMs;
      const { next, abort } = await subscribed(events);
      const waiting = next();
      if (registersAfterMs === 0) expect(await waiting).toEqual(open);
      else await vi.waitFor(() => expect(events.published.length).toBeGreaterThan(0));
      abort();
      if (registersAfterMs > 0) expect(await waiting).toBe('done');
      expect(await next()).toBe('done');
      await vi.waitFor(() => expect(events.open).toBe(0));
      const count = events.published.length;
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(events.published).toHaveLength(count);
    }
  });

  test('before all is told that was kept back', async () => {
    const events = new FakeEvents();
    events.firstEvents = [eventOf(exitOf(1)), eventOf(exitOf(2))];
    const { next, abort } = await opened(events);
    expect(await next()).toEqual(noticeOf(1));
    abort();
    expect(await next()).toBe('done');
  });

  test('without an error while publishing is under way, and without a timer', async () => {
    const events = new FakeEvents();
    let published = 0;
    const { exits } = await portsOf((router) =>
      router.service(Events, {
        subscribe: events.subscribe,
        publish: () => {
          published += 1;
          return published === 1 ? {} : new Promise<never>(() => undefined);
        },
      }),
    );
    fakeTimers();
    for (const count of [1, 2]) {
      published = 0;
      const { next, abort } = notices(exits);
      const waiting = next();
      while (published < count) await settled();
      await settled();
      abort();
      expect(await waiting).toBe('done');
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  test('at containerd too, with a loop that is left or fails', async () => {
    const events = new FakeEvents();
    const { exits } = await portsOf(events.routes);
    const { signal } = new AbortController();
    for await (const _ of exits.subscribe(signal)) break;
    await vi.waitFor(() => expect(events.open).toBe(0));
    const failing = async () => {
      for await (const { _tag } of exits.subscribe(signal)) throw new Error(_tag);
    };
    await expect(failing()).rejects.toThrow('Open');
    await vi.waitFor(() => expect(events.open).toBe(0));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('without a trace when it was never begun', async () => {
    const events = new FakeEvents();
    const { exits } = await portsOf(events.routes);
    const { signal } = new AbortController();
    exits.subscribe(signal);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(events.filters).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

test('the log has a line for the opening, and one for the end with how long it was and why it ended', async () => {
  const lines = loggedLines();
  const { events, next } = await opened();
  events.endStreams();
  await next();
  const other = await opened();
  other.abort();
  await other.next();
  const ofSubscriptions = lines.filter((line) => line.startsWith('exits subscribe'));
  expect(ofSubscriptions).toEqual([
    expect.stringMatching(/^exits subscribe \d+\.\d ms open/),
    expect.stringMatching(/^exits subscribe \d+\.\d ms Unavailable: containerd at .+ has ended the stream/),
    expect.stringMatching(/^exits subscribe \d+\.\d ms open/),
    expect.stringMatching(/^exits subscribe \d+\.\d ms not wanted any more/),
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^exits publish \d+\.\d ms ok/));
});

test('nothing is left behind on the connection', async () => {
  const events = new FakeEvents();
  const server = http2.createServer(connectNodeAdapter({ routes: events.routes }));
  const connection = connectContainerd({ address: await listen(server), namespace: 'k8s.io' });
  onTestFinished(connection.close);
  const listeners: number[] = [];
  for (let round = 0; round < 3; round++) {
    for await (const _ of exitSubscriber(connection).subscribe(new AbortController().signal)) break;
    await vi.waitFor(() => expect(events.open).toBe(0));
    listeners.push(getEventListeners(connection.closed, 'abort').length);
  }
  expect(listeners).toEqual([1, 1, 1]);
});

test('20 subscriptions may share a signal and a connection, and all hear of everything', {
  timeout: 20_000,
}, async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on('warning', warn);
  onTestFinished(() => void process.off('warning', warn));
  const events = new FakeEvents();
  const { exits } = await portsOf(events.routes);
  const controller = new AbortController();
  const iterators = Array.from({ length: 20 }, () => exits.subscribe(controller.signal)[Symbol.asyncIterator]());
  for (const { value } of await Promise.all(iterators.map((iterator) => iterator.next()))) expect(value).toEqual(open);
  events.publish(eventOf(exitOf(1)));
  for (const { value } of await Promise.all(iterators.map((iterator) => iterator.next())))
    expect(value).toEqual(noticeOf(1));
  controller.abort();
  for (const { done } of await Promise.all(iterators.map((iterator) => iterator.next()))) expect(done).toBe(true);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  expect(warnings).toEqual([]);
});
