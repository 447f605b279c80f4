/** Moments at which being killed hurts most, one by one. */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyTo } from './apply/apply-of.js';
import { connectTo } from './harness/connection.js';
import { describeReleases, halfCreatedTask, TestNode, waitUntil } from './harness/index.js';
import { killInTime } from './kills/killed-command.js';
import { itemOf } from './plan/plan-document.js';
import { Tasks } from './proto/gen/tasks_pb.js';
import { writtenLines } from './watch/log-of.js';
import { watchNode } from './watch/watch-of.js';

const attempts = 2;

describeReleases('killed', (release) => {
  let node: TestNode;
  let startable: string;
  const counters: Array<{ readonly id: string; readonly log: string }> = [];

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    const pod = await node.cri.runPod({ name: 'pod', hostNetwork: true });
    startable = await node.cri.createContainer(pod, { name: 'startable' });
    const command = ['sh', '-c', 'i=0; while true; do echo line $i; i=$((i+1)); usleep 10000; done'];
    for (const name of ['one', 'two', 'three']) {
      const id = await node.cri.createContainer(pod, { name, command });
      await node.cri.startContainer(id);
      counters.push({ id, log: (await node.cri.containerStatus(id)).logPath });
    }
    await node.restart({ cri: false });
  });

  afterAll(() => node?.dispose());

  test('while a task that was never started is deleted: its container was never started', async () => {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      await halfCreatedTask(node, startable);
      // The lock, and the first that is done to the task.
      const { byUs } = await killInTime(node, { verb: 'apply', afterDeeds: 2, thenMs: 0, latestMs: 10_000 });
      expect(byUs).toBe(true);
      const { report } = await applyTo(node);
      expect(itemOf(report.containers, startable)).toMatchObject({ state: 'CREATED', exitCode: 0 });
      expect(await node.engine.tasks.get(startable)).toBeUndefined();
    }
  });

  test('before containerd could forget a task that is deleted: its container can be started all the same', async () => {
    const canBeMade = async (): Promise<boolean> => {
      try {
        await node.engine.tasks.create(startable);
        return true;
      } catch (error) {
        if (ConnectError.from(error).code === Code.AlreadyExists) return false;
        throw error;
      }
    };
    // containerd forgets a task only when whoever has it deleted is still there in the end; how long that takes is left to chance.
    let isForgotten = true;
    for (let attempt = 0; attempt < 40 && isForgotten; attempt += 1) {
      if ((await node.engine.tasks.get(startable)) === undefined) await node.engine.tasks.create(startable);
      // It may have ended in an attempt before.
      await node.engine.tasks.kill(startable, 9).catch(() => undefined);
      await node.engine.tasks.wait(startable);
      const { transport, drop } = connectTo(node.socket);
      const tasks = createClient(Tasks, transport);
      await tasks.get({ containerId: startable });
      tasks.delete({ containerId: startable }).catch(() => undefined);
      await pause(attempt * 4);
      drop();
      await pause(500);
      isForgotten = (await node.engine.tasks.get(startable)) !== undefined || (await canBeMade());
    }
    expect(isForgotten).toBe(false);
    expect(await node.engine.tasks.get(startable)).toBeUndefined();
    const { report } = await applyTo(node);
    expect(itemOf(report.containers, startable)).toMatchObject({
      state: 'CREATED',
      actions: [{ action: 'delete-task', outcome: 'done' }],
      findings: [],
    });
    expect(await canBeMade()).toBe(true);
  });

  test('in the middle of writing a log: what is written next is a record of its own', async () => {
    const torn = [
      '2026-03-01T03:1',
      '2026-03-01T03:14:07.123456789Z stdout F',
      '2026-03-01T03:14:07.123456789Z stdout P the begin',
    ];
    counters.forEach(({ log }, each) => {
      mkdirSync(dirname(log), { recursive: true });
      appendFileSync(log, `2026-03-01T03:14:06.000000001Z stdout F whole\n${torn[each]}`);
    });
    const watching = await watchNode(node);
    await waitUntil('all go on', () =>
      counters.every(({ log }) => readFileSync(log, 'latin1').split('\n').length > 10),
    );
    await watching.end();
    for (const { log } of counters) {
      const lines = writtenLines([log]);
      expect(lines).toContain('whole');
      // The rest of a line that was begun may follow what there is of it; nothing else may.
      expect(lines.filter((line) => !/^(whole|(the begin)?line \d+)$/.test(line))).toEqual([]);
      expect(lines.join('\n')).not.toContain('stdout');
    }
  });
});
