/**
 * Makes the node of `examples/recorded-node.json` anew on a real containerd, records it, and compares what the two recordings come to.
 * With CRI_RECOVERY_UPDATE_RECORDED_NODE=1 the new one takes the place of the old.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnCommand } from '../cli/spawned-command.js';
import { recordedNodeFile } from '../recorded-node-file.js';
import { describeReleases, type HungShim, TestNode } from './harness/index.js';
import { actionsOf, codesOf, type PlanDocument, parsePlan } from './plan/plan-document.js';
import { whereIs } from './plan/plan-of.js';
import { recordedSecret, stageRecordedNode } from './plan/recorded-node.js';

const isUpdate = process.env.CRI_RECOVERY_UPDATE_RECORDED_NODE === '1';
/** The folder of the node whose recording is kept: paths below it are in the recording. */
const keptFolder = '/var/lib/containerd-node';

/** What a plan comes to, without ids, times and digests, which differ each time. */
const rowsOf = ({ sandboxes, containers, images, orphans, failures }: PlanDocument) => ({
  sandboxes: sandboxes
    .map((item) => [item.name, item.state, item.netns.mode, item.monitored, actionsOf(item), codesOf(item)])
    .map(asText)
    .sort(),
  containers: containers
    .map((item) => [item.name, item.state, item.checkpoint, item.monitored, actionsOf(item), codesOf(item)])
    .map(asText)
    .sort(),
  images: images
    .filter(({ name }) => !name.startsWith('sha256:'))
    .map((item) => asText([item.name, item.state, actionsOf(item), codesOf(item)]))
    .sort(),
  orphans: orphans.map((item) => asText([basename(dirname(item.path)), item.outcome, actionsOf(item)])).sort(),
  failures: failures.map(({ kind, tag }) => asText([kind, tag])).sort(),
});

const asText = (row: unknown): string => JSON.stringify(row);

describeReleases(
  'the recorded node',
  (release) => {
    let node: TestNode;
    let shim: HungShim;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'cri-recovery-recorded-'));
      node = await TestNode.create(release, isUpdate ? keptFolder : undefined);
      shim = await stageRecordedNode(node);
    });

    afterAll(async () => {
      shim?.resume();
      await node?.dispose();
      await rm(folder, { recursive: true, force: true });
    });

    const planOfRecording = async (file: string): Promise<PlanDocument> => {
      const { code, stdout, stderr } = await spawnCommand(['plan', '--node', file, '--json']);
      expect([code, stderr]).toEqual([1, '']);
      return parsePlan(stdout);
    };

    test('made anew it comes to the same, row by row', async () => {
      const file = join(folder, 'node.json');
      const ended = await spawnCommand(['record', ...whereIs(node), '--output', file]);
      expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
      const text = await readFile(file, 'utf8');
      expect(text).not.toContain(recordedSecret);
      if (isUpdate) await writeFile(recordedNodeFile, text);

      const anew = await planOfRecording(file);
      const kept = await planOfRecording(recordedNodeFile);
      expect(rowsOf(kept)).toEqual(rowsOf(anew));
      expect(kept.node).toMatchObject({ namespace: 'k8s.io' });
    });
  },
  ['2.x'],
);
