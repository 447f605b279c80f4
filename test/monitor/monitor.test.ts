/** An exit that is told, before, while and after somebody looks. */

import { describe, expect, test, vi } from 'vitest';
import { fakeContainer, fakeId, fakePorts, recorded, withFaults } from '../../src/testing/index.js';
import {
  allOf,
  checkpointOf,
  exitOf,
  giveTask,
  holding,
  knownOf,
  node,
  nodeOf,
  onFakeTime,
  oom,
  open,
  recoveryOf,
  second,
  stateOf,
  staying,
  stopUnheard,
  tagsOf,
  taskOf,
} from './staying.js';

onFakeTime();

describe('exits of what is not followed yet', () => {
  test('are made up for, out of memory too, and those of others are no matter', async () => {
    const ports = fakePorts(node);
    const plan = await recoveryOf(ports);
    const monitor = open(ports);
    await vi.advanceTimersByTimeAsync(0);
    ports.notify({ _tag: 'OutOfMemory', containerId: 'nobody' });
    ports.notify(oom);
    ports.exit('web', 137);
    await vi.advanceTimersByTimeAsync(0);
    expect(taskOf(ports)).toMatchObject({ state: 'stopped' });
    monitor.follow(allOf(plan));
    await vi.advanceTimersByTimeAsync(0);
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(taskOf(ports)).toBeUndefined();
    monitor.lookAt(fakeId('nobody'));
    await vi.advanceTimersByTimeAsync(0);
  });

  test('are kept up to ten thousand, and the oldest make room', async () => {
    const ports = fakePorts(node);
    const plan = await recoveryOf(ports);
    const monitor = open(ports);
    await vi.advanceTimersByTimeAsync(0);
    ports.exit('web', 1);
    for (let index = 0; index < 9_999; index += 1) ports.notify({ _tag: 'OutOfMemory', containerId: `other-${index}` });
    ports.exit('db', 2);
    await vi.advanceTimersByTimeAsync(0);
    monitor.follow(allOf(plan));
    await vi.advanceTimersByTimeAsync(0);
    expect(taskOf(ports, 'db')).toBeUndefined();
    // Not told any more, and found as soon as anybody looks.
    expect(taskOf(ports, 'web')).toMatchObject({ state: 'stopped' });
    await vi.advanceTimersByTimeAsync(61_000);
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 1 });
  });
});

describe('an exit that is told while the item is looked at', () => {
  test('counts, whatever the look has seen before', async () => {
    const ports = fakePorts(node);
    const { held, hold, letGo } = holding(ports, 'attach');
    const { monitor, changes } = await staying(held);
    hold.isOn = true;
    monitor.lookAt(fakeId('web'));
    await vi.advanceTimersByTimeAsync(10);
    // Its shim says that it runs, for a while yet.
    ports.notify(exitOf(ports, 7));
    await vi.advanceTimersByTimeAsync(10);
    expect(stateOf(monitor)).toBe('RUNNING');
    await letGo();
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 7 });
    expect(tagsOf(changes)).toEqual(['ContainerChanged']);
    // What runs is not deleted; it is tried again.
    expect(taskOf(ports)).toMatchObject({ state: 'running' });
    stopUnheard(ports, 'web', 7);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(taskOf(ports)).toBeUndefined();
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 7 });
  });

  test('and again while it is dealt with is one exit', async () => {
    const ports = fakePorts(node);
    const { held, hold, letGo } = holding(ports, 'write');
    const { changes } = await staying(held);
    hold.isOn = true;
    ports.exit('web', 7);
    await vi.advanceTimersByTimeAsync(0);
    ports.notify(exitOf(ports, 7));
    await vi.advanceTimersByTimeAsync(0);
    await letGo();
    expect(changes).toHaveLength(1);
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 7 });
  });

  test('as out of memory is not forgotten', async () => {
    const ports = fakePorts(node);
    const { held, hold, letGo } = holding(ports, 'write');
    await staying(held);
    hold.isOn = true;
    ports.exit('web', 137);
    await vi.advanceTimersByTimeAsync(0);
    ports.notify(oom);
    await vi.advanceTimersByTimeAsync(0);
    await letGo();
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });
});

describe('two hundred exits at once', () => {
  test('are all stored before the first task is deleted, and all told', async () => {
    const many = Array.from({ length: 200 }, (_, index) => fakeContainer({ id: `c${index}`, sandboxId: 'pod' }));
    const ports = fakePorts(nodeOf(...many));
    const slow = withFaults(ports, [{ port: 'checkpoints', operation: 'write', effect: { delayMs: 5 } }]);
    const { ports: watched, calls } = recorded(slow);
    const { changes } = await staying(watched);
    const before = calls().length;
    many.forEach(({ record }, index) => void ports.exit(record.id, index));
    await vi.advanceTimersByTimeAsync(200);
    expect(changes).toHaveLength(200);
    many.forEach(({ record }, index) => void expect(checkpointOf(ports, record.id)).toMatchObject({ exitCode: index }));
    const done = calls()
      .slice(before)
      .map(({ operation }) => operation);
    expect(done.filter((operation) => operation === 'write')).toHaveLength(200);
    expect(done.lastIndexOf('write')).toBeLessThan(done.indexOf('delete'));
    expect(done).not.toContain('get');
  });
});

describe('time', () => {
  test('of an exit that nobody saw is when it was looked for', async () => {
    const ports = fakePorts(node);
    const { monitor } = await staying(ports);
    ports.change((now) => ({ ...now, now: now.now + 90n * second }));
    giveTask(ports, 'web', undefined);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(knownOf(monitor).status).toMatchObject({ finishedAt: node.now + 90n * second, exitCode: 255 });
  });
});
