/**
 * One bad pod of ten: its shim is stopped (SIGSTOP), slow (stopped again and again) or killed. The other nine are recovered all the same, nothing
 * of the bad one is destroyed, and whoever watches picks it up when it answers again.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { applyTo } from './apply/apply-of.js';
import {
  describeReleases,
  hangShim,
  isAlive,
  killShim,
  letGo,
  shimsOf,
  type TestNode,
  waitUntil,
} from './harness/index.js';
import { statusOf } from './kills/mixed-node.js';
import { codesOf, itemOf } from './plan/plan-document.js';
import { slowShim } from './shims/slow-shim.js';
import { endCode, firstTold, idsOf, type Pod, pictureOf, tenPods, toldLines } from './shims/ten-pods.js';
import { expectRecovered, ratioOf, type Timed, takeCheckpoints, timedRecovery } from './shims/timed-recovery.js';
import { expectCounting, writtenLines } from './watch/log-of.js';
import { type Watching, watchNode } from './watch/watch-of.js';

const deadlineMs = 20_000;
/** Less than containerd itself waits for a shim. */
const shortMs = 1_500;
/** What is under way when time is up may come to its end; on a machine with much to do that takes a while. */
const graceMs = 1_500;
const longMs = 40_000;

describeReleases('shims', (release) => {
  let node: TestNode;
  let pods: ReadonlyArray<Pod>;
  let resume: (() => void | Promise<void>) | undefined;
  const pod = (number: number): Pod => pods[number] ?? expect.fail(`there is no pod ${number}`);
  const dead = new Set<Pod>();
  const othersThan = (bad: Pod): ReadonlyArray<Pod> => pods.filter((each) => each !== bad && !dead.has(each));

  beforeAll(async () => {
    ({ node, pods } = await tenPods(release));
  });
  afterEach(async () => {
    await resume?.();
    resume = undefined;
  });
  afterAll(() => node?.dispose());

  describe('apply', () => {
    const recover = (which: ReadonlyArray<Pod>): Promise<Timed> => timedRecovery(node, which, deadlineMs);
    const tellRatio = (what: string, one: Timed, other: Timed): void =>
      console.info(`[${release.name}] ${what}: ${ratioOf(one, other)}`);
    const expectAlive = async (which: Pod): Promise<void> => {
      for (const { id, pid } of [which.teller, which.ender])
        expect(await node.engine.tasks.get(id)).toMatchObject({ status: 'running', pid });
      expect((await node.engine.tasks.get(which.id))?.status).toBe('running');
    };

    test('recovers nine beside one whose shim is stopped, and leaves that one as it is', async () => {
      const bad = pod(4);
      const without = await recover(othersThan(bad));
      const shim = await hangShim(node, bad.id);
      resume = shim.resume;
      const picture = await pictureOf(node, bad);
      const beside = await recover(othersThan(bad));
      tellRatio('a stopped shim', beside, without);
      expect(beside.code).toBe(0);
      expect(beside.report.durationMs).toBeLessThan(deadlineMs);
      expectRecovered(beside, othersThan(bad));
      const { report } = beside;
      for (const item of [
        itemOf(report.sandboxes, bad.id),
        ...[bad.teller, bad.ender].map(({ id }) => itemOf(report.containers, id)),
      ])
        expect([item.state, item.monitored, codesOf(item)]).toEqual(['UNKNOWN', true, ['task-not-answering']]);
      expect(await pictureOf(node, bad)).toEqual(picture);
      shim.resume();
      await expectAlive(bad);
    });

    test('recovers nine within a deadline too short to wait for a stopped shim', async () => {
      const bad = pod(4);
      const others = othersThan(bad);
      const shim = await hangShim(node, bad.id);
      resume = shim.resume;
      const picture = await pictureOf(node, bad);
      takeCheckpoints(node, others);
      const { report } = await applyTo(node, 'careful', '--deadline', `${shortMs}ms`);
      expect(report.durationMs).toBeLessThan(shortMs + graceMs);
      expectRecovered({ report }, others);
      expect(await pictureOf(node, bad)).toEqual(picture);
      for (const each of others) await expectAlive(each);
      shim.resume();
      await expectAlive(bad);
      const next = await applyTo(node);
      expect(next.code).toBe(0);
      for (const each of pods) await expectAlive(each);
      for (const { teller, ender } of others)
        for (const each of [teller, ender]) expect((await statusOf(node, each.id)).pid).toBe(each.pid);
    });

    test('recovers nine beside one whose shim is slow', async () => {
      const bad = pod(7);
      const without = await recover(othersThan(bad));
      const slow = await slowShim(node, bad.id);
      resume = slow.stop;
      const picture = await pictureOf(node, bad);
      const beside = await recover(othersThan(bad));
      tellRatio('a slow shim', beside, without);
      expect(beside.code).toBe(0);
      expect(beside.report.durationMs).toBeLessThan(deadlineMs);
      expectRecovered(beside, othersThan(bad));
      const { report } = beside;
      expect(['READY', 'UNKNOWN']).toContain(itemOf(report.sandboxes, bad.id).state);
      for (const { id } of [bad.teller, bad.ender])
        expect(['RUNNING', 'UNKNOWN']).toContain(itemOf(report.containers, id).state);
      expect(await pictureOf(node, bad)).toEqual(picture);
      await slow.stop();
      await expectAlive(bad);
    });

    test('recovers nine beside one whose shim is killed at that moment, and keeps what there is of that one', async () => {
      const bad = pod(8);
      const without = await recover(othersThan(bad));
      const { records } = await pictureOf(node, bad);
      await killShim(node, bad.id);
      const beside = await recover(othersThan(bad));
      dead.add(bad);
      tellRatio('a killed shim', beside, without);
      expect(beside.code).toBe(0);
      expect(beside.report.durationMs).toBeLessThan(deadlineMs);
      expectRecovered(beside, othersThan(bad));
      // Found dying or dead; either way the next one knows.
      const { report } = await applyTo(node);
      expect(itemOf(report.sandboxes, bad.id).state).toBe('NOTREADY');
      for (const { id, pid } of [bad.teller, bad.ender]) {
        const item = itemOf(report.containers, id);
        expect(item).toMatchObject({ state: 'EXITED' });
        expect([137, 255]).toContain(item.exitCode);
        expect((await statusOf(node, id)).exitCode).toBe(item.exitCode);
        expect(isAlive(pid)).toBe(false);
      }
      expect((await pictureOf(node, bad)).records).toEqual(records);
    });
  });

  describe('watch', () => {
    let watching: Watching;

    const stateOf = (id: string): string | undefined => {
      const recovered = watching.changes().find(({ change }) => change === 'recovered')?.report;
      const first = [...(recovered?.sandboxes ?? []), ...(recovered?.containers ?? [])].find((each) => each.id === id);
      const later = watching.changes().flatMap(({ container, sandbox }) => [container, sandbox]);
      return later.findLast((each) => each?.id === id)?.state ?? first?.state;
    };
    const untilStates = (which: Pod, states: ReadonlyArray<string>): Promise<true> =>
      waitUntil(
        `pod, teller and ender are ${states}; they are ${idsOf(which).map(stateOf)}`,
        () => idsOf(which).every((id, each) => stateOf(id) === states[each]),
        longMs,
      );
    const expectEnded = async ({ ender }: Pod): Promise<void> => {
      expect(await statusOf(node, ender.id)).toMatchObject({ exitCode: endCode, reason: '' });
      await waitUntil('its task is deleted', async () => (await node.engine.tasks.get(ender.id)) === undefined);
    };

    beforeAll(async () => {
      const shim = await hangShim(node, pod(4).id);
      resume = shim.resume;
    });
    afterAll(async () => {
      await watching?.end();
    });

    test('picks up a pod whose shim was stopped before it came, with its output and the real code of what ended meanwhile', async () => {
      const bad = pod(4);
      letGo(bad.teller);
      letGo(bad.ender);
      await pause(300);
      watching = await watchNode(node);
      expect(idsOf(bad).map(stateOf)).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
      // Others are looked after meanwhile.
      const other = pod(0);
      letGo(other.ender);
      await untilStates(other, ['READY', 'RUNNING', 'EXITED']);
      await expectEnded(other);
      await resume?.();
      await untilStates(bad, ['READY', 'RUNNING', 'EXITED']);
      await expectEnded(bad);
      await waitUntil('all it told is in the log', () => writtenLines([bad.teller.log]).length >= toldLines);
      expect(writtenLines([bad.teller.log])).toHaveLength(toldLines);
      expectCounting(writtenLines([bad.teller.log]), firstTold);
      expect((await statusOf(node, bad.teller.id)).pid).toBe(bad.teller.pid);
    });

    test('hears of an exit when a shim that was stopped under it runs again', async () => {
      const bad = pod(5);
      const shim = await hangShim(node, bad.id);
      resume = shim.resume;
      letGo(bad.teller);
      letGo(bad.ender);
      await waitUntil('it has ended', () => !isAlive(bad.ender.pid));
      await pause(1_000);
      expect(idsOf(bad).map(stateOf)).toEqual(['READY', 'RUNNING', 'RUNNING']);
      shim.resume();
      await untilStates(bad, ['READY', 'RUNNING', 'EXITED']);
      await expectEnded(bad);
      await waitUntil('all it told is in the log', () => writtenLines([bad.teller.log]).length >= toldLines);
      expectCounting(writtenLines([bad.teller.log]), firstTold);
      expect(writtenLines([bad.ender.log])).toEqual(['the last line']);
    });

    test('hears of an exit from a shim that is slow', async () => {
      const bad = pod(7);
      const slow = await slowShim(node, bad.id);
      resume = slow.stop;
      letGo(bad.teller);
      letGo(bad.ender);
      await untilStates(bad, ['READY', 'RUNNING', 'EXITED']);
      await slow.stop();
      await expectEnded(bad);
      await waitUntil('all it told is in the log', () => writtenLines([bad.teller.log]).length >= toldLines);
      expectCounting(writtenLines([bad.teller.log]), firstTold);
      expect(writtenLines([bad.ender.log])).toEqual(['the last line']);
    });

    test('notes the end of all of a pod whose shim is killed, and of nobody else', async () => {
      const bad = pod(6);
      const before = pods.filter((each) => each !== bad).map((each) => idsOf(each).map(stateOf));
      const picture = await pictureOf(node, bad);
      await killShim(node, bad.id);
      await untilStates(bad, ['NOTREADY', 'EXITED', 'EXITED']);
      for (const { id } of [bad.teller, bad.ender]) {
        const { exitCode, finishedAt, pid } = await statusOf(node, id);
        expect([137, 255]).toContain(exitCode);
        expect([pid, finishedAt > 0n]).toEqual([0, true]);
      }
      expect((await shimsOf(node.socket)).map(({ id }) => id)).not.toContain(bad.id);
      expect(await pictureOf(node, bad)).toMatchObject({ records: picture.records });
      expect(pods.filter((each) => each !== bad).map((each) => idsOf(each).map(stateOf))).toEqual(before);
    });

    test('ends cleanly after all that', async () => {
      expect(await watching.end()).toEqual({ code: 0, stderr: '' });
    });
  });
});
