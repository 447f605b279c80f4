import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { containerState } from '../src/core/container-status.js';
import {
  type Change,
  createWatcher,
  type Policy,
  policies,
  type RecoveryError,
  storesOf,
  type Watch,
  watch,
} from '../src/index.js';
import type { Ports } from '../src/ports/index.js';
import {
  type FakePorts,
  fakeContainer,
  fakeNode,
  fakePorts,
  fakeSandbox,
  recorded,
  withFaults,
} from '../src/testing/index.js';
import { aroundCalls } from '../src/testing/port-calls.js';

const node = fakeNode({
  sandboxes: [fakeSandbox({ id: 'pod' })],
  containers: [fakeContainer({ id: 'web', sandboxId: 'pod' }), fakeContainer({ id: 'db', sandboxId: 'pod' })],
});

const started: Array<Watch> = [];
const begin = async (ports: Ports, policy: Policy = policies.careful): Promise<Watch> => {
  const begun = await watch({ policy })(ports)();
  if (E.isLeft(begun)) throw new Error(begun.left._tag);
  started.push(begun.right);
  return begun.right;
};

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(started.splice(0).map(({ stop }) => stop()));
});

const checkpointOf = (ports: FakePorts, id: string) => {
  const file = ports.node().containers.find(({ record }) => record.id === id)?.checkpoint;
  if (file?._tag !== 'Sound') throw new Error(`${id} has no checkpoint`);
  return file.checkpoint.status;
};
const taskOf = (ports: FakePorts, id: string) =>
  [...ports.node().containers, ...ports.node().sandboxes].find(({ record }) => record.id === id)?.task;

const nextOf = async ({ changes }: Watch): Promise<Change> => {
  for await (const change of changes) return change;
  throw new Error('no change');
};

/** Lets everything happen that needs no time. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('a watch', () => {
  test('recovers, attaches what runs, and holds the lock until it is stopped', async () => {
    const ports = fakePorts(node);
    const { recovered, stop, stopped } = await begin(ports);
    expect(recovered.mode).toBe('apply');
    expect(
      ports
        .node()
        .attached.map(({ id }) => id)
        .sort(),
    ).toEqual(['db', 'web']);
    expect(ports.node().lock).toBe('ours');
    await stop();
    await stopped;
    expect(ports.node().lock).toBe('free');
    expect(ports.node().attached).toEqual([]);
    expect(taskOf(ports, 'web')).toMatchObject({ state: 'running' });
  });

  test('stores an exit, deletes its task, lets its streams go and tells', async () => {
    const ports = fakePorts(node);
    const begun = await begin(ports);
    ports.change((now) => ({ ...now, now: now.now + 5_000_000_000n }));
    const exitedAt = ports.node().now;
    ports.exit('web', 3);
    const change = await nextOf(begun);
    expect(change).toMatchObject({
      _tag: 'ContainerChanged',
      before: { record: { id: 'web' }, status: { finishedAt: 0n } },
      now: { status: { exitCode: 3, finishedAt: exitedAt, pid: 0 }, checkpoint: 'written', monitored: false },
    });
    expect(checkpointOf(ports, 'web')).toMatchObject({ exitCode: 3, finishedAt: exitedAt, pid: 0 });
    expect(taskOf(ports, 'web')).toBeUndefined();
    expect(taskOf(ports, 'db')).toMatchObject({ state: 'running' });
    await settle();
    expect(ports.node().attached.map(({ id }) => id)).toEqual(['db']);
    const { containers } = storesOf(begun.current());
    expect(
      O.map((item: { status: Parameters<typeof containerState>[0] }) => containerState(item.status))(
        containers.get('web'),
      ),
    ).toEqual(O.some('EXITED'));
  });

  test('makes a sandbox NOTREADY with its exit', async () => {
    const ports = fakePorts(node);
    const begun = await begin(ports);
    ports.exit('pod', 0);
    expect(await nextOf(begun)).toMatchObject({
      _tag: 'SandboxChanged',
      now: { status: { state: 'NOTREADY', pid: 0 } },
    });
    expect(taskOf(ports, 'pod')).toBeUndefined();
  });

  test('takes no exec for its container', async () => {
    const ports = fakePorts(node);
    const begun = await begin(ports);
    const exit = { containerId: 'web', processId: 'sh', pid: 77, exitStatus: 1, exitedAt: ports.node().now };
    ports.notify({ _tag: 'Exit', exit });
    await settle();
    expect(taskOf(ports, 'web')).toMatchObject({ state: 'running' });
    await begun.stop();
    for await (const change of begun.changes) expect.fail(change._tag);
  });

  test('notes who was out of memory, before the exit or after', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const ports = fakePorts(node);
      await begin(ports);
      const events = [() => ports.notify({ _tag: 'OutOfMemory', containerId: 'web' }), () => ports.exit('web', 137)];
      for (const at of order) {
        events[at]?.();
        await settle();
      }
      expect(checkpointOf(ports, 'web')).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    }
  });

  test('subscribes before it reads anything, and reads nothing before it is sure to miss nothing', async () => {
    const { ports, calls } = recorded(fakePorts(node));
    await begin(ports);
    const order = calls().map(({ port, operation }) => `${port} ${operation}`);
    expect(order.indexOf('exits subscribe')).toBeLessThan(order.indexOf('daemon version'));
    expect(order.slice(0, 3)).toEqual(['daemon hasActiveCri', 'lock acquire', 'exits subscribe']);
  });

  test.each(['hasActiveCri', 'lock'] as const)('is refused by the %s, as a recovery is', async (why) => {
    const ports = fakePorts(why === 'lock' ? { ...node, lock: 'theirs' } : { ...node, hasActiveCri: true });
    const refused = createWatcher(ports).watch();
    await expect(refused).rejects.toMatchObject({
      failure: { _tag: why === 'lock' ? 'NodeLocked' : 'CriActive' },
    } satisfies Partial<Record<keyof RecoveryError, unknown>>);
  });

  test('is not possible without a subscription, and leaves no lock behind', async () => {
    const fake = fakePorts(node);
    const ports = withFaults(fake, [{ port: 'exits', effect: { error: 'Unavailable' } }]);
    const refused = await watch()(ports)();
    expect(refused).toMatchObject(E.left({ _tag: 'NodeUnreadable', error: { port: 'exits', _tag: 'Unavailable' } }));
    expect(fake.node().lock).toBe('free');
  });

  test('ends with its signal', async () => {
    const ports = fakePorts(node);
    const controller = new AbortController();
    const { stopped, changes } = await createWatcher(ports).watch({ signal: controller.signal });
    controller.abort();
    await stopped;
    for await (const change of changes) expect.fail(change._tag);
    expect(ports.node()).toMatchObject({ lock: 'free', attached: [] });
  });
});

describe('an exit at any point of a recovery', () => {
  const ends = async (policy: Policy, place: (ports: FakePorts, exit: () => void) => Ports) => {
    const ports = fakePorts(node);
    let isPlaced = false;
    const exit = (): void => {
      if (!isPlaced) ports.exit('web', 42);
      isPlaced = true;
    };
    const begun = await begin(place(ports, exit), policy);
    exit();
    await vi.waitFor(() => expect(taskOf(ports, 'web')).toBeUndefined());
    await settle();
    await begun.stop();
    return { status: checkpointOf(ports, 'web'), attached: ports.node().attached, left: taskOf(ports, 'web') };
  };

  test.each(['careful', 'containerd'] as const)('ends in the same status under the policy %s', async (name) => {
    const policy = policies[name];
    const watched = recorded(fakePorts(node));
    await (await begin(watched.ports, policy)).stop();
    const count = watched.calls().length;
    expect(count).toBeGreaterThan(15);
    const expected = await ends(policy, (ports, exit) => {
      exit();
      return ports;
    });
    expect(expected.status).toMatchObject({ exitCode: 42, finishedAt: node.now });
    for (const when of ['before', 'after'] as const) {
      for (let nth = 1; nth <= count; nth += 1) {
        let calls = 0;
        const end = await ends(policy, (ports, exit) =>
          aroundCalls(ports as Ports, async (_, run) => {
            calls += 1;
            const isHere = calls === nth;
            if (isHere && when === 'before') exit();
            const answer = await run();
            if (isHere && when === 'after') exit();
            return answer;
          }),
        );
        // containerd keeps the pid of an exit it finds, and clears that of one it sees.
        const comparable = name === 'containerd' ? { ...end, status: { ...end.status, pid: 0 } } : end;
        const wanted = name === 'containerd' ? { ...expected, status: { ...expected.status, pid: 0 } } : expected;
        expect(comparable, `${when} call ${nth}`).toEqual(wanted);
      }
    }
  });
});

describe('what fails', () => {
  test('is tried again, and the exit is not lost meanwhile', async () => {
    vi.useFakeTimers();
    const fake = fakePorts(node);
    let isFull = true;
    const ports = aroundCalls(fake as Ports, (call, run) =>
      isFull && call.operation === 'write'
        ? Promise.resolve(E.left({ _tag: 'NoSpace', ...call, message: 'full' } as const))
        : run(),
    );
    const begun = await begin(ports);
    fake.exit('web', 5);
    await vi.advanceTimersByTimeAsync(10);
    expect(taskOf(fake, 'web')).toMatchObject({ state: 'stopped' });
    const [change] = await Promise.all([nextOf(begun)]);
    expect(change).toMatchObject({ now: { checkpoint: 'dirty', status: { exitCode: 5 } } });
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    isFull = false;
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(checkpointOf(fake, 'web')).toMatchObject({ exitCode: 5 });
    expect(taskOf(fake, 'web')).toBeUndefined();
  });

  test('a task that does not answer is asked again until it does', async () => {
    vi.useFakeTimers();
    const fake = fakePorts({ ...node, unlisted: ['web'] });
    let isHung = true;
    const ports = aroundCalls(fake as Ports, (call, run) =>
      isHung && call.operation === 'get' && call.subject === 'web'
        ? Promise.resolve(E.left({ _tag: 'TimedOut', ...call, message: 'hung' } as const))
        : run(),
    );
    const begun = await begin(ports);
    expect(
      containerState(begun.recovered.containers.find(({ record }) => record.id === 'web')?.status ?? expect.fail()),
    ).toBe('UNKNOWN');
    await vi.advanceTimersByTimeAsync(5_000);
    isHung = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await nextOf(begun)).toMatchObject({
      now: { record: { id: 'web' }, status: { unknown: false, finishedAt: 0n } },
    });
    expect(
      fake
        .node()
        .attached.map(({ id }) => id)
        .sort(),
    ).toEqual(['db', 'web']);
  });
});

describe('a broken connection', () => {
  const broken = {
    _tag: 'Broken',
    error: { _tag: 'Unavailable', port: 'exits', operation: 'subscribe', subject: '', message: 'gone' },
  } as const;

  test('is told once, and what happened meanwhile is found when it is back', async () => {
    vi.useFakeTimers();
    const ports = fakePorts(node);
    const begun = await begin(ports);
    ports.notify(broken);
    ports.exit('web', 9);
    await vi.advanceTimersByTimeAsync(200);
    const seen: string[] = [];
    for await (const change of begun.changes) {
      seen.push(change._tag);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual(['ConnectionLost', 'ConnectionBack', 'ContainerChanged']);
    expect(checkpointOf(ports, 'web')).toMatchObject({ exitCode: 9 });
  });

  test('ends the watch when the CRI plugin has come back with containerd', async () => {
    vi.useFakeTimers();
    const ports = fakePorts(node);
    const begun = await begin(ports);
    ports.change((now) => ({ ...now, hasActiveCri: true }));
    ports.notify(broken);
    ports.exit('web', 9);
    await vi.advanceTimersByTimeAsync(1_000);
    await begun.stopped;
    const seen: Change[] = [];
    for await (const change of begun.changes) seen.push(change);
    expect(seen).toMatchObject([{ _tag: 'ConnectionLost' }, { _tag: 'Ended', failure: { _tag: 'CriActive' } }]);
    expect(taskOf(ports, 'web')).toMatchObject({ state: 'stopped' });
    expect(ports.node()).toMatchObject({ lock: 'free', attached: [] });
  });

  test('an exit that nobody told of is found within a minute', async () => {
    vi.useFakeTimers();
    const ports = fakePorts(node);
    await begin(ports);
    ports.change((now) => ({
      ...now,
      containers: now.containers.map((item) =>
        item.record.id === 'web' && item.task !== undefined
          ? { ...item, task: { ...item.task, state: 'stopped', exitStatus: 8, exitedAt: O.some(now.now) } }
          : item,
      ),
    }));
    await vi.advanceTimersByTimeAsync(61_000);
    expect(checkpointOf(ports, 'web')).toMatchObject({ exitCode: 8 });
  });
});
