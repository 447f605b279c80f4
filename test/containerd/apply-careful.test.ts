/** Policy `careful` on a node where a lot has happened: as planned, losing nothing, and the second time there is nothing left to do. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Applied, applyTo } from './apply/apply-of.js';
import { doneOf, withoutMoments } from './apply/done-of-plan.js';
import { changedContents, changedFiles, type Files, filesOf, heldBy } from './apply/picture.js';
import { type TroubledNode, tellable, troubledNode } from './apply/troubled-node.js';
import { describeReleases, readCheckpoint, type TaskStatus } from './harness/index.js';
import { actionsOf, codesOf, itemOf, type PlanDocument } from './plan/plan-document.js';
import { planOf } from './plan/plan-of.js';
import { inventedExit, type SituationName } from './plan/situations.js';

const unwritable: SituationName = 'running task, a directory';
const damaged: ReadonlyArray<SituationName> = [
  'running task, corrupt',
  'running task, empty',
  'running task, truncated',
  'running task, NUL-filled',
  'running task, exit code out of range',
  'stopped task, corrupt',
];
const untouched: ReadonlyArray<SituationName> = [
  'no task, CREATED',
  'no task, EXITED',
  'no task, corrupt',
  'no task, ZERO',
  'created task, CREATED',
  'created task, RUNNING',
  'created task, EXITED',
  'running task, RUNNING',
  'running task, EXITED',
  'running task, of another version',
  'stopped task, of another version',
  'paused task, RUNNING',
  'paused task, EXITED',
];

describeReleases('apply under policy careful, of a disturbed node', (release) => {
  let made: TroubledNode;
  let planned: PlanDocument;
  let applied: Applied;
  let before: Files;
  let bytes: ReadonlyMap<SituationName, Buffer>;
  const id = (situation: SituationName): string => made.containers.get(situation) ?? situation;
  const container = (situation: SituationName) => itemOf(applied.report.containers, id(situation));
  const taskOf = async (idOf: string): Promise<TaskStatus | undefined> =>
    (await made.node.engine.tasks.get(idOf))?.status;
  const stored = async (situation: SituationName) =>
    JSON.parse(
      (await readCheckpoint(made.node, id(situation))).toString().replace(/"(\w+At)":(\d+)/g, '"$1":"$2"'),
    ) as Readonly<Record<string, string | number>>;
  const filesIn = (situation: SituationName) => readdir(join(made.node.criRoot, 'containers', id(situation)));

  beforeAll(async () => {
    made = await troubledNode(
      release,
      tellable.filter((name) => name !== unwritable),
    );
    bytes = new Map(
      await Promise.all(damaged.map(async (name) => [name, await readCheckpoint(made.node, id(name))] as const)),
    );
    before = await filesOf(made.node);
    planned = await planOf(made.node);
    applied = await applyTo(made.node);
  });

  afterAll(() => made?.node.dispose());

  test('does exactly what the plan said, and all of it', () => {
    expect(applied.code).toBe(0);
    expect(withoutMoments(applied.report)).toEqual(doneOf(planned));
    for (const { id, startedAt } of planned.containers) {
      const difference = BigInt(itemOf(applied.report.containers, id).startedAt) - BigInt(startedAt);
      expect(Math.abs(Number(difference)) / 1e6 < 50 || startedAt === planned.startedAt).toBe(true);
    }
    const done = [...applied.report.containers, ...applied.report.sandboxes, ...applied.report.orphans].flatMap(
      actionsOf,
    );
    expect(new Set(done)).toEqual(new Set(['delete-task', 'write-checkpoint', 'keep-aside', 'quarantine']));
  });

  test.each(damaged)('keeps a damaged checkpoint aside and writes a sound one: %s', async (situation) => {
    expect(container(situation)).toMatchObject({
      checkpoint: 'written',
      actions: [{ action: 'keep-aside' }, {}, ...(situation.startsWith('stopped') ? [{}] : [])],
    });
    expect(await filesIn(situation)).toEqual(['status', 'status.unreadable']);
    const aside = join(made.node.criRoot, 'containers', id(situation), 'status.unreadable');
    expect(await readFile(aside)).toEqual(bytes.get(situation));
    expect(await stored(situation)).toMatchObject({ Version: 'v1', CreatedAt: container(situation).createdAt });
  });

  test.each(untouched)('does not touch the checkpoint: %s', async (situation) => {
    const path = join('containers', id(situation), 'status');
    expect((await filesOf(made.node)).root.get(path)).toEqual(before.root.get(path));
  });

  test('rebuilds what runs from its record and its process', async () => {
    const { CreatedAt, StartedAt, FinishedAt, Pid, ExitCode, Reason } = await stored('running task, truncated');
    const { createdAt, startedAt } = container('running task, truncated');
    expect({ CreatedAt, StartedAt, FinishedAt, ExitCode, Reason }).toEqual({
      CreatedAt: createdAt,
      StartedAt: startedAt,
      FinishedAt: '0',
      ExitCode: 0,
      Reason: '',
    });
    expect(Pid).toBe((await made.node.engine.tasks.get(id('running task, truncated')))?.pid);
  });

  test('stores the exit of what has stopped before its task goes', async () => {
    const stopped = container('stopped task, RUNNING');
    expect(actionsOf(stopped)).toEqual(['write-checkpoint', 'delete-task']);
    expect(await stored('stopped task, RUNNING')).toMatchObject({
      FinishedAt: stopped.finishedAt,
      ExitCode: 137,
      Pid: 0,
    });
    expect(stopped.evidence).toMatchObject({ finishedAt: 'task', exitCode: 'task' });
    expect(await taskOf(id('stopped task, RUNNING'))).toBeUndefined();
  });

  test('says of an exit that nobody saw that it is estimated', async () => {
    const unseen = container('no task, RUNNING');
    expect(unseen).toMatchObject({ exitCode: 255, pid: 0, evidence: { finishedAt: 'estimated' } });
    expect(codesOf(unseen)).toEqual(['exit-unseen']);
    expect(await stored('no task, RUNNING')).toMatchObject({ FinishedAt: unseen.finishedAt, ExitCode: 255, Pid: 0 });
  });

  test('overwrites no checkpoint of another version, and keeps the task whose exit it cannot store', async () => {
    expect(await taskOf(id('stopped task, of another version'))).toBe('stopped');
    expect(container('stopped task, of another version')).toMatchObject({ state: 'EXITED', exitCode: 137 });
    expect(container('running task, of another version')).toMatchObject({ state: 'RUNNING', actions: [] });
  });

  test('leaves paused ones paused, and RUNNING', async () => {
    expect(container('paused task, RUNNING')).toMatchObject({ state: 'RUNNING', monitored: true });
    for (const situation of ['paused task, RUNNING', 'paused task, EXITED', 'paused task, missing'] as const)
      expect(await taskOf(id(situation))).toBe('paused');
    const pod = made.pods.get('paused') ?? '';
    expect([itemOf(applied.report.sandboxes, pod).state, await taskOf(pod)]).toEqual(['READY', 'paused']);
  });

  test('kills a created task only where the checkpoint says CREATED', async () => {
    expect(await taskOf(id('created task, CREATED'))).toBeUndefined();
    for (const situation of ['created task, RUNNING', 'created task, EXITED', 'created task, missing'] as const) {
      expect(container(situation)).toMatchObject({ state: 'UNKNOWN', monitored: true, actions: [] });
      expect(await taskOf(id(situation))).toBe('created');
    }
  });

  test('does not believe an EXITED of what runs, and follows it', () => {
    const { finishedAt, ...odd } = container('running task, EXITED');
    expect(odd).toMatchObject({ state: 'UNKNOWN', monitored: true, exitCode: inventedExit.exitCode });
    expect(finishedAt).toBe(String(inventedExit.finishedAt));
  });

  test('leaves no temporary file and no lock', async () => {
    const paths = [...(await filesOf(made.node)).root.keys(), ...(await filesOf(made.node)).state.keys()];
    expect(paths.filter((path) => /tmp|\.status|cri-recovery\.lock/.test(path))).toEqual([]);
  });

  describe('a second time', () => {
    test('takes no action and changes no byte', async () => {
      const files = await filesOf(made.node);
      const held = await heldBy(made.node);
      const { code, report } = await applyTo(made.node);
      expect(code).toBe(0);
      const items = [...report.sandboxes, ...report.containers, ...report.images, ...report.orphans];
      expect(items.flatMap(actionsOf)).toEqual([]);
      expect(changedFiles(files, await filesOf(made.node))).toEqual([]);
      expect(await heldBy(made.node)).toEqual(held);
      const states = ({ containers }: PlanDocument) => containers.map(({ id, state }) => [id, state]);
      expect(states(report)).toEqual(states(applied.report));
    });
  });

  describe('and under policy containerd after that', () => {
    test('the same bytes are written again, but where the plugin, too, says something else the next time', async () => {
      await applyTo(made.node, 'containerd');
      const once = await filesOf(made.node);
      await applyTo(made.node, 'containerd');
      const twice = await filesOf(made.node);
      await applyTo(made.node, 'containerd');
      const held = await heldBy(made.node);
      // Their task was killed although they had started: now nobody saw them exit.
      const late = ['created task, RUNNING'] as const;
      expect(changedContents(once, twice).filter((line) => !late.some((name) => line.includes(id(name))))).toEqual([]);
      expect(changedContents(once, twice).length).toBeGreaterThan(0);
      expect(changedContents(twice, await filesOf(made.node))).toEqual([]);
      expect(await heldBy(made.node)).toEqual(held);
    });
  });
});
