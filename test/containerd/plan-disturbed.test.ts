/**
 * A node that a lot has happened to while the CRI plugin was off: every item is decided as the tables say, under both policies, and as the
 * plugin itself decides when it comes back. The suites of a release share one node and run in order.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeReleases, imageName } from './harness/index.js';
import { bridged, images, type Scene, stageScene } from './plan/disturbed-scene.js';
import { expectTime } from './plan/expect-time.js';
import { expectedContainers, expectedFailures } from './plan/expected-containers.js';
import { expectedSandboxes } from './plan/expected-sandboxes.js';
import { actionsOf, codesOf, itemOf } from './plan/plan-document.js';
import { bothPolicies, type Plans, planBoth } from './plan/plan-of.js';
import { describeReturnOfPlugin } from './plan/return-of-plugin.js';

const decided = Object.keys(expectedContainers) as ReadonlyArray<keyof typeof expectedContainers>;
const failed = Object.keys(expectedFailures) as ReadonlyArray<keyof typeof expectedFailures>;
const sandboxes = Object.keys(expectedSandboxes) as ReadonlyArray<keyof typeof expectedSandboxes>;

describeReleases('plan of a disturbed node', (release) => {
  let scene: Scene;
  let plans: Plans;

  beforeAll(async () => {
    scene = await stageScene(release);
    plans = await planBoth(scene.node);
  });

  afterAll(async () => {
    scene?.hung.resume();
    await scene?.node.dispose();
  });

  describe.each(bothPolicies)('policy %s', (policy) => {
    test.each(decided)('a container with %s', async (situation) => {
      const { before, container, tasks } = scene;
      const plan = plans[policy];
      const planned = itemOf(plan.containers, container(situation));
      const { createdAt, startedAt, finishedAt, pid, actions, findings, ...rest } =
        expectedContainers[situation][policy];

      expect(planned).toMatchObject(rest);
      expect(actionsOf(planned)).toEqual(actions);
      expect(codesOf(planned)).toEqual(findings);
      await expectTime(scene, plan, planned, 'createdAt', createdAt);
      await expectTime(scene, plan, planned, 'startedAt', startedAt);
      await expectTime(scene, plan, planned, 'finishedAt', finishedAt);
      const pids = { task: tasks.get(planned.id)?.pid, checkpoint: before.containers.get(planned.id)?.pid, none: 0 };
      expect(planned.pid).toBe(pids[pid]);
      expect(planned.pid > 0).toBe(pid !== 'none');
    });

    test.each(failed)('a container with %s is in no other list', (situation) => {
      const id = scene.container(situation);
      expect(plans[policy].failures.filter((failure) => failure.id === id)).toEqual([
        { kind: 'container', id, tag: expectedFailures[situation], message: expect.stringMatching(/\w/) },
      ]);
      expect(plans[policy].containers.map((planned) => planned.id)).not.toContain(id);
      expect(plans[policy].orphans.filter(({ path }) => path.includes(id))).toEqual([]);
    });

    test('every action is planned, and no more than that', () => {
      const { sandboxes, containers: planned, images: shown, orphans: swept } = plans[policy];
      const outcomes = [...sandboxes, ...planned, ...shown, ...swept].flatMap(({ actions }) =>
        actions.map(({ outcome }) => outcome),
      );
      expect(new Set(outcomes)).toEqual(new Set(['planned']));
    });

    test('every container of the node is decided or has failed, once', () => {
      const ids = [
        ...plans[policy].containers.map(({ id }) => id),
        ...plans[policy].failures.filter(({ kind }) => kind === 'container').map(({ id }) => id),
      ];
      expect(ids.sort()).toEqual([...scene.listed].sort());
    });

    test.each(sandboxes)('the sandbox %s', (name) => {
      const { pod, before } = scene;
      const planned = itemOf(plans[policy].sandboxes, pod(name));
      const { state, monitored, actions, findings } = expectedSandboxes[name][policy];
      const was = before.pods.get(pod(name));
      expect([planned.state, planned.monitored]).toEqual([state, monitored]);
      expect(actionsOf(planned)).toEqual(actions);
      expect(codesOf(planned)).toEqual(findings);
      expect(BigInt(planned.createdAt)).toBe(was?.createdAt);
      expect(planned.pid).toBe(state === 'READY' ? was?.pid : 0);
      expect(planned.netns.mode).toBe(bridged.includes(name) ? 'pod' : 'host');
    });

    test('sandboxes whose metadata cannot be read have failed', () => {
      const failures = plans[policy].failures.filter(({ kind }) => kind === 'sandbox');
      expect(failures.map(({ id, tag }) => [id, tag]).sort()).toEqual(
        [
          [scene.pod('undecodable'), 'MetadataUnreadable'],
          [scene.pod('unlabelled'), 'MetadataMissing'],
        ].sort(),
      );
    });

    test.each([
      ['in deleted', { state: 'RUNNING', monitored: true }, ['sandbox-not-ready']],
      ['in undecodable', { state: 'RUNNING', monitored: true }, ['sandbox-missing']],
      ['in removed', { state: 'RUNNING', monitored: true }, ['sandbox-missing']],
      ['in dead', { state: 'EXITED', exitCode: 255, reason: 'Unknown', monitored: false }, ['exit-unseen']],
      ['in hung', { state: 'UNKNOWN', monitored: policy === 'careful' }, ['task-not-answering']],
    ])('a container %s', (name, expected, findings) => {
      const planned = itemOf(plans[policy].containers, scene.container(name));
      expect(planned).toMatchObject(expected);
      expect(codesOf(planned)).toEqual(findings);
    });

    test('directories without a record are taken away, files and links are not', () => {
      const { orphans: swept } = plans[policy];
      const action = policy === 'careful' ? 'quarantine' : 'remove';
      const taken = scene.orphans.map((path) => [path, 'planned', [action]]);
      const kept = scene.noDirectories.map((path) => [path, 'kept', []]);
      expect(swept.map((orphan) => [orphan.path, orphan.outcome, actionsOf(orphan)]).sort()).toEqual(
        [...taken, ...kept].sort(),
      );
      for (const orphan of swept) expect(orphan.refused).toBe(false);
    });

    test('an image counts by its manifest, or by all of its content', () => {
      const { parts } = scene;
      const shown = (name: string) => plans[policy].images.find((image) => image.name === name);
      const state = (careful: string): string => (policy === 'careful' ? careful : 'ready');
      expect(shown(imageName)).toMatchObject({ state: 'ready', actions: [], findings: [] });
      expect(shown(images.missing)).toMatchObject({
        id: parts.missing.config,
        state: state('incomplete'),
        actions: [{ action: 'adopt-image' }],
        findings: [{ code: 'image-incomplete', message: expect.stringContaining(parts.missing.layer) }],
      });
      expect(shown(images.packed)).toMatchObject({
        id: parts.packed.config,
        state: state('not-unpacked'),
        findings: [{ code: 'image-not-unpacked' }],
      });
      expect(shown(images.headless)).toBeUndefined();
      expect(plans[policy].failures.filter(({ kind }) => kind === 'image')).toMatchObject([
        { id: images.headless, tag: 'ImageUnreadable' },
      ]);
    });
  });

  describeReturnOfPlugin(release, () => scene);
});
