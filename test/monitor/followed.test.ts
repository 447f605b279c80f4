/** Items that come and go while the monitor stays. */

import { describe, expect, test, vi } from 'vitest';
import type { Ports } from '../../src/ports/index.js';
import { fakeContainer, fakeId, fakePorts, fakeTask, recorded } from '../../src/testing/index.js';
import { aroundCalls } from '../../src/testing/port-calls.js';
import {
  allOf,
  checkpointOf,
  exitOf,
  failing,
  giveTask,
  holding,
  knownOf,
  node,
  nodeOf,
  onFakeTime,
  recoveryOf,
  stateOf,
  staying,
  stopUnheard,
  taskOf,
} from './staying.js';

onFakeTime();

describe('what is followed anew', () => {
  test('is known by what was read last', async () => {
    const ports = fakePorts(
      nodeOf(fakeContainer({ id: 'web', sandboxId: 'pod', task: 'absent', checkpoint: 'CREATED' })),
    );
    const { monitor } = await staying(ports);
    expect(stateOf(monitor)).toBe('CREATED');
    giveTask(ports, 'web', fakeTask({ id: 'web' }));
    monitor.follow(allOf(await recoveryOf(ports)));
    expect(stateOf(monitor)).toBe('RUNNING');
    ports.exit('web', 2);
    await vi.advanceTimersByTimeAsync(0);
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 2 });
  });

  test('while it is looked at keeps what was read, not what the look comes to', async () => {
    const ports = fakePorts(node);
    const { held, hold, letGo } = holding(ports, 'get');
    const { monitor, plan, changes } = await staying(held);
    hold.isOn = true;
    monitor.lookAt(fakeId('web'));
    await vi.advanceTimersByTimeAsync(0);
    monitor.follow(allOf(plan));
    giveTask(ports, 'web', undefined);
    await letGo();
    expect(changes).toEqual([]);
    expect(knownOf(monitor)).toBe(plan.containers.find(({ record }) => record.id === 'web'));
  });

  test('does not forget an exit that was stored after it was read', async () => {
    const ports = fakePorts(node);
    const { monitor, plan } = await staying(ports);
    ports.exit('web', 3);
    await vi.advanceTimersByTimeAsync(0);
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 3 });
    monitor.follow(allOf(plan));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 3, reason: '' });
  });

  test('is made up for the exit that came while it was known as created', async () => {
    const ports = fakePorts(
      nodeOf(fakeContainer({ id: 'web', sandboxId: 'pod', task: 'absent', checkpoint: 'CREATED' })),
    );
    const { monitor } = await staying(ports);
    giveTask(ports, 'web', fakeTask({ id: 'web' }));
    const started = await recoveryOf(ports);
    ports.exit('web', 2);
    await vi.advanceTimersByTimeAsync(0);
    monitor.follow(allOf(started));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 2 });
  });

  test('under its id with another task is not ended by the exit of the last one', async () => {
    const ports = fakePorts(node);
    const { monitor } = await staying(ports);
    const last = exitOf(ports, 1);
    const pid = (taskOf(ports)?.pid ?? 0) + 1;
    giveTask(ports, 'web', fakeTask({ id: 'web', pid }));
    const plan = await recoveryOf(ports);
    monitor.follow(plan.containers.map((one) => ({ ...one, status: { ...one.status, pid } })));
    ports.notify(last);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(taskOf(ports)).toMatchObject({ state: 'running', pid });
    expect(checkpointOf(ports)).toMatchObject({ finishedAt: 0n });
  });
});

describe('what is forgotten', () => {
  test('is let go of, and its exit is nobody’s matter', async () => {
    const ports = fakePorts(node);
    const { monitor, changes } = await staying(ports);
    monitor.lookAt(fakeId('web'));
    await vi.advanceTimersByTimeAsync(0);
    expect(
      ports
        .node()
        .attached.map(({ id }) => id)
        .sort(),
    ).toEqual(['db', 'web']);
    await monitor.forget(fakeId('web'));
    await monitor.forget(fakeId('web'));
    expect(ports.node().attached.map(({ id }) => id)).toEqual(['db']);
    ports.exit('web', 1);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(taskOf(ports)).toMatchObject({ state: 'stopped' });
    expect(changes).toEqual([]);
    expect(monitor.known()).toHaveLength(2);
  });

  test('is not tried again', async () => {
    const ports = fakePorts(node);
    const { ports: full, calls } = recorded(failing(ports, ({ operation }) => operation === 'write'));
    const { monitor } = await staying(full);
    const timers = vi.getTimerCount();
    ports.exit('web', 1);
    await vi.advanceTimersByTimeAsync(0);
    await monitor.forget(fakeId('web'));
    expect(vi.getTimerCount()).toBe(timers);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(calls().filter(({ operation }) => operation === 'write')).toHaveLength(1);
  });

  test.each(['get', 'attach'])('while its %s is under way is not attached afterwards', async (operation) => {
    const ports = fakePorts(node);
    const { held, hold, letGo } = holding(ports, operation);
    const { monitor } = await staying(held);
    hold.isOn = true;
    monitor.lookAt(fakeId('web'));
    await vi.advanceTimersByTimeAsync(0);
    const forgotten = monitor.forget(fakeId('web'));
    await vi.advanceTimersByTimeAsync(0);
    await letGo();
    await forgotten;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ports.node().attached.map(({ id }) => id)).toEqual(['db']);
  });

  test('while its exit is dealt with is not written after it is gone', async () => {
    const ports = fakePorts(node);
    const { ports: watched, calls } = recorded(ports);
    const faults = { isSlow: true };
    const slow = aroundCalls<Ports>(watched, async (call, run) => {
      if (faults.isSlow && call.operation === 'get') await new Promise((resolve) => setTimeout(resolve, 500));
      return run();
    });
    const { monitor } = await staying(slow);
    stopUnheard(ports, 'web', 1);
    monitor.lookAt(fakeId('web'));
    await vi.advanceTimersByTimeAsync(100);
    await monitor.forget(fakeId('web'));
    const before = calls().length;
    await vi.advanceTimersByTimeAsync(1_000);
    const done = calls().slice(before);
    expect(done.map(({ operation }) => operation)).not.toContain('write');
    expect(done.map(({ operation }) => operation)).not.toContain('delete');
  });
});
