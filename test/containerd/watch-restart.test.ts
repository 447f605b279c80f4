/** containerd is killed and comes back while somebody watches: no exit is missed, and what lives is read on. */
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeCheckpoint } from '../../src/codec/checkpoint.js';
import { atGo, describeReleases, isAlive, letGo, readCheckpoint, TestNode, waitUntil } from './harness/index.js';
import { expectCounting, writtenLines } from './watch/log-of.js';
import { watchNode } from './watch/watch-of.js';

const countsAtGo = atGo('i=0; while true; do echo $i; i=$((i+1)); usleep 5000; done');
const endsAtGo = atGo('echo gone; exit 7');

interface Started {
  readonly id: string;
  readonly log: string;
  readonly pid: number;
}

describeReleases('containerd restarted under a watch', (release) => {
  let node: TestNode;
  let counter: Started;
  let late: Started;
  const down: Array<Started> = [];

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    const start = async (name: string, command: ReadonlyArray<string>): Promise<Started> => {
      const pod = await node.cri.runPod({ name, hostNetwork: true });
      const id = await node.cri.createContainer(pod, { name, command });
      await node.cri.startContainer(id);
      const { logPath: log, pid } = await node.cri.containerStatus(id);
      return { id, log, pid };
    };
    for (let index = 0; index < 3; index += 1) down.push(await start(`down-${index}`, endsAtGo));
    late = await start('late', endsAtGo);
    counter = await start('counter', countsAtGo);
    await node.restart({ cri: false });
    letGo(counter);
  });

  afterAll(() => node?.dispose());

  const statusOf = async (id: string) => {
    const checkpoint = decodeCheckpoint(await readCheckpoint(node, id));
    return E.isRight(checkpoint) ? checkpoint.right.status : expect.fail(checkpoint.left.message);
  };

  test('is heard of, and everything that happened meanwhile', async () => {
    const watching = await watchNode(node);
    await node.kill();
    await watching.until('the connection is lost', ({ change }) => change === 'connection-lost');
    for (const one of down) {
      letGo(one);
      await waitUntil('it has ended', () => !isAlive(one.pid));
    }
    const linesWhenDown = writtenLines([counter.log]).length;
    await pause(300);
    expect(writtenLines([counter.log]).length).toBeGreaterThan(linesWhenDown);
    await node.start({ cri: false });
    await watching.until('the connection is back', ({ change }) => change === 'connection-back');
    for (const { id } of down) await watching.until(`the exit of ${id}`, ({ container }) => container?.id === id);
    // Heard of as before, over the new connection.
    letGo(late);
    const exit = await watching.until('the late exit', ({ container }) => container?.id === late.id);
    expect(exit.container).toMatchObject({ state: 'EXITED', exitCode: 7, checkpoint: 'written' });
    const lines = writtenLines([counter.log]).length;
    await waitUntil('the counter goes on', () => writtenLines([counter.log]).length > lines);
    expect((await watching.end()).code).toBe(0);
    expectCounting(writtenLines([counter.log]), 0);
    for (const { id, log } of down) {
      const { exitCode, finishedAt, pid } = await statusOf(id);
      // A containerd that finds a task ended forgets how, in all releases but the first.
      expect([7, 255]).toContain(exitCode);
      if (release.name === '1.6') expect(exitCode).toBe(7);
      expect([finishedAt !== 0n, pid]).toEqual([true, 0]);
      expect(writtenLines([log])).toEqual(['gone']);
      expect(await node.engine.tasks.get(id)).toBeUndefined();
    }
    expect(await node.engine.tasks.get(counter.id)).toMatchObject({ status: 'running', pid: counter.pid });
  });

  test('with its CRI plugin ends the watch, which lets go of everything', async () => {
    const watching = await watchNode(node);
    await node.kill();
    await node.start({ cri: true });
    await watching.until('the end', ({ change }) => change === 'ended');
    const { code, stderr } = await watching.ended;
    expect(code).toBe(3);
    expect(stderr).toMatch(/^cri-recovery: the watch has ended: .*CRI plugin.*\n$/);
    await node.restart({ cri: false });
  });
});
