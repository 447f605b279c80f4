/** A disk that refuses every write: careful recovers all the same, keeps in memory what it cannot store, and loses nothing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Applied, applyTo } from './apply/apply-of.js';
import { changedContents, type Files, filesOf } from './apply/picture.js';
import { emptyDisk, fillDisk, nodeOnSmallDisk, remount } from './apply/small-disk.js';
import { describeReleases, orphanDirectory, readCheckpoint, type TestNode } from './harness/index.js';
import { disturbContainer, makeContainer } from './plan/make-containers.js';
import { codesOf, itemOf } from './plan/plan-document.js';
import type { PolicyName } from './plan/plan-of.js';
import type { SituationName } from './plan/situations.js';

const undisturbed: SituationName = 'running task, RUNNING';
const disturbed: ReadonlyArray<SituationName> = [
  'no task, RUNNING',
  'stopped task, RUNNING',
  'running task, truncated',
  'running task, missing',
];

describeReleases('apply on a disk that refuses', (release) => {
  let node: TestNode;
  let orphan: string;
  const ids = new Map<string, string>();
  const id = (name: string): string => ids.get(name) ?? name;

  beforeAll(async () => {
    node = await nodeOnSmallDisk(release);
    await node.start({ cri: true });
    const pod = await node.cri.runPod({ name: 'pod', hostNetwork: true });
    for (const round of ['full', 'read-only', 'containerd']) {
      for (const situation of [undisturbed, ...disturbed]) {
        const name = `${round}-${situation.replace(/\W+/g, '-').toLowerCase()}`;
        ids.set(`${round}: ${situation}`, await makeContainer(node, pod, { name, situation }));
      }
    }
    await node.restart({ cri: false });
  });

  afterAll(() => node?.dispose());

  const refuses = {
    full: { begin: () => fillDisk(node), end: () => emptyDisk(node) },
    'read-only': { begin: () => remount(node, 'ro'), end: () => remount(node, 'rw') },
  };

  describe.each(['full', 'read-only'] as const)('because it is %s', (round) => {
    let applied: Applied;
    let before: Files;

    beforeAll(async () => {
      for (const situation of disturbed) await disturbContainer(node, id(`${round}: ${situation}`), situation);
      orphan = await orphanDirectory(node, { base: 'root', kind: 'containers', id: `orphan-${round}` });
      await refuses[round].begin();
      before = await filesOf(node);
      applied = await applyTo(node);
    });

    afterAll(() => refuses[round].end());

    const container = (situation: SituationName) => itemOf(applied.report.containers, id(`${round}: ${situation}`));

    test('every container is told as it is, and what could not be stored is dirty', () => {
      expect(applied.code).toBe(1);
      expect(applied.report.failures).toEqual([]);
      expect(container(undisturbed)).toMatchObject({ state: 'RUNNING', checkpoint: 'unchanged', findings: [] });
      expect(container('no task, RUNNING')).toMatchObject({ state: 'EXITED', exitCode: 255 });
      expect(container('stopped task, RUNNING')).toMatchObject({ state: 'EXITED', exitCode: 137 });
      expect(container('running task, truncated')).toMatchObject({ state: 'RUNNING' });
      expect(container('running task, missing')).toMatchObject({ state: 'RUNNING' });
      for (const situation of disturbed) {
        expect(container(situation).checkpoint).toBe('dirty');
        expect(codesOf(container(situation))).toContain('checkpoint-not-written');
      }
    });

    test('the task of one that has ended stays, as the only record of its exit', async () => {
      const stopped = container('stopped task, RUNNING');
      expect(codesOf(stopped)).toContain('task-kept');
      expect(await node.engine.tasks.get(stopped.id)).toMatchObject({ status: 'stopped', exitStatus: 137 });
    });

    test('the orphaned directory stays where it is', () => {
      const { outcome, actions } = applied.report.orphans.find(({ path }) => path === orphan) ?? {};
      expect([outcome, actions]).toMatchObject(['kept', [{ action: 'quarantine', outcome: 'failed' }]]);
      expect(existsSync(orphan)).toBe(true);
    });

    test('no file has other content than before, or half of it', async () => {
      const after = await filesOf(node);
      const moved = join('containers', id(`${round}: running task, truncated`), 'status');
      // A damaged checkpoint has been moved aside before its successor could not be written; that needs no room.
      const expected = [`${moved}: gone`, `${moved}.unreadable: new`, 'cri-recovery-quarantine: new', '.: size'];
      expect(changedContents(before, after)).toEqual(round === 'full' ? expect.arrayContaining(expected) : []);
      expect(changedContents(before, after).filter((line) => !expected.includes(line))).toEqual([]);
      const kept = after.root.get(round === 'full' ? `${moved}.unreadable` : moved);
      expect(kept?.content).toBe(before.root.get(moved)?.content);
    });

    test('once it takes writes again, the next apply stores all of it', async () => {
      await refuses[round].end();
      const { code, report } = await applyTo(node);
      expect(code).toBe(0);
      for (const situation of disturbed) {
        const { checkpoint, exitCode, state } = itemOf(report.containers, id(`${round}: ${situation}`));
        expect([checkpoint, exitCode, state]).toEqual([
          'written',
          container(situation).exitCode,
          container(situation).state,
        ]);
      }
      expect(await node.engine.tasks.get(id(`${round}: stopped task, RUNNING`))).toBeUndefined();
      expect(existsSync(orphan)).toBe(false);
    });
  });

  test('under policy containerd its containers are gone from sight, and an exit is lost with its task', async () => {
    const policy: PolicyName = 'containerd';
    for (const situation of disturbed) await disturbContainer(node, id(`containerd: ${situation}`), situation);
    await fillDisk(node);
    try {
      const { code, report } = await applyTo(node, policy);
      expect([code, report.containers]).toEqual([1, []]);
      expect(new Set(report.failures.map(({ tag }) => tag))).toEqual(new Set(['CheckpointWriteFailed']));
      expect(report.failures).toHaveLength(ids.size);
      const stopped = id('containerd: stopped task, RUNNING');
      expect(await node.engine.tasks.get(stopped)).toBeUndefined();
      expect((await readCheckpoint(node, stopped)).toString()).toContain('"FinishedAt":0');
    } finally {
      await emptyDisk(node);
    }
  });
});
