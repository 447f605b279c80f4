/** How a watch ends, whatever ends it: the lock is free, nothing is attached. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test, vi } from 'vitest';
import { policies, watch } from '../src/index.js';
import type { Ports } from '../src/ports/index.js';
import { fakeContainer, fakePorts, recorded } from '../src/testing/index.js';
import { aroundCalls } from '../src/testing/port-calls.js';
import { broken, failing, node, nodeOf, onFakeTime, taskOf, watchOn } from './monitor/staying.js';

onFakeTime();

describe('a watch', () => {
  test('gives the lock back once, after everything else', async () => {
    const ports = fakePorts(node);
    const { ports: watched, calls } = recorded(ports);
    const controller = new AbortController();
    const begun = await watchOn(watched, { signal: controller.signal });
    controller.abort();
    await Promise.all([begun.stop(), begun.stop(), begun.stopped]);
    await begun.stop();
    const done = calls().map(({ operation }) => operation);
    expect(done.filter((operation) => operation === 'release')).toHaveLength(1);
    expect(done.at(-1)).toBe('release');
  });

  test('leaves no listener on the signal of its caller', async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    await (await watchOn(fakePorts(node), { signal })).stop();
    await vi.advanceTimersByTimeAsync(0);
    const removed = remove.mock.calls.map(([, listener]) => listener);
    for (const [, listener] of add.mock.calls) expect(removed).toContain(listener);
  });

  test('whose signal fires while it acts is stopped at once, and lets go of all it has attached', async () => {
    const ports = fakePorts(node);
    const controller = new AbortController();
    const aborting = aroundCalls<Ports>(ports, (call, run) => {
      if (call.operation === 'attach') controller.abort();
      return run();
    });
    const begun = await watch({ signal: controller.signal })(aborting)();
    if (E.isRight(begun)) await begun.right.stopped;
    expect(ports.node()).toMatchObject({ attached: [], lock: 'free' });
  });

  test.each([false, true])('under a signal that has fired is aborted, beside CRI: %s', async (alongsideCri) => {
    const ports = fakePorts(node);
    const refused = await watch({ signal: AbortSignal.abort(), alongsideCri })(ports)();
    expect(ports.node().lock).toBe('free');
    expect(refused).toEqual(E.left({ _tag: 'Aborted' }));
  });

  test('lets go of what was attached to a container that the policy then dropped', async () => {
    const ports = fakePorts(node);
    const full = failing(ports, ({ operation, subject }) => operation === 'write' && subject === 'web');
    const begun = await watchOn(full, { policy: policies.containerd });
    expect(begun.recovered.containers.map(({ record }) => record.id)).toEqual(['db']);
    await begun.stop();
    expect(ports.node().attached).toEqual([]);
  });

  test('whose containerd comes back with CRI while it recovers lets go of all, and deletes nothing more', async () => {
    const many = Array.from({ length: 40 }, (_, index) => fakeContainer({ id: `c${index}`, sandboxId: 'pod' }));
    const stopped = fakeContainer({ id: 'z', sandboxId: 'pod', task: 'stopped' });
    const ports = fakePorts(nodeOf(...many, stopped));
    let hasBroken = false;
    const restarting = aroundCalls<Ports>(ports, async (call, run) => {
      if (call.operation === 'attach') {
        if (!hasBroken) {
          hasBroken = true;
          ports.change((now) => ({ ...now, hasActiveCri: true }));
          ports.notify(broken);
        }
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      return run();
    });
    const beginning = watch()(restarting)();
    await vi.advanceTimersByTimeAsync(10_000);
    const begun = await beginning;
    if (E.isRight(begun)) await begun.right.stopped;
    expect(ports.node()).toMatchObject({ attached: [], lock: 'free' });
    expect(taskOf(ports, 'z')).toBeDefined();
  });

  test('whose log throws recovers all the same, and whose clock throws gives the lock back', async () => {
    const ports = fakePorts(node);
    const thrower = () => {
      throw new Error('the embedder’s');
    };
    const begun = await watch()({ ...ports, log: { progress: thrower } })();
    if (E.isLeft(begun)) return expect.fail(begun.left._tag);
    await begun.right.stop();
    await expect(watch()({ ...ports, clock: { now: thrower } })()).rejects.toThrow('the embedder’s');
    expect(ports.node().lock).toBe('free');
  });
});
