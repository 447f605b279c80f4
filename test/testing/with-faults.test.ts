import * as E from 'fp-ts/lib/Either.js';
import { afterEach, expect, test, vi } from 'vitest';
import type { Ports } from '../../src/ports/index.js';
import {
  type Fault,
  fakeContainer,
  fakeId,
  fakeImage,
  fakeNode,
  fakePorts,
  recorded,
  withFaults,
} from '../../src/testing/index.js';

const nginx = fakeId('nginx');
const redis = fakeId('redis');
const node = fakeNode({
  containers: [fakeContainer({ id: 'nginx' }), fakeContainer({ id: 'redis' })],
  images: [fakeImage({ name: 'registry.example/nginx' })],
});
const faulty = (...faults: ReadonlyArray<Fault>): Ports => withFaults(fakePorts(node), faults);
const signal = new AbortController().signal;

afterEach(() => {
  vi.useRealTimers();
});

test('a fault answers in place of every call that matches, with the fields of the call', async () => {
  const ports = faulty({ port: 'tasks', operation: 'get', subject: 'nginx', effect: { error: 'Denied' } });
  for (let round = 0; round < 2; round += 1)
    expect(await ports.tasks.get(nginx)(signal)()).toMatchObject(
      E.left({ _tag: 'Denied', port: 'tasks', operation: 'get', subject: 'nginx' }),
    );
  expect(E.isRight(await ports.tasks.get(redis)(signal)())).toBe(true);
  expect(E.isRight(await ports.tasks.list()(signal)())).toBe(true);
  expect(E.isRight(await ports.checkpoints.read(nginx)(signal)())).toBe(true);
});

test('the call that a fault replaces is not made', async () => {
  const fake = fakePorts(node);
  const ports = withFaults(fake, [{ port: 'tasks', operation: 'delete', effect: { error: 'Unavailable' } }]);
  await ports.tasks.delete(nginx, true)(signal)();
  expect(fake.node()).toBe(node);
});

test('the nth matching call fails and no other, counted as they are run', async () => {
  const ports = faulty({ port: 'tasks', operation: 'get', nth: 2, effect: { error: 'Unavailable' } });
  const made = ports.tasks.get(nginx)(signal);
  ports.tasks.get(redis)(signal);
  const outcomes = [await made(), await ports.tasks.list()(signal)(), await made(), await made()];
  expect(outcomes.map(({ _tag }) => _tag === 'Right')).toEqual([true, true, false, true]);
});

test('of two faults that match the first counts, and the other still counts the call', async () => {
  const ports = faulty(
    { port: 'tasks', nth: 1, effect: { error: 'Denied' } },
    { port: 'tasks', nth: 2, effect: { error: 'Corrupt' } },
  );
  expect(await ports.tasks.list()(signal)()).toMatchObject(E.left({ _tag: 'Denied' }));
  expect(await ports.tasks.list()(signal)()).toMatchObject(E.left({ _tag: 'Corrupt' }));
  expect(E.isRight(await ports.tasks.list()(signal)())).toBe(true);
});

test('a delayed call is made when its time has come, not before', async () => {
  vi.useFakeTimers();
  const fake = fakePorts(node);
  const ports = withFaults(fake, [{ port: 'tasks', operation: 'delete', effect: { delayMs: 5_000 } }]);
  const answer = ports.tasks.delete(nginx, true)(signal)();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(fake.node()).toBe(node);
  await vi.advanceTimersByTimeAsync(1);
  expect(fake.node()).not.toBe(node);
  expect(E.isRight(await answer)).toBe(true);
});

test('a call that never answers does not do so for the signal either', async () => {
  vi.useFakeTimers();
  const controller = new AbortController();
  const ports = faulty({ port: 'checkpoints', effect: 'never' });
  const settled = vi.fn();
  void ports.checkpoints.read(nginx)(controller.signal)().finally(settled);
  controller.abort();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(settled).not.toHaveBeenCalled();
});

test('subjects are those of the adapters’ errors: ids, absolute paths, pids, image names', async () => {
  const { ports, calls } = recorded(fakePorts(node));
  const [image] = node.images;
  if (image === undefined) throw new Error('no image');
  await ports.directories.list({ kind: 'sandbox', area: 'state' })(signal)();
  await ports.directories.remove({ kind: 'container', area: 'root' }, 'nginx')(signal)();
  await ports.images.content(image.record)(signal)();
  await ports.host.processStartedAt(7)(signal)();
  await ports.containerIo.create(nginx, { tty: false, stdin: false })(signal)();
  expect(calls().map(({ port, subject }) => `${port} ${subject}`)).toEqual([
    'directories /fake/state/sandboxes',
    'directories /fake/root/containers/nginx',
    'images registry.example/nginx',
    'host 7',
    'container-io nginx',
  ]);
});

test('every error of a fake has the subject by which a fault would match it', async () => {
  const { ports, calls } = recorded(fakePorts(fakeNode({ missingBases: [{ kind: 'sandbox', area: 'root' }] })));
  const { record } = fakeImage({ name: 'none' });
  const status = fakeContainer({ id: 'nginx' }).checkpoint;
  if (status._tag !== 'Sound') throw new Error('no checkpoint');
  const base = { kind: 'sandbox', area: 'root' } as const;
  const failing = [
    ports.tasks.get(nginx),
    ports.tasks.delete(nginx, true),
    ports.checkpoints.read(nginx),
    ports.checkpoints.write(nginx, status.checkpoint),
    ports.checkpoints.keepAside(nginx),
    ports.directories.list(base),
    ports.directories.remove(base, 'x'),
    ports.directories.quarantine(base, 'x', 'why'),
    ports.images.content(record),
    ports.images.adopt(record, 'id'),
    ports.host.processStartedAt(1),
  ];
  const errors = [];
  for (const call of failing) {
    const answer = await call(signal)();
    if (E.isLeft(answer)) errors.push(answer.left);
  }
  expect(errors.map(({ port, operation, subject }) => ({ port, operation, subject, outcome: 'NotFound' }))).toEqual(
    calls(),
  );
  expect(errors).toHaveLength(failing.length);
});

test('a subscription is opened as a call: refused it is broken, delayed it loses nothing', async () => {
  const refused = faulty({ port: 'exits', operation: 'subscribe', nth: 1, effect: { error: 'Unavailable' } });
  const heard = [];
  for await (const notice of refused.exits.subscribe(signal)) heard.push(notice);
  expect(heard).toMatchObject([{ _tag: 'Broken', error: { _tag: 'Unavailable', port: 'exits' } }]);

  const fake = fakePorts(node);
  const late = withFaults(fake, [{ port: 'exits', effect: { delayMs: 1 } }]);
  const notices = late.exits.subscribe(signal)[Symbol.asyncIterator]();
  fake.exit('nginx', 3);
  expect((await notices.next()).value).toEqual({ _tag: 'Open' });
  expect((await notices.next()).value).toMatchObject({ _tag: 'Exit', exit: { containerId: 'nginx', exitStatus: 3 } });
});

test('ports that are objects of classes, or frozen, are wrapped as well', async () => {
  class Tasks {
    readonly #answer = E.right([]);
    list() {
      return () => async () => this.#answer;
    }
  }
  const ports = Object.freeze({ tasks: Object.freeze(new Tasks()), location: Object.freeze({ root: '/r' }) });
  const { ports: wrapped, calls } = recorded(
    withFaults(ports, [{ port: 'tasks', nth: 2, effect: { error: 'TimedOut' } }]),
  );
  await wrapped.tasks.list()()();
  await wrapped.tasks.list()()();
  expect(calls().map(({ outcome }) => outcome)).toEqual(['ok', 'TimedOut']);
  expect(wrapped.location).toEqual({ root: '/r' });
  expect(Object.keys(wrapped.tasks)).toEqual(['list']);
});
