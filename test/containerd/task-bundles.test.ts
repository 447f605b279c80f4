/** What recovery takes a missing bundle for: on every release, whatever has a task has a bundle, and what has none has no task. */
import { dirname } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { diskDirectories } from '../../src/disk/directories.js';
import { deleteTask, describeReleases, halfCreatedTask, killTask, pauseTask, TestNode } from './harness/index.js';

describeReleases('bundles of tasks', (release) => {
  test('are there for as long as their tasks', async () => {
    const node = await TestNode.create(release);
    try {
      await node.start({ cri: true });
      const pod = await node.cri.runPod({ name: 'bundles', hostNetwork: true });
      const make = async (name: string): Promise<string> => {
        const id = await node.cri.createContainer(pod, { name });
        return id;
      };
      const start = async (name: string): Promise<string> => {
        const id = await make(name);
        await node.cri.startContainer(id);
        return id;
      };
      const never = await make('never-started');
      const half = await make('half-created');
      const [running, paused, ended, deleted] = [
        await start('running'),
        await start('paused'),
        await start('ended'),
        await start('deleted'),
      ];
      await node.restart({ cri: false });
      await halfCreatedTask(node, half);
      await pauseTask(node, paused);
      await killTask(node, ended);
      await deleteTask(node, deleted);
      const port = diskDirectories({ root: node.criRoot, state: node.criState });
      expect(dirname(node.criState)).not.toBe('/run/containerd');
      const bundles = await port.taskBundles('k8s.io')(AbortSignal.timeout(5_000))();
      expect(E.isRight(bundles) && [...bundles.right].sort()).toStrictEqual([pod, half, running, paused, ended].sort());
      expect(E.isRight(bundles) && bundles.right).not.toContain(never);
      const listed = await Promise.all(
        [pod, half, running, paused, ended, deleted, never].map((id) => node.engine.tasks.get(id)),
      );
      expect(listed.map((task) => task !== undefined)).toStrictEqual([true, true, true, true, true, false, false]);
    } finally {
      await node.dispose();
    }
  });
});
