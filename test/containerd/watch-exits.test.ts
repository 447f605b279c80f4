/** Exits before, during and after a recovery end in the checkpoint with the right state, code and time, whoever else exits at the same moment. */
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeCheckpoint } from '../../src/codec/checkpoint.js';
import {
  type ContainerSpec,
  canLimitMemory,
  describeReleases,
  hungry,
  killTask,
  letGo,
  readCheckpoint,
  TestNode,
  waitUntil,
} from './harness/index.js';
import { writtenLines } from './watch/log-of.js';
import { type Watching, watchNode } from './watch/watch-of.js';

const many = 200;
const podsForMany = 10;
const secondNs = 1_000_000_000n;

/** Waits for a signal to end with a code of its own, after a last line. */
const endsWith = (code: number): ReadonlyArray<string> => [
  'sh',
  '-c',
  `trap 'echo the last line; exit ${code}' TERM; sleep 2147483647 & wait`,
];
const hungryOnes = ['hungry-0', 'hungry-1', 'hungry-2'];
const [sigterm, sigkill] = [15, 9];

describeReleases('exits', (release) => {
  let node: TestNode;
  let pods: ReadonlyArray<string>;
  const ids = new Map<string, string>();
  const logs = new Map<string, string>();
  const idOf = (name: string): string => ids.get(name) ?? expect.fail(`there is no ${name}`);

  const start = async (
    pod: string,
    name: string,
    spec: Pick<ContainerSpec, 'command' | 'memoryLimitBytes'>,
  ): Promise<void> => {
    const id = await node.cri.createContainer(pod, { name, ...spec });
    await node.cri.startContainer(id);
    ids.set(name, id);
    if (!name.startsWith('many')) logs.set(name, (await node.cri.containerStatus(id)).logPath);
  };
  const statusOf = async (id: string) => {
    const checkpoint = decodeCheckpoint(await readCheckpoint(node, id));
    return E.isRight(checkpoint) ? checkpoint.right.status : expect.fail(checkpoint.left.message);
  };
  const exitOf = (watching: Watching, id: string) =>
    watching.until(`the exit of ${id}`, ({ container }) => container?.id === id && container.state === 'EXITED');

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    pods = await Promise.all(
      Array.from({ length: podsForMany }, (_, index) => node.cri.runPod({ name: `pod-${index}`, hostNetwork: true })),
    );
    const [pod = ''] = pods;
    for (const name of ['before', 'down', 'during', 'after', 'killed'])
      await start(pod, name, { command: endsWith(3) });
    for (const name of hungryOnes) await start(pod, name, hungry);
    const startMany = async (pod: string, first: number): Promise<void> => {
      for (let index = first; index < many; index += podsForMany)
        await start(pod, `many-${index}`, { command: endsWith(index % 200) });
    };
    await Promise.all(pods.map(startMany));
    await node.restart({ cri: false });
  });

  afterAll(() => node?.dispose());

  test('before, during and after a recovery are stored alike, and the last line is in the log', async () => {
    await killTask(node, idOf('before'), sigterm);
    const exit = await node.engine.tasks.get(idOf('before'));
    const begun = watchNode(node);
    await node.engine.tasks.kill(idOf('during'), sigterm);
    const watching = await begun;
    await node.engine.tasks.kill(idOf('after'), sigterm);
    await node.engine.tasks.kill(idOf('killed'), sigkill);
    await exitOf(watching, idOf('after'));
    await exitOf(watching, idOf('killed'));
    await waitUntil('all tasks are deleted', async () => {
      const tasks = await Promise.all(
        ['before', 'during', 'after', 'killed'].map((name) => node.engine.tasks.get(idOf(name))),
      );
      return tasks.every((task) => task === undefined);
    });
    await watching.end();
    expect(await statusOf(idOf('before'))).toMatchObject({ exitCode: 3, finishedAt: exit?.exitedAt });
    for (const name of ['before', 'during', 'after', 'killed']) {
      const { startedAt, finishedAt, exitCode, pid } = await statusOf(idOf(name));
      expect([name, exitCode, pid]).toEqual([name, name === 'killed' ? 137 : 3, 0]);
      const now = BigInt(Date.now()) * 1_000_000n;
      expect(finishedAt > startedAt && finishedAt > now - 60n * secondNs && finishedAt < now).toBe(true);
    }
    expect(writtenLines([logs.get('after') ?? '']).at(-1)).toBe('the last line');
  });

  const skipped = canLimitMemory() ? '' : ' (skipped: this machine has no memory controller to set a limit with)';
  test.skipIf(skipped !== '')(`for want of memory say so${skipped}`, async () => {
    const watching = await watchNode(node);
    const reasons = new Map<string, string>();
    // A shim may lose the kernel's word when the container's control group is gone before it has heard it.
    for (const name of hungryOnes) {
      letGo((await node.engine.tasks.get(idOf(name))) ?? expect.fail('no task'));
      await exitOf(watching, idOf(name));
    }
    await waitUntil('a reason is stored', async () => {
      for (const name of hungryOnes) reasons.set(name, (await statusOf(idOf(name))).reason);
      return [...reasons.values()].some((reason) => reason !== '');
    });
    await watching.end();
    expect([...new Set(reasons.values())].filter((reason) => reason !== '')).toEqual(['OOMKilled']);
    for (const name of hungryOnes) expect(await statusOf(idOf(name))).toMatchObject({ exitCode: 137, pid: 0 });
  });

  test(`of ${many} containers at once are all stored with their own codes`, async () => {
    const watching = await watchNode(node);
    const all = Array.from({ length: many }, (_, index) => idOf(`many-${index}`));
    await Promise.all(all.map((id) => node.engine.tasks.kill(id, sigterm)));
    await waitUntil('all are stored', async () => {
      const statuses = await Promise.all(all.map(statusOf));
      return statuses.every(({ finishedAt }) => finishedAt !== 0n);
    });
    await waitUntil('all tasks are deleted', async () => {
      const living = new Set((await node.engine.tasks.list()).map(({ id }) => id));
      return all.every((id) => !living.has(id));
    });
    const { code, stderr } = await watching.end();
    expect([code, stderr]).toEqual([0, '']);
    const codes = await Promise.all(all.map(async (id) => (await statusOf(id)).exitCode));
    expect(codes).toEqual(all.map((_, index) => index % 200));
    const told = watching.changes().flatMap(({ container }) => (container?.state === 'EXITED' ? [container.id] : []));
    expect([...told].sort()).toEqual([...all].sort());
  });
});
