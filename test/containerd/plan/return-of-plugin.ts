/** The last acts of `plan-disturbed`: what the plugin itself says when it comes back, and two things that it cannot cope with. */
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { duplicateRecord, type Release, removeRecord, type TestNode } from '../harness/index.js';
import {
  type CriView,
  criContainers,
  criPods,
  criView,
  plannedContainer,
  plannedContainers,
  plannedPods,
} from './cri-view.js';
import type { PodName, Scene } from './disturbed-scene.js';
import { expectedContainers } from './expected-containers.js';
import { codesOf, itemOf, type PlanDocument, parsePlan } from './plan-document.js';
import { planCommand, planOf } from './plan-of.js';

const decided = Object.keys(expectedContainers);

/** Defines the suites; the scene is staged by the time they run, and no longer as it was afterwards. */
export const describeReturnOfPlugin = (release: Release, scene: () => Scene): void => {
  let node: TestNode;
  let pod: Scene['pod'];
  let container: Scene['container'];
  let copies: { readonly pod: string; readonly container: string };

  beforeAll(() => {
    ({ node, pod, container } = scene());
  });

  describe('policy containerd beside the plugin itself', () => {
    let plan: PlanDocument;
    let after: CriView;
    // Its write fails in reality, which a plan cannot know.
    const unwritable = 'running task, a directory';
    // The second pass of 2.x over its own store of sandboxes, of which the library knows nothing.
    const ownStore: ReadonlyArray<PodName> = release.name === '2.x' ? ['removed', 'undecodable', 'unlabelled'] : [];

    beforeAll(async () => {
      scene().hung.resume();
      // A restart of containerd alone can end tasks; what is compared is what the plugin finds after that.
      await node.restart({ cri: false });
      plan = await planOf(node, 'containerd');
      await node.restart({ cri: true });
      after = await criView(node.cri);
    });

    test.each(decided.filter((situation) => situation !== unwritable))('a container with %s', (situation) => {
      const id = container(situation);
      const since = BigInt(plan.startedAt);
      const said = new Map(criContainers(after, since)).get(id);
      expect(plannedContainer(itemOf(plan.containers, id), since)).toEqual(said);
    });

    test('every other container', () => {
      const since = BigInt(plan.startedAt);
      const others = ([id]: readonly [string, unknown]): boolean => id !== container(unwritable);
      expect(plannedContainers(plan, since).filter(others)).toEqual(criContainers(after, since).filter(others));
    });

    test('every sandbox', () => {
      const isOwn = ([id]: readonly [string, unknown]): boolean => ownStore.map(pod).includes(id);
      const said = criPods(after);
      expect(plannedPods(plan)).toEqual(said.filter((entry) => !isOwn(entry)));
      expect(said.filter(isOwn)).toHaveLength(ownStore.length);
    });

    test('the plugin has removed what the plan would remove, and kept what it would keep', () => {
      for (const orphan of plan.orphans)
        expect([orphan.path, existsSync(orphan.path)]).toEqual([orphan.path, orphan.outcome === 'kept']);
    });
  });

  describe('a name held by two', () => {
    const original = 'running task, RUNNING';

    beforeAll(async () => {
      await node.restart({ cri: false });
      copies = {
        pod: await duplicateRecord(node, pod('running-bridged')),
        container: await duplicateRecord(node, container(original)),
      };
    });

    test('policy careful keeps the one that lives and shows the other as shadowed', async () => {
      const { sandboxes, containers: planned } = await planOf(node, 'careful');
      expect(itemOf(sandboxes, copies.pod)).toMatchObject({ state: 'NOTREADY', actions: [] });
      expect(codesOf(itemOf(sandboxes, copies.pod))).toContain('name-shadowed');
      expect(codesOf(itemOf(sandboxes, pod('running-bridged')))).toEqual([]);
      expect(itemOf(planned, copies.container)).toMatchObject({ state: 'EXITED', exitCode: 255 });
      expect(codesOf(itemOf(planned, copies.container))).toEqual(['exit-unseen', 'name-shadowed']);
      expect(codesOf(itemOf(planned, container(original)))).toEqual([]);
    });

    test('policy containerd gives up, and so does the plugin', async () => {
      const { code, stdout, stderr } = await planCommand(node, '--policy', 'containerd', '--json');
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/^cri-recovery: the sandbox name "running-bridged_.*" is held by .*\n$/);
      expect(stderr).toContain(copies.pod);
      expect(stderr).toContain(pod('running-bridged'));
      await node.kill();
      await expect(node.start({ cri: true })).rejects.toThrow(/did not start/);
      expect(node.log()).toMatch(/running-bridged_\S* is reserved for/);
    });
  });

  describe('a database that has lost its sandboxes', () => {
    beforeAll(async () => {
      await node.start({ cri: false });
      await removeRecord(node, copies.container);
      const sandboxes = await node.engine.containers.list(['labels."io.cri-containerd.kind"==sandbox']);
      for (const { id } of sandboxes) await removeRecord(node, id);
    });

    test('policy careful touches no directory of theirs and says so with exit code 1', async () => {
      const { code, stdout } = await planCommand(node, '--json');
      expect(code).toBe(1);
      const swept = parsePlan(stdout).orphans.filter(({ path }) => path.includes('/sandboxes/'));
      const directories = swept.filter(({ refused }) => refused);
      expect(directories.length).toBeGreaterThan(10);
      for (const orphan of swept) expect(orphan).toMatchObject({ outcome: 'kept', actions: [] });
    });

    test('policy containerd removes them all', async () => {
      const { orphans: swept } = await planOf(node, 'containerd');
      const directories = swept.filter(({ path }) => path.includes('/sandboxes/') && !path.endsWith('/a-link'));
      expect(directories.length).toBeGreaterThan(10);
      for (const orphan of directories) expect(orphan).toMatchObject({ outcome: 'planned', refused: false });
    });
  });
};
