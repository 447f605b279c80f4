/** Policy `careful` where there is nothing to be done, or nothing that could be done without doubt: not a byte is written. */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyCommand, applyTo } from './apply/apply-of.js';
import { changedFiles, filesOf, heldBy, settledFiles } from './apply/picture.js';
import { describeReleases, hangShim, TestNode } from './harness/index.js';
import { makeContainer } from './plan/make-containers.js';
import { codesOf, itemOf } from './plan/plan-document.js';

describeReleases('apply under policy careful, of an undisturbed node', (release) => {
  let node: TestNode;
  const pods: string[] = [];
  const pod = (index: number): string => pods[index] ?? `no pod ${index}`;

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    for (const hostNetwork of [false, true]) {
      const id = await node.cri.runPod({ name: `pod-${hostNetwork}`, hostNetwork });
      pods.push(id);
      for (const situation of ['no task, CREATED', 'no task, EXITED', 'running task, RUNNING'] as const)
        await makeContainer(node, id, { name: situation.replace(/\W+/g, '-').toLowerCase(), situation });
    }
    await node.restart({ cri: false });
  });

  afterAll(() => node?.dispose());

  test('writes nothing and does nothing', async () => {
    const files = await settledFiles(node);
    const held = await heldBy(node);
    const { code, report } = await applyTo(node);
    expect(code).toBe(0);
    expect(report.containers).toHaveLength(6);
    for (const item of [...report.sandboxes, ...report.containers, ...report.images])
      expect([item.actions, item.findings]).toEqual([[], []]);
    for (const { checkpoint } of report.containers) expect(checkpoint).toBe('unchanged');
    expect([report.orphans, report.failures]).toEqual([[], []]);
    expect(changedFiles(files, await filesOf(node))).toEqual([]);
    expect(await heldBy(node)).toEqual(held);
  });

  test('leaves a pod whose shim hangs alone, and nobody waits for it longer than has to be', async () => {
    const files = await settledFiles(node);
    const held = await heldBy(node);
    const hung = await hangShim(node, pod(0));
    try {
      const { code, report } = await applyTo(node);
      expect(code).toBe(0);
      expect(itemOf(report.sandboxes, pod(0))).toMatchObject({ state: 'UNKNOWN', monitored: true, actions: [] });
      expect(itemOf(report.sandboxes, pod(1))).toMatchObject({ state: 'READY', findings: [] });
      const silent = report.containers.filter(({ sandboxId }) => sandboxId === pod(0));
      expect(silent.map(codesOf)).toContainEqual(['task-not-answering']);
      for (const { actions } of silent) expect(actions).toEqual([]);
    } finally {
      hung.resume();
    }
    expect(changedFiles(files, await filesOf(node))).toEqual([]);
    expect(await heldBy(node)).toEqual(held);
  });

  test('removes nothing when containerd has started on an empty database, and says so', async () => {
    await node.kill();
    const database = join(node.root, 'io.containerd.metadata.v1.bolt', 'meta.db');
    expect(existsSync(database)).toBe(true);
    await rename(database, `${database}.lost`);
    await node.start({ cri: false });
    const files = await settledFiles(node);

    const { code, report } = await applyTo(node);
    expect([code, report.sandboxes, report.containers]).toEqual([1, [], []]);
    expect(report.orphans).toHaveLength(16);
    for (const orphan of report.orphans) expect(orphan).toMatchObject({ refused: true, outcome: 'kept', actions: [] });
    const { code: shownCode, stdout } = await applyCommand(node);
    expect(shownCode).toBe(1);
    const words = stdout.replaceAll(/\s+/g, ' ');
    expect(words).toContain('containerd lists no container at all in this namespace, which is likelier to be wrong');
    expect(words).toContain('containerd lists no sandbox at all in this namespace');
    expect(changedFiles(files, await filesOf(node))).toEqual([]);
  });
});
