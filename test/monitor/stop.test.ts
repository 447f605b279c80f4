/** The end, and what is under way then. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test, vi } from 'vitest';
import { openMonitor, policies } from '../../src/index.js';
import type { Ports } from '../../src/ports/index.js';
import { fakePorts, recorded, withFaults } from '../../src/testing/index.js';
import {
  all,
  allOf,
  checkpointOf,
  holding,
  node,
  onFakeTime,
  open,
  recoveryOf,
  stateOf,
  staying,
  tagsOf,
  taskOf,
} from './staying.js';

onFakeTime();

describe('a stop', () => {
  test('lets what is under way come to its end, and begins nothing', async () => {
    const ports = fakePorts(node);
    const { held, hold, letGo, waiting } = holding(ports, 'write');
    const { monitor, changes } = await staying(held);
    hold.isOn = true;
    ports.exit('web', 3);
    await vi.advanceTimersByTimeAsync(0);
    expect(waiting).toHaveLength(1);
    const stopped = monitor.stop();
    ports.exit('db', 4);
    await vi.advanceTimersByTimeAsync(1_000);
    await letGo();
    await stopped;
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 3 });
    expect(taskOf(ports)).toBeUndefined();
    expect(checkpointOf(ports, 'db')).toMatchObject({ finishedAt: 0n });
    expect(tagsOf(changes)).toEqual(['ContainerChanged']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('waits two seconds for what hangs, and leaves the task of an exit that is not stored', async () => {
    const ports = fakePorts(node);
    const { held, hold } = holding(ports, 'write');
    const { monitor } = await staying(held);
    hold.isOn = true;
    ports.exit('web', 3);
    await vi.advanceTimersByTimeAsync(0);
    let isStopped = false;
    void monitor.stop().then(() => {
      isStopped = true;
    });
    await vi.advanceTimersByTimeAsync(1_999);
    expect(isStopped).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isStopped).toBe(true);
    expect(taskOf(ports)).toMatchObject({ state: 'stopped' });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('twice is one, and both wait for its end', async () => {
    const ports = fakePorts(node);
    const { ports: watched, calls } = recorded(ports);
    const { monitor } = await staying(watched);
    const before = calls().length;
    await Promise.all([monitor.stop(), monitor.stop(), monitor.stopped]);
    await monitor.stop();
    const detached = calls().slice(before);
    expect(detached.map(({ operation, subject }) => `${operation} ${subject}`).sort()).toEqual([
      'detach db',
      'detach web',
    ]);
  });

  test('before anything is open or followed is a stop too', async () => {
    const monitor = open(fakePorts(node));
    await monitor.stop();
    expect(await monitor.opened).toMatchObject(E.left({ _tag: 'Unavailable', port: 'exits' }));
    for await (const change of monitor.changes) expect.fail(change._tag);
  });

  test('is not held up by a stream that cannot be let go of for longer than an item takes', async () => {
    const { monitor } = await staying(
      withFaults(fakePorts(node), [{ port: 'container-io', operation: 'detach', effect: 'never' }]),
    );
    const stopped = monitor.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    await stopped;
  });

  test('ends the reading of changes once all have been read', async () => {
    const ports = fakePorts(node);
    const plan = await recoveryOf(ports);
    const monitor = open(ports);
    await monitor.opened;
    monitor.follow(allOf(plan));
    ports.exit('web', 1);
    ports.exit('db', 1);
    await vi.advanceTimersByTimeAsync(0);
    await monitor.stop();
    expect(tagsOf(await all(monitor.changes))).toEqual(['ContainerChanged', 'ContainerChanged']);
  });

  test('is not held up for ever by a subscription that does not heed the signal', async () => {
    const ports = fakePorts(node);
    const deaf: Ports['exits'] = {
      subscribe: async function* () {
        yield { _tag: 'Open' };
        await new Promise(() => undefined);
      },
    };
    const monitor = openMonitor({ ...ports, exits: deaf }, { policy: policies.careful });
    await monitor.opened;
    let isStopped = false;
    void monitor.stop().then(() => {
      isStopped = true;
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(isStopped).toBe(true);
  });
});

describe('an exit whose log is slow', () => {
  const slowLog = { port: 'container-io', operation: 'detach', subject: 'web', effect: { delayMs: 5_000 } } as const;

  test('is told as soon as it is stored', async () => {
    const fake = fakePorts(node);
    const { monitor, changes } = await staying(withFaults(fake, [slowLog]));
    fake.exit('web', 3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(checkpointOf(fake)).toMatchObject({ exitCode: 3 });
    expect(stateOf(monitor)).toBe('EXITED');
    expect(changes).toHaveLength(1);
  });

  test('is told although the monitor is stopped meanwhile', async () => {
    const fake = fakePorts(node);
    const { monitor, changes } = await staying(withFaults(fake, [slowLog]));
    fake.exit('web', 3);
    await vi.advanceTimersByTimeAsync(100);
    const stopped = monitor.stop();
    await vi.advanceTimersByTimeAsync(20_000);
    await stopped;
    expect(checkpointOf(fake)).toMatchObject({ exitCode: 3 });
    expect(changes).toHaveLength(1);
  });
});
