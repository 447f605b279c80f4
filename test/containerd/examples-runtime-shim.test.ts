/** The runtime shim as a process over a containerd without CRI plugin. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CopiedExample, copyExample } from '../examples/copied-example.js';
import { httpGet } from '../examples/http-get.js';
import { type SpawnedExample, spawnExample } from './examples/spawned-example.js';
import { describeReleases, readCheckpoint, TestNode, waitUntil } from './harness/index.js';

let example: CopiedExample;
let folder: string;
beforeAll(() => {
  example = copyExample('runtime-shim');
  folder = mkdtempSync(join(tmpdir(), 'cri-recovery-shim-'));
});
afterAll(() => {
  example?.remove();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const endsWith7: ReadonlyArray<string> = ['sh', '-c', "trap 'exit 7' TERM; sleep 2147483647 & wait"];
const sigterm = 15;

describeReleases('the runtime shim', (release) => {
  const socketPath = (): string => join(folder, release.name, 'shim.sock');
  let node: TestNode;
  let pod: string;
  let ends: string;
  let stays: string;
  let shim: SpawnedExample;

  const ask = async (path: string): Promise<unknown> =>
    JSON.parse((await httpGet({ socketPath: socketPath() }, path)).body);

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    pod = await node.cri.runPod({ name: 'pod', hostNetwork: true });
    ends = await node.cri.createContainer(pod, { name: 'ends', command: endsWith7 });
    stays = await node.cri.createContainer(pod, { name: 'stays' });
    for (const id of [ends, stays]) await node.cri.startContainer(id);
    await node.restart({ cri: false });
    shim = await spawnExample(example, node, { SHIM_SOCKET: socketPath() });
  });

  afterAll(async () => {
    await shim?.end();
    await node?.dispose();
  });

  test('lists what runs, and knows it by id, by the beginning of the id, and by name', async () => {
    const { startedAt, pid } = await node.engine.tasks
      .get(ends)
      .then((task) => ({ startedAt: expect.stringMatching(/^\d{19}$/), pid: task?.pid }));
    expect(await ask('/containers')).toHaveLength(2);
    expect(await ask(`/containers/${ends}`)).toMatchObject({ state: 'RUNNING', sandboxId: pod, startedAt, pid });
    expect(await ask(`/containers/${ends.slice(0, 12)}`)).toMatchObject({ id: ends });
    expect(await ask('/containers/stays_pod_default_pod-uid_0')).toMatchObject({ id: stays, state: 'RUNNING' });
    expect(await ask(`/sandboxes/${pod}`)).toMatchObject({ state: 'READY', name: 'pod_default_pod-uid_0' });
    expect(existsSync(join(node.criState, 'cri-recovery.lock'))).toBe(true);
  });

  test('tells of a container that has ended, with the code it ended with', async () => {
    await node.engine.tasks.kill(ends, sigterm);
    const isEnded = async () =>
      (await httpGet({ socketPath: socketPath() }, `/containers/${ends}`)).body.includes('"EXITED"');
    await waitUntil('it is told', isEnded);
    expect(await ask(`/containers/${ends}`)).toMatchObject({ state: 'EXITED', exitCode: 7, pid: 0 });
    expect((await readCheckpoint(node, ends)).toString()).toContain('"ExitCode":7');
    expect(await ask(`/containers/${stays}`)).toMatchObject({ state: 'RUNNING' });
  });

  test('ends on SIGTERM, gives the lock back and lets containers run; containerd sees what it has seen', async () => {
    expect(await shim.end()).toEqual({ code: 0, stderr: '' });
    expect([existsSync(join(node.criState, 'cri-recovery.lock')), existsSync(socketPath())]).toEqual([false, false]);
    expect(await node.engine.tasks.get(stays)).toMatchObject({ status: 'running' });
    await node.restart({ cri: true });
    expect(await node.cri.containerStatus(ends)).toMatchObject({ state: 'EXITED', exitCode: 7 });
    expect(await node.cri.containerStatus(stays)).toMatchObject({ state: 'RUNNING' });
  });
});
