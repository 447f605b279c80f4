/** What months of it leave behind. */

import { describe, expect, test, vi } from 'vitest';
import { fakeId, fakePorts, recorded } from '../../src/testing/index.js';
import { all, broken, node, onFakeTime, oom, open, recoveryOf, staying } from './staying.js';

onFakeTime();

describe('months of it', () => {
  test('leave no timer, no listener and nothing known of what was forgotten', async () => {
    const ports = fakePorts(node);
    const { monitor, plan } = await staying(ports);
    const web = plan.containers.filter(({ record }) => record.id === 'web');
    const timers = vi.getTimerCount();
    for (let round = 0; round < 500; round += 1) {
      monitor.follow(web);
      monitor.lookAt(fakeId('web'));
      await vi.advanceTimersByTimeAsync(0);
      await monitor.forget(fakeId('web'));
    }
    expect(monitor.known()).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(timers);
    expect(ports.node().attached.map(({ id }) => id)).toEqual(['db']);
  });

  test('of memory running out in one container are noted once', async () => {
    const ports = fakePorts(node);
    const { ports: watched, calls } = recorded(ports);
    const { changes } = await staying(watched);
    for (let round = 0; round < 100; round += 1) {
      ports.notify(oom);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(calls().filter(({ operation }) => operation === 'write')).toHaveLength(1);
    expect(changes).toHaveLength(1);
  });

  test('of memory running out ask for the task once', async () => {
    const ports = fakePorts(node);
    const { ports: watched, calls } = recorded(ports);
    await staying(watched);
    for (let round = 0; round < 100; round += 1) {
      ports.notify(oom);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(calls().filter(({ operation }) => operation === 'get')).toHaveLength(1);
  });

  test('that nobody reads of are not kept for ever', async () => {
    const ports = fakePorts(node);
    const monitor = open(ports);
    const plan = await recoveryOf(ports);
    for (let round = 0; round < 6_000; round += 1) {
      monitor.follow(plan.containers);
      ports.notify(broken);
      await vi.advanceTimersByTimeAsync(100);
    }
    await monitor.stop();
    expect((await all(monitor.changes)).length).toBeLessThanOrEqual(10_000);
  });
});
