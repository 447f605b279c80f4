/** Names held by two: careful keeps both in sight, containerd's policy gives up before it has changed anything. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectComplaint } from '../cli/spawned-command.js';
import { applyCommand, applyTo } from './apply/apply-of.js';
import { changedFiles, filesOf, heldBy, settledFiles } from './apply/picture.js';
import { type TroubledNode, troubledNode } from './apply/troubled-node.js';
import { describeReleases, duplicateRecord, removeRecord, type TestNode } from './harness/index.js';
import { codesOf, itemOf } from './plan/plan-document.js';
import type { SituationName } from './plan/situations.js';

const original: SituationName = 'running task, RUNNING';

describeReleases('apply on a node with names held by two', (release) => {
  let made: TroubledNode;
  let node: TestNode;
  let copies: { readonly pod: string; readonly container: string };
  const id = (situation: SituationName): string => made.containers.get(situation) ?? situation;
  const pod = (): string => made.pods.get('table') ?? 'table';

  beforeAll(async () => {
    made = await troubledNode(release, [original, 'stopped task, RUNNING', 'running task, corrupt']);
    node = made.node;
    copies = { pod: await duplicateRecord(node, pod()), container: await duplicateRecord(node, id(original)) };
  });

  afterAll(() => made?.node.dispose());

  const givesUpOver = async (kind: string, one: string, other: string): Promise<void> => {
    const files = await settledFiles(node);
    const held = await heldBy(node);
    const ended = await applyCommand(node, '--policy', 'containerd', '--json');
    expectComplaint(ended, 3, new RegExp(`the ${kind} name "\\S+" is held by .*--policy careful`));
    for (const each of [one, other]) expect(ended.stderr).toContain(each);
    expect(changedFiles(files, await filesOf(node))).toEqual([]);
    expect(await heldBy(node)).toEqual(held);
  };

  test('policy containerd gives up over a pod and names both, and nothing has changed', () =>
    givesUpOver('sandbox', pod(), copies.pod));

  test('and over a container', async () => {
    const record = await node.engine.containers.get(copies.pod);
    await removeRecord(node, copies.pod);
    await givesUpOver('container', id(original), copies.container);
    await node.engine.containers.create(record);
  });

  test('policy careful keeps the one that lives, shows the other as shadowed, and recovers all', async () => {
    const { code, report } = await applyTo(node);
    expect(code).toBe(0);
    expect(itemOf(report.sandboxes, copies.pod)).toMatchObject({ state: 'NOTREADY', actions: [] });
    expect(codesOf(itemOf(report.sandboxes, copies.pod))).toContain('name-shadowed');
    expect(codesOf(itemOf(report.containers, copies.container))).toContain('name-shadowed');
    expect(itemOf(report.containers, id(original))).toMatchObject({ state: 'RUNNING', actions: [], findings: [] });
    expect(itemOf(report.containers, id('stopped task, RUNNING'))).toMatchObject({ checkpoint: 'written' });
    expect(itemOf(report.containers, id('running task, corrupt'))).toMatchObject({ checkpoint: 'written' });
  });

  test('the shadowed ones can be removed, and then there is nothing odd about the others', async () => {
    await removeRecord(node, copies.pod);
    await removeRecord(node, copies.container);
    const { code, report } = await applyTo(node, 'containerd');
    expect(code).toBe(0);
    expect(codesOf(itemOf(report.containers, id(original)))).toEqual([]);
    expect(report.sandboxes.map((sandbox) => sandbox.id)).not.toContain(copies.pod);
  });
});
