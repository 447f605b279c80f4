import * as E from 'fp-ts/lib/Either.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Observation, ObservedContainer, ObservedSandbox } from '../src/core/observation.js';
import { type Limits, type ObserveOptions, observe } from '../src/index.js';
import type { PortName, Progress, ReadPorts } from '../src/ports/index.js';
import {
  fakeContainer,
  fakeImage,
  fakeNode,
  fakePorts,
  fakeSandbox,
  recorded,
  withFaults,
} from '../src/testing/index.js';

const tenPods = fakeNode({
  sandboxes: Array.from({ length: 10 }, (_, pod) => fakeSandbox({ id: `pod${pod}` })),
  containers: Array.from({ length: 30 }, (_, n) => fakeContainer({ id: `c${n}`, sandboxId: `pod${n % 10}` })),
  images: [fakeImage({ name: 'registry.example/app:1' })],
});

/** Runs an observation on fake timers to its end; `elapsedMs` is what the timers say it took. */
const observed = async (ports: ReadPorts, options: ObserveOptions = {}) => {
  const start = Date.now();
  let elapsedMs = Number.NaN;
  const running = observe(options)(ports)().then((result) => {
    elapsedMs = Date.now() - start;
    return result;
  });
  await vi.advanceTimersByTimeAsync(300_000);
  return { result: await running, elapsedMs };
};

const sound = async (ports: ReadPorts, options: ObserveOptions = {}): Promise<Observation> => {
  const { result } = await observed(ports, options);
  if (E.isLeft(result)) throw new Error(`no observation: ${JSON.stringify(result.left)}`);
  return result.right;
};

const taskTag = (observation: Observation, id: string): string => {
  const items: ReadonlyArray<E.Either<unknown, ObservedSandbox | ObservedContainer>> = [
    ...observation.sandboxes,
    ...observation.containers,
  ];
  const task = RA.rights(items).find(({ record }) => record.id === id)?.task;
  if (task === undefined) return 'not listed';
  return E.isRight(task) ? task.right.state : task.left._tag;
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an ordinary node', () => {
  it('is observed with one call for all tasks and one checkpoint read a container', async () => {
    const { ports, calls } = recorded<ReadPorts>(fakePorts(tenPods));
    await sound(ports);
    const counts = new Map<string, number>();
    for (const { port, operation } of calls())
      counts.set(`${port} ${operation}`, (counts.get(`${port} ${operation}`) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toStrictEqual({
      'daemon version': 1,
      'containers listSandboxes': 1,
      'containers listContainers': 1,
      'images list': 1,
      'tasks list': 1,
      'host hasNetworkNamespace': 10,
      'checkpoints read': 30,
      'images content': 1,
      'directories list': 4,
      'directories taskBundles': 1,
    });
  });

  it('is observed as it is', async () => {
    const observation = await sound(fakePorts(tenPods));
    expect(observation.sandboxes).toHaveLength(10);
    expect(observation.containers).toHaveLength(30);
    expect(taskTag(observation, 'c7')).toBe('running');
    expect(observation.bases.map(({ kind, area }) => `${area} ${kind}`)).toStrictEqual([
      'root sandbox',
      'state sandbox',
      'root container',
      'state container',
    ]);
  });
});

describe('tasks', () => {
  it('that the list lacks are asked for before they count as absent', async () => {
    const node = fakeNode({
      sandboxes: [fakeSandbox({ id: 'pod' })],
      containers: [fakeContainer({ id: 'left-out', sandboxId: 'pod' })],
    });
    const ports: ReadPorts = fakePorts(node);
    const short: ReadPorts = { ...ports, tasks: { ...ports.tasks, list: () => () => async () => E.right([]) } };
    expect(taskTag(await sound(short), 'left-out')).toBe('running');
  });

  const gone = fakeNode({ containers: [fakeContainer({ id: 'gone', task: 'absent' })] });
  const getsFor = async (fake: ReadPorts): Promise<number> => {
    const { ports, calls } = recorded<ReadPorts>(fake);
    expect(taskTag(await sound(ports), 'gone')).toBe('NotFound');
    return calls().filter(({ operation }) => operation === 'get').length;
  };

  it('that are not listed and have no bundle are absent, and nobody is asked for them', async () => {
    expect(await getsFor(fakePorts(gone))).toBe(0);
  });

  it('that are not listed and have a bundle are asked for', async () => {
    const ports: ReadPorts = fakePorts(gone);
    const taskBundles = () => () => async () => E.right(['gone']);
    expect(await getsFor({ ...ports, directories: { ...ports.directories, taskBundles } })).toBe(1);
  });

  it('that are not listed are asked for where the bundles cannot be seen, or are not where this runtime has them', async () => {
    const unseen = { port: 'directories', operation: 'taskBundles', effect: { error: 'NotFound' } } as const;
    expect(await getsFor(withFaults<ReadPorts>(fakePorts(gone), [unseen]))).toBe(1);
    const old = gone.containers.map((item) => ({
      ...item,
      record: { ...item.record, runtime: 'io.containerd.runtime.v1.linux' },
    }));
    expect(await getsFor(fakePorts({ ...gone, containers: old }))).toBe(1);
  });

  it('without a bundle are asked for all the same when the list fails', async () => {
    const failing = { port: 'tasks', operation: 'list', effect: { error: 'Unexpected' } } as const;
    expect(await getsFor(withFaults<ReadPorts>(fakePorts(gone), [failing]))).toBe(1);
  });

  it('are asked for one by one when the list fails', async () => {
    const ports = withFaults<ReadPorts>(fakePorts(tenPods), [
      { port: 'tasks', operation: 'list', effect: { error: 'Unexpected' } },
    ]);
    expect(taskTag(await sound(ports), 'c29')).toBe('running');
  });

  it('of the healthy are known within 3 s when the list hangs and one pod of ten does not answer', async () => {
    const hung = ['pod3', 'c3', 'c13', 'c23'];
    const known = new Map<string, number>();
    const start = Date.now();
    const progress = (event: Progress): void => {
      if (event._tag === 'ItemObserved' && event.kind !== 'directory') known.set(event.id, Date.now() - start);
    };
    const ports = withFaults<ReadPorts>({ ...fakePorts(tenPods), log: { progress } }, [
      { port: 'tasks', operation: 'list', effect: 'never' },
      ...hung.map((subject) => ({ port: 'tasks', operation: 'get', subject, effect: 'never' }) as const),
    ]);
    const { result, elapsedMs } = await observed(ports);
    const healthy = [...known].filter(([id]) => !hung.includes(id));
    expect(healthy).toHaveLength(37);
    expect(Math.max(...healthy.map(([, ms]) => ms))).toBeLessThan(3_000);
    expect(elapsedMs).toBeLessThan(12_000);
    expect(hung.map((id) => E.isRight(result) && taskTag(result.right, id))).toStrictEqual(hung.map(() => 'TimedOut'));
  });

  it('of the healthy are known within 3 s even when more hang than there are slots', async () => {
    const hung = Array.from({ length: 20 }, (_, n) => `c${n}`);
    let last = 0;
    const start = Date.now();
    const progress = (event: Progress): void => {
      if (event._tag === 'ItemObserved' && event.answered) last = Date.now() - start;
    };
    const ports = withFaults<ReadPorts>({ ...fakePorts(tenPods), log: { progress } }, [
      { port: 'tasks', operation: 'list', effect: 'never' },
      ...hung.map((subject) => ({ port: 'tasks', operation: 'get', subject, effect: 'never' }) as const),
    ]);
    await observed(ports, { limits: { concurrency: 20 } });
    expect(last).toBeGreaterThan(0);
    expect(last).toBeLessThan(3_000);
  });
});

describe('when a call does not answer', () => {
  const calls: ReadonlyArray<{ readonly port: PortName; readonly operation: string; readonly fatal: boolean }> = [
    { port: 'daemon', operation: 'version', fatal: true },
    { port: 'containers', operation: 'listSandboxes', fatal: true },
    { port: 'containers', operation: 'listContainers', fatal: true },
    { port: 'images', operation: 'list', fatal: true },
    { port: 'tasks', operation: 'list', fatal: false },
    { port: 'checkpoints', operation: 'read', fatal: false },
    { port: 'images', operation: 'content', fatal: false },
    { port: 'directories', operation: 'list', fatal: false },
    { port: 'host', operation: 'hasNetworkNamespace', fatal: false },
  ];
  const limits: Partial<Limits> = { itemTimeoutMs: 5_000, deadlineMs: 20_000 };

  it.each(calls)('$port $operation, it ends in time', async ({ port, operation, fatal }) => {
    const { result, elapsedMs } = await observed(
      withFaults<ReadPorts>(fakePorts(tenPods), [{ port, operation, effect: 'never' }]),
      { limits },
    );
    expect(elapsedMs).toBeLessThanOrEqual(20_000);
    expect(E.isLeft(result)).toBe(fatal);
    if (E.isLeft(result))
      expect(result.left).toMatchObject({ _tag: 'NodeUnreadable', error: { _tag: 'TimedOut', port, operation } });
  });

  it.each(calls)(
    '$port $operation fails: the rest is observed, or it is said what failed',
    async ({ port, operation, fatal }) => {
      const { result } = await observed(
        withFaults<ReadPorts>(fakePorts(tenPods), [{ port, operation, effect: { error: 'Denied' } }]),
      );
      expect(E.isLeft(result)).toBe(fatal);
      if (E.isLeft(result)) expect(result.left).toMatchObject({ error: { _tag: 'Denied', port, operation } });
      else expect(result.right.containers).toHaveLength(30);
    },
  );

  it('with all items hanging, it ends at the deadline', async () => {
    const ports = withFaults<ReadPorts>(fakePorts(tenPods), [
      { port: 'tasks', effect: 'never' },
      { port: 'checkpoints', effect: 'never' },
    ]);
    const { result, elapsedMs } = await observed(ports, { limits: { deadlineMs: 4_000, concurrency: 2 } });
    // Each turn that others have in between is a millisecond of this clock.
    expect(Math.floor(elapsedMs / 100)).toBe(40);
    expect(E.isRight(result) && taskTag(result.right, 'c29')).toBe('TimedOut');
  });
});

describe('the edges', () => {
  it('an adapter that throws is an unexpected error of that call', async () => {
    const ports: ReadPorts = fakePorts(tenPods);
    const read = (): never => {
      throw new Error('a bug');
    };
    const observation = await sound({ ...ports, checkpoints: { read } });
    const [first] = observation.containers;
    const checkpoint = first !== undefined && E.isRight(first) && first.right.checkpoint;
    expect(checkpoint).toMatchObject({ left: { _tag: 'Unexpected', port: 'checkpoints', message: 'a bug' } });
  });

  it('gives up when the caller does', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 500);
    const ports = withFaults<ReadPorts>(fakePorts(tenPods), [{ port: 'checkpoints', effect: 'never' }]);
    const { result, elapsedMs } = await observed(ports, { signal: controller.signal });
    expect(result).toStrictEqual(E.left({ _tag: 'Aborted' }));
    expect(elapsedMs).toBe(500);
  });

  it('does not start for a caller who has given up already', async () => {
    const { ports, calls } = recorded<ReadPorts>(fakePorts(tenPods));
    const { result } = await observed(ports, { signal: AbortSignal.abort() });
    expect(result).toStrictEqual(E.left({ _tag: 'Aborted' }));
    expect(calls()).toStrictEqual([]);
  });

  it('leaves no timer behind', async () => {
    await sound(fakePorts(tenPods));
    expect(vi.getTimerCount()).toBe(0);
  });
});
