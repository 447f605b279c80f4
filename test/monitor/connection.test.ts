/** A connection that breaks, and what comes back with it. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, test, vi } from 'vitest';
import { type Ports, portError } from '../../src/ports/index.js';
import { fakeContainer, fakePorts, recorded } from '../../src/testing/index.js';
import { aroundCalls } from '../../src/testing/port-calls.js';
import {
  allOf,
  broken,
  checkpointOf,
  holding,
  node,
  nodeOf,
  onFakeTime,
  open,
  recoveryOf,
  staying,
  stopUnheard,
  tagsOf,
  taskOf,
} from './staying.js';

onFakeTime();

describe('a connection that breaks', () => {
  test('again while it is asked whether to stay is not back', async () => {
    const ports = fakePorts(node);
    const answers: Array<() => void> = [];
    const mayStay = () => () =>
      new Promise<E.Either<never, void>>((resolve) => answers.push(() => resolve(E.right(undefined))));
    const { monitor, changes } = await staying(ports, { mayStay });
    ports.notify(broken);
    await vi.advanceTimersByTimeAsync(60);
    expect(answers).toHaveLength(1);
    ports.notify(broken);
    await vi.advanceTimersByTimeAsync(1);
    answers[0]?.();
    await vi.advanceTimersByTimeAsync(1);
    expect(tagsOf(changes)).toEqual(['ConnectionLost']);
    stopUnheard(ports, 'web', 6);
    await vi.advanceTimersByTimeAsync(100);
    answers[1]?.();
    await vi.advanceTimersByTimeAsync(1);
    expect(tagsOf(changes)).toEqual(['ConnectionLost', 'ConnectionBack', 'ContainerChanged']);
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 6 });
    expect(monitor.known()).toHaveLength(3);
  });

  test('is asked about every second until the answer is yes, and nothing is done before', async () => {
    const ports = fakePorts(node);
    let asked = 0;
    const unreadable = portError('Unavailable', { port: 'daemon', operation: 'hasActiveCri', subject: '' }, 'not yet');
    const mayStay = () => {
      asked += 1;
      return asked < 5 ? TE.left({ _tag: 'NodeUnreadable', error: unreadable } as const) : TE.right(undefined);
    };
    const { changes } = await staying(ports, { mayStay });
    ports.notify(broken);
    await vi.advanceTimersByTimeAsync(100);
    ports.exit('web', 6);
    await vi.advanceTimersByTimeAsync(3_800);
    expect(taskOf(ports)).toMatchObject({ state: 'stopped' });
    expect(asked).toBe(4);
    await vi.advanceTimersByTimeAsync(400);
    expect(tagsOf(changes)).toEqual(['ConnectionLost', 'ConnectionBack', 'ContainerChanged']);
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 6 });
  });

  test('twenty times over loses no exit, and says each time that it was lost and is back', async () => {
    const ports = fakePorts(node);
    const { changes } = await staying(ports);
    for (let round = 0; round < 20; round += 1) {
      ports.notify(broken);
      if (round === 7) stopUnheard(ports, 'web', 3);
      if (round === 13) ports.exit('db', 4);
      await vi.advanceTimersByTimeAsync(3_000);
    }
    const connection = tagsOf(changes).filter((tag) => tag.startsWith('Connection'));
    expect(connection).toEqual(Array.from({ length: 20 }, () => ['ConnectionLost', 'ConnectionBack']).flat());
    expect([checkpointOf(ports)?.exitCode, checkpointOf(ports, 'db')?.exitCode]).toEqual([3, 4]);
  });

  test('is asked for in one call, and only what is not alive is looked at', async () => {
    const many = Array.from({ length: 300 }, (_, index) => fakeContainer({ id: `c${index}`, sandboxId: 'pod' }));
    const ports = fakePorts(nodeOf(...many));
    const { ports: watched, calls } = recorded(ports);
    await staying(watched);
    const before = calls().length;
    ports.notify(broken);
    stopUnheard(ports, 'c7', 1);
    await vi.advanceTimersByTimeAsync(100);
    const asked = calls()
      .slice(before)
      .map(({ operation, subject }) => `${operation} ${subject}`.trim());
    expect(asked).toEqual(['subscribe', 'list', 'get c7', 'write c7', 'delete c7', 'detach c7']);
  });

  test('with a list that fails is made up for one by one, not more than there are slots', async () => {
    const many = Array.from({ length: 300 }, (_, index) => fakeContainer({ id: `c${index}`, sandboxId: 'pod' }));
    const ports = fakePorts(nodeOf(...many));
    const faults = { isOn: false };
    let [now, most] = [0, 0];
    const slow = aroundCalls<Ports>(ports, async (call, run) => {
      if (!faults.isOn || call.port !== 'tasks') return run();
      if (call.operation === 'list') return E.left(portError('TimedOut', call, 'stalled'));
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 100));
      now -= 1;
      return run();
    });
    const { changes } = await staying(slow);
    faults.isOn = true;
    ports.notify(broken);
    stopUnheard(ports, 'c299', 1);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(most).toBeLessThanOrEqual(32);
    expect(checkpointOf(ports, 'c299')).toMatchObject({ exitCode: 1 });
    expect(tagsOf(changes)).toEqual(['ConnectionLost', 'ConnectionBack', 'ContainerChanged']);
  });

  test('because the adapter throws is one that broke', async () => {
    const ports = fakePorts(node);
    let subscribed = 0;
    const exits: Ports['exits'] = {
      subscribe: (signal) => {
        subscribed += 1;
        if (subscribed === 2) throw new Error('no');
        return ports.exits.subscribe(signal);
      },
    };
    const { changes } = await staying({ ...ports, exits });
    ports.notify(broken);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(tagsOf(changes)).toEqual(['ConnectionLost', 'ConnectionBack']);
  });

  test('is made up for when something is followed that was read before', async () => {
    const ports = fakePorts(node);
    const plan = await recoveryOf(ports);
    const monitor = open(ports);
    await vi.advanceTimersByTimeAsync(0);
    ports.notify(broken);
    stopUnheard(ports, 'web', 3);
    await vi.advanceTimersByTimeAsync(500);
    monitor.follow(allOf(plan));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 3 });
  });
});

describe('CRI that is active when the connection is back', () => {
  test('ends the monitor, says so last, and touches nothing', async () => {
    const ports = fakePorts(node);
    const { ports: watched, calls } = recorded(ports);
    const mayStay = () => TE.left({ _tag: 'CriActive' } as const);
    const { monitor, changes } = await staying(watched, { mayStay });
    const before = calls().length;
    ports.notify(broken);
    stopUnheard(ports, 'web', 3);
    await vi.advanceTimersByTimeAsync(3_000);
    await monitor.stopped;
    expect(tagsOf(changes)).toEqual(['ConnectionLost', 'Ended']);
    const done = calls()
      .slice(before)
      .map(({ operation }) => operation);
    expect(done).toEqual(['subscribe', 'detach', 'detach']);
  });

  test('after a stop is nobody’s matter any more', async () => {
    const ports = fakePorts(node);
    let answer = (): void => undefined;
    const mayStay = () => () =>
      new Promise<E.Either<{ readonly _tag: 'CriActive' }, void>>((resolve) => {
        answer = () => resolve(E.left({ _tag: 'CriActive' }));
      });
    const { monitor, changes } = await staying(ports, { mayStay });
    ports.notify(broken);
    await vi.advanceTimersByTimeAsync(100);
    await monitor.stop();
    answer();
    await vi.advanceTimersByTimeAsync(100);
    expect(tagsOf(changes)).toEqual(['ConnectionLost']);
  });

  test('is told last, also when something is under way', async () => {
    const ports = fakePorts(node);
    const { held, hold, letGo } = holding(ports, 'write');
    const { monitor, changes } = await staying(held, { mayStay: () => TE.left({ _tag: 'CriActive' } as const) });
    hold.isOn = true;
    ports.exit('web', 1);
    await vi.advanceTimersByTimeAsync(0);
    ports.notify(broken);
    await vi.advanceTimersByTimeAsync(500);
    await letGo();
    await vi.advanceTimersByTimeAsync(3_000);
    await monitor.stopped;
    expect(tagsOf(changes).at(-1)).toBe('Ended');
  });
});
