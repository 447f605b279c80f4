/**
 * Ten pods of two containers each, and the shim of one of them stopped in its tracks: nobody else is held up, and once the shim runs again
 * all is as before.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPlanner, type Plan } from '../../src/index.js';
import type { Progress } from '../../src/ports/index.js';
import { describeReleases, type HungShim, hangShim, TestNode } from './harness/index.js';
import { livePorts } from './plan/live-ports.js';
import { codesOf } from './plan/plan-document.js';
import { planOf } from './plan/plan-of.js';

interface Timed {
  readonly event: Progress;
  readonly ms: number;
}

interface Observed {
  readonly plan: Plan;
  readonly events: ReadonlyArray<Timed>;
  readonly ms: number;
}

describeReleases('plan with a hung shim', (release) => {
  let node: TestNode;
  let shim: HungShim;
  const pods: string[] = [];
  const containers = new Map<string, ReadonlyArray<string>>();

  const observe = async (): Promise<Observed> => {
    const events: Timed[] = [];
    const start = performance.now();
    const elapsed = (): number => performance.now() - start;
    const { ports, close } = await livePorts(node, { progress: (event) => events.push({ event, ms: elapsed() }) });
    const plan = await createPlanner(ports).plan();
    const ms = elapsed();
    close();
    return { plan, events, ms };
  };

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    for (let number = 0; number < 10; number++) {
      const pod = await node.cri.runPod({ name: `pod-${number}`, hostNetwork: true });
      const made = [0, 1].map(async (each) => {
        const id = await node.cri.createContainer(pod, { name: `container-${each}` });
        await node.cri.startContainer(id);
        return id;
      });
      pods.push(pod);
      containers.set(pod, await Promise.all(made));
    }
    await node.restart({ cri: false });
  });

  afterAll(async () => {
    shim?.resume();
    await node?.dispose();
  });

  describe('while it hangs', () => {
    let observed: Observed;
    let hung: ReadonlySet<string>;

    beforeAll(async () => {
      const pod = pods[4] ?? '';
      shim = await hangShim(node, pod);
      hung = new Set([pod, ...(containers.get(pod) ?? [])]);
      observed = await observe();
    });

    const items = () =>
      observed.events.flatMap(({ event, ms }) => (event._tag === 'ItemObserved' ? [{ ...event, ms }] : []));

    test('everything else is known within 3 s', () => {
      const others = items().filter(({ id }) => !hung.has(id));
      expect(others.filter(({ kind }) => kind === 'sandbox')).toHaveLength(9);
      expect(others.filter(({ kind }) => kind === 'container')).toHaveLength(18);
      expect(others.filter(({ kind }) => kind === 'image').length).toBeGreaterThan(0);
      for (const { answered } of others) expect(answered).toBe(true);
      expect(Math.max(...others.map(({ ms }) => ms))).toBeLessThan(3_000);
    });

    test('the whole observation ends within 12 s', () => {
      expect(observed.ms).toBeLessThan(12_000);
    });

    test('the hung ones are told as not answering, and that the list of tasks has stalled', () => {
      const unanswered = items().filter(({ answered }) => !answered);
      expect(new Set(unanswered.map(({ id }) => id))).toEqual(hung);
      expect(observed.events.map(({ event }) => event._tag)).toContain('TaskListStalled');
    });

    test('the hung ones, and only they, are UNKNOWN, followed and left alone', () => {
      const { sandboxes, containers: planned } = observed.plan;
      const silent = [...sandboxes, ...planned].filter(({ findings }) => findings.length > 0);
      expect(new Set(silent.map(({ record }) => record.id as string))).toEqual(hung);
      for (const { findings, monitored, steps } of silent) {
        expect(findings.map(({ code }) => code)).toEqual(['task-not-answering']);
        expect(monitored).toBe(true);
        expect(steps.map(({ _tag }) => _tag)).toEqual(['WatchExit']);
      }
    });

    test('the command says the same within 12 s, and that all is well but for them', async () => {
      const start = performance.now();
      const { sandboxes, containers: planned } = await planOf(node);
      expect(performance.now() - start).toBeLessThan(12_000);
      const states = [...sandboxes, ...planned].map((item) => [item.id, item.state, codesOf(item)]);
      const expected = [...sandboxes, ...planned].map(({ id }) => {
        if (hung.has(id)) return [id, 'UNKNOWN', ['task-not-answering']];
        return [id, pods.includes(id) ? 'READY' : 'RUNNING', []];
      });
      expect(states).toEqual(expected);
      expect(states).toHaveLength(30);
    });
  });

  describe('once it runs again', () => {
    test('everything is known, at once, and in order', async () => {
      shim.resume();
      const { plan, ms } = await observe();
      expect(ms).toBeLessThan(3_000);
      expect(plan.sandboxes.map(({ status }) => status.state)).toEqual(pods.map(() => 'READY'));
      expect(plan.containers).toHaveLength(20);
      for (const { findings, monitored, status, steps } of plan.containers) {
        expect([status.unknown, monitored, findings]).toEqual([false, true, []]);
        expect(steps.map(({ _tag }) => _tag)).toEqual(['AttachIo', 'WatchExit']);
      }
      expect(plan.failures).toEqual([]);
    });
  });
});
