/** Exits as every release tells them, on a node made with the CRI plugin and watched without it. */
import { getEventListeners } from 'node:events';
import * as O from 'fp-ts/lib/Option.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ContainerdPorts, containerdPorts } from '../../src/containerd/index.js';
import type { Id } from '../../src/core/identity.js';
import type { Exit, ExitNotice } from '../../src/ports/index.js';
import { exitSubscriberContract } from '../../src/testing/index.js';
import { runContract } from '../testing/run-contract.js';
import {
  canLimitMemory,
  describeReleases,
  halfCreatedTask,
  hungry,
  isAlive,
  killTask,
  letGo,
  TestNode,
  waitUntil,
} from './harness/index.js';

const SIGKILL = 9;

describeReleases('exits', (release) => {
  let node: TestNode;
  let ports: ContainerdPorts;
  const ids = new Map<string, Id>();
  const id = (name: string) => ids.get(name) ?? (name as Id);

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    const pod = await node.cri.runPod({ name: 'pod', hostNetwork: true });
    const commands = { sleeping: {}, lasting: {}, failing: { command: ['sh', '-c', 'exit 42'] }, hungry };
    for (const [name, spec] of Object.entries(commands))
      ids.set(name, (await node.cri.createContainer(pod, { name, ...spec })) as Id);
    await node.restart({ cri: false });
    ports = containerdPorts({ address: node.socket, namespace: 'k8s.io' });
  });

  afterAll(async () => {
    ports?.close();
    await node?.dispose();
  });

  /** Runs the container's process, a new one if there was one before. Resolves with its pid. */
  const run = async (name: string): Promise<number> => {
    await halfCreatedTask(node, id(name));
    return node.engine.tasks.start(id(name));
  };

  /** The exit as `Tasks.Get` has it. */
  const exitOf = async (name: string, pid: number): Promise<Exit> => {
    const { exitStatus, exitedAt } = (await node.engine.tasks.get(id(name))) ?? expect.fail('there is no such task');
    return { containerId: id(name), processId: id(name), pid, exitStatus, exitedAt };
  };

  const subscribe = async () => {
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const iterator = ports.exits.subscribe(controller.signal)[Symbol.asyncIterator]();
    const notice = async (): Promise<ExitNotice> => (await iterator.next()).value ?? expect.fail('it is over');
    expect(await notice()).toEqual({ _tag: 'Open' });
    /** The kernel may call the end of a control group out of memory, and containerd passes that on. */
    const next = async (): Promise<ExitNotice> => {
      const told = await notice();
      return told._tag === 'OutOfMemory' ? next() : told;
    };
    return { next, notice, end: () => controller.abort() };
  };

  runContract(
    'the containerd adapter',
    exitSubscriberContract(async () => ({
      port: ports.exits,
      endContainer: async () => {
        const pid = await run('sleeping');
        await killTask(node, id('sleeping'));
        return exitOf('sleeping', pid);
      },
      endExec: async () => {
        await run('lasting');
        const exit = await node.engine.tasks.exec(id('lasting'), 'exec', ['sh', '-c', 'exit 7']);
        expect(exit.exitStatus).toBe(7);
        return { containerId: id('lasting'), processId: 'exec', ...exit };
      },
      listenersOf: (signal) => getEventListeners(signal, 'abort').length,
    })),
  );

  describe('are told', () => {
    test('with the code that a process chose', async () => {
      const { next } = await subscribe();
      const pid = await run('failing');
      const notice = await next();
      expect(notice).toEqual({ _tag: 'Exit', exit: await exitOf('failing', pid) });
      expect(notice).toMatchObject({ exit: { exitStatus: 42, pid } });
    });

    test('with the signal that ended a process, and as the task reader has them', async () => {
      const { next } = await subscribe();
      const pid = await run('sleeping');
      await killTask(node, id('sleeping'), SIGKILL);
      const { exitStatus, exitedAt } = await exitOf('sleeping', pid);
      expect(exitStatus).toBe(128 + SIGKILL);
      expect(await next()).toMatchObject({ exit: { exitStatus, exitedAt, processId: id('sleeping') } });
      const task = await ports.tasks.get(id('sleeping'))(AbortSignal.timeout(5_000))();
      expect(task).toMatchObject({ right: { exitStatus, exitedAt: O.some(exitedAt) } });
    });

    test('of this namespace only', async () => {
      const elsewhere = containerdPorts({ address: node.socket, namespace: 'elsewhere' });
      onTestFinished(elsewhere.close);
      const controller = new AbortController();
      const others = elsewhere.exits.subscribe(controller.signal)[Symbol.asyncIterator]();
      expect(await others.next()).toEqual({ done: false, value: { _tag: 'Open' } });
      const { next } = await subscribe();
      const other = others.next();
      await run('failing');
      expect(await next()).toMatchObject({ _tag: 'Exit' });
      controller.abort();
      expect(await other).toEqual({ done: true, value: undefined });
    });

    test('to 50 subscriptions one after the other, each by the exit that comes right after its opening', async () => {
      for (let round = 0; round < 50; round++) {
        const pid = await run('sleeping');
        const { next, end } = await subscribe();
        await node.engine.tasks.kill(id('sleeping'), SIGKILL);
        expect(await next()).toMatchObject({ _tag: 'Exit', exit: { containerId: id('sleeping'), pid } });
        end();
      }
    });

    const skipped = canLimitMemory() ? '' : ' (skipped: this machine has no memory controller to set a limit with)';
    test.skipIf(skipped !== '')(`together with a want of memory${skipped}`, async () => {
      const { notice } = await subscribe();
      const pid = await run('hungry');
      letGo({ pid });
      const told = new Map<string, ExitNotice>();
      while (told.size < 2) {
        const heard = await notice();
        told.set(heard._tag, heard);
      }
      expect(told.get('OutOfMemory')).toEqual({ _tag: 'OutOfMemory', containerId: id('hungry') });
      expect(told.get('Exit')).toEqual({ _tag: 'Exit', exit: await exitOf('hungry', pid) });
      expect(await exitOf('hungry', pid)).toMatchObject({ exitStatus: 128 + SIGKILL });
    });
  });

  describe('when containerd is killed', () => {
    test('the subscription breaks at once, and so does a new one until containerd is back', async () => {
      const { next } = await subscribe();
      const waiting = next();
      const started = performance.now();
      await node.kill();
      const broken = { _tag: 'Broken', error: { port: 'exits', operation: 'subscribe', _tag: 'Unavailable' } };
      expect(await waiting).toMatchObject(broken);
      expect(performance.now() - started).toBeLessThan(3_000);
      for await (const notice of ports.exits.subscribe(new AbortController().signal))
        expect(notice).toMatchObject(broken);
      await node.start({ cri: false });
      const again = await subscribe();
      const pid = await run('failing');
      expect(await again.next()).toEqual({ _tag: 'Exit', exit: await exitOf('failing', pid) });
    });

    test('an exit meanwhile is told by its shim when containerd is back: 1, 3, 6, 10 or 15 s after it, or never', async () => {
      const pid = await run('sleeping');
      await node.kill();
      process.kill(pid, 'SIGKILL');
      await waitUntil('the process ends', () => !isAlive(pid));
      const ended = BigInt(Date.now()) * 1_000_000n;
      await node.start({ cri: false });
      const { next } = await subscribe();
      const notice = await next();
      expect(notice).toMatchObject({ _tag: 'Exit', exit: { containerId: id('sleeping'), pid, exitStatus: 137 } });
      const exitedAt = notice._tag === 'Exit' ? notice.exit.exitedAt : 0n;
      expect(ended - exitedAt).toBeLessThan(1_000_000_000n);
      expect(exitedAt - ended).toBeLessThan(1_000_000_000n);
    });
  });
});
