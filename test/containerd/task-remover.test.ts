/** Deleting tasks on every release: what was never started or has ended goes; what runs goes only where it is to be killed. */
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { connectContainerd } from '../../src/containerd/connect.js';
import { taskRemover } from '../../src/containerd/task-remover.js';
import type { Id } from '../../src/core/identity.js';
import { describeReleases, halfCreatedTask, killTask, pauseTask, TestNode } from './harness/index.js';

describeReleases('deleting a task', (release) => {
  test('kills nothing unless it is told to', async () => {
    const node = await TestNode.create(release);
    const connection = connectContainerd({ address: node.socket, namespace: 'k8s.io' });
    try {
      await node.start({ cri: true });
      const pod = await node.cri.runPod({ name: 'remover', hostNetwork: true });
      const [created, running, paused, stopped] = await Promise.all(
        ['created', 'running', 'paused', 'stopped'].map((name) => node.cri.createContainer(pod, { name })),
      );
      if (!created || !running || !paused || !stopped) throw new Error('there are four');
      for (const id of [running, paused, stopped]) await node.cri.startContainer(id);
      await node.restart({ cri: false });
      await halfCreatedTask(node, created);
      await pauseTask(node, paused);
      await killTask(node, stopped);
      const remove = (id: string, mayKill: boolean) =>
        taskRemover(connection).delete(id as Id, mayKill)(AbortSignal.timeout(20_000))();
      const stateOf = async (id: string) => (await node.engine.tasks.get(id))?.status;

      for (const id of [created, stopped]) expect(await remove(id, false)).toStrictEqual(E.right(undefined));
      for (const id of [running, paused]) expect(E.isLeft(await remove(id, false))).toBe(true);
      expect(await Promise.all([created, stopped, running, paused].map(stateOf))).toStrictEqual([
        undefined,
        undefined,
        'running',
        'paused',
      ]);

      for (const id of [running, paused]) expect(await remove(id, true)).toStrictEqual(E.right(undefined));
      expect(await Promise.all([running, paused].map(stateOf))).toStrictEqual([undefined, undefined]);
      expect(await remove(running, true)).toMatchObject({ left: { _tag: 'NotFound' } });
    } finally {
      connection.close();
      await node.dispose();
    }
  });
});
