/**
 * Shows on every release that the harness does what it says, so that the tests built on it can rely on it. The tests
 * of a release share one node and run in order: first with the CRI plugin, then without, then with it again.
 */
import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  containerMetadata,
  corruptCheckpoint,
  deleteTask,
  describeReleases,
  differences,
  duplicateRecord,
  halfCreatedTask,
  hangShim,
  imageName,
  isAlive,
  killShim,
  killTask,
  orphanDirectory,
  pauseTask,
  readCheckpoint,
  remainsOf,
  removeCheckpoint,
  removeRecord,
  shimsOf,
  snapshotFiles,
  TestNode,
  waitUntil,
} from './harness/index.js';

describeReleases('harness', (release) => {
  let node: TestNode;
  let bridged: string;
  let hosted: string;
  const ids = new Map<string, string>();
  const id = (name: string): string => ids.get(name) ?? name;

  const container = async (pod: string, name: string, command: ReadonlyArray<string>, tty = false): Promise<string> => {
    const made = await node.cri.createContainer(pod, { name, command, tty, stdin: tty, env: { NAME: name } });
    ids.set(name, made);
    return made;
  };
  const running = async (pod: string, name: string): Promise<void> =>
    node.cri.startContainer(await container(pod, name, ['sleep', '1000']));

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
  });

  afterAll(() => node?.dispose());

  describe('with the CRI plugin', () => {
    test('runs pods on the bridge and on the network of the host', async () => {
      bridged = await node.cri.runPod({ name: 'bridged', uid: 'u1', namespace: 'tests', attempt: 2 });
      hosted = await node.cri.runPod({ name: 'hosted', hostNetwork: true, annotations: { a: 'b' } });

      expect(await node.cri.podStatus(bridged)).toMatchObject({
        name: 'bridged',
        uid: 'u1',
        namespace: 'tests',
        attempt: 2,
        state: 'READY',
        ip: expect.stringMatching(/^10\./),
        pid: expect.any(Number),
        createdAt: expect.any(BigInt),
      });
      expect(await node.cri.podStatus(hosted)).toMatchObject({ state: 'READY', ip: '', annotations: { a: 'b' } });
      expect(await node.cri.listPods()).toHaveLength(2);
    });

    test('makes containers in every state', async () => {
      await container(bridged, 'created', ['sleep', '1000']);
      await running(bridged, 'paused');
      await running(bridged, 'killed');
      await running(bridged, 'deleted');
      await running(hosted, 'surviving');
      await node.cri.startContainer(await container(hosted, 'failed', ['sh', '-c', 'echo "$NAME"; exit 3']));
      await node.cri.startContainer(await container(hosted, 'terminal', ['sh', '-c', 'tty; sleep 1000'], true));

      const stateOf = async (name: string) => node.cri.containerStatus(id(name));
      await waitUntil('the container exits', async () => (await stateOf('failed')).state === 'EXITED');
      expect(await stateOf('failed')).toMatchObject({ exitCode: 3, reason: 'Error', pid: 0 });
      expect((await stateOf('failed')).finishedAt).toBeGreaterThan((await stateOf('failed')).createdAt);
      expect(await stateOf('created')).toMatchObject({ state: 'CREATED', startedAt: 0n, pid: 0 });
      expect(await stateOf('paused')).toMatchObject({ state: 'RUNNING', finishedAt: 0n, pid: expect.any(Number) });
      expect(await stateOf('terminal')).toMatchObject({ state: 'RUNNING' });

      expect(await readFile((await stateOf('failed')).logPath, 'utf8')).toMatch(/ stdout F failed\n$/);
    });

    test('stops and removes a container', async () => {
      await running(hosted, 'stopped');
      await node.cri.stopContainer(id('stopped'));
      expect(await node.cri.containerStatus(id('stopped'))).toMatchObject({ state: 'EXITED', exitCode: 137 });
      await node.cri.removeContainer(id('stopped'));
      expect((await node.cri.listContainers()).map(({ name }) => name)).not.toContain('stopped');
    });

    test('stops and removes a pod', async () => {
      const pod = await node.cri.runPod({ name: 'short' });
      await node.cri.stopPod(pod);
      expect(await node.cri.podStatus(pod)).toMatchObject({ state: 'NOTREADY' });
      await node.cri.removePod(pod);
      expect(await node.cri.listPods()).toHaveLength(2);
    });
  });

  describe('without the CRI plugin', () => {
    const statusOf = async (name: string) => (await node.engine.tasks.get(id(name)))?.status;

    beforeAll(() => node.restart({ cri: false }));

    test('has the workloads, and no CRI', async () => {
      await expect(node.cri.listPods()).rejects.toThrow(/unimplemented/i);
      expect(await statusOf('paused')).toBe('running');
      expect(await statusOf('terminal')).toBe('running');
      expect(await statusOf('created')).toBeUndefined();
      expect(await statusOf('failed')).toBeUndefined();
      expect(await node.engine.tasks.list()).toHaveLength(7);
      expect((await shimsOf(node.socket)).map((shim) => shim.id).sort()).toEqual([bridged, hosted].sort());
    });

    test('starts, pauses, kills and deletes tasks', async () => {
      await pauseTask(node, id('paused'));
      expect(await statusOf('paused')).toBe('paused');
      await node.engine.tasks.resume(id('paused'));
      expect(await statusOf('paused')).toBe('running');
      await pauseTask(node, id('paused'));

      const exit = node.engine.tasks.wait(id('killed'));
      await killTask(node, id('killed'));
      expect(await exit).toMatchObject({ exitStatus: 137 });
      expect(await node.engine.tasks.get(id('killed'))).toMatchObject({ status: 'stopped', exitStatus: 137 });

      await deleteTask(node, id('deleted'));
      expect(await statusOf('deleted')).toBeUndefined();

      await halfCreatedTask(node, id('created'));
      expect(await statusOf('created')).toBe('created');
      await halfCreatedTask(node, id('failed'));
      await node.engine.tasks.start(id('failed'));
      await waitUntil('the task stops', async () => (await statusOf('failed')) === 'stopped');
      await deleteTask(node, id('failed'));
    });

    test('hangs a shim and lets it go on', async () => {
      const { resume } = await hangShim(node, hosted);
      expect(await statusOf('surviving')).toBe('unknown');
      resume();
      expect(await statusOf('surviving')).toBe('running');
    });

    test('changes records', async () => {
      const copy = await duplicateRecord(node, id('created'));
      expect(await node.engine.containers.list([`id==${copy}`])).toHaveLength(1);
      expect(await readCheckpoint(node, copy)).toEqual(await readCheckpoint(node, id('created')));

      await node.engine.containers.setExtension(copy, containerMetadata, new Uint8Array([0xff, 0]));
      const changed = (await node.engine.containers.get(copy)).extensions[containerMetadata];
      expect(changed).toMatchObject({ typeUrl: expect.stringContaining('Metadata'), value: new Uint8Array([0xff, 0]) });

      await node.engine.containers.removeExtension(copy, containerMetadata);
      expect(Object.keys((await node.engine.containers.get(copy)).extensions)).not.toContain(containerMetadata);

      await removeRecord(node, copy);
      expect(await node.engine.containers.list([`id==${copy}`])).toHaveLength(0);
    });

    test('sees every change of a file', async () => {
      const before = await snapshotFiles(node.criRoot);
      expect(differences(before, await snapshotFiles(node.criRoot))).toEqual([]);

      await corruptCheckpoint(node, id('deleted'), '{');
      expect((await readCheckpoint(node, id('deleted'))).toString()).toBe('{');
      await removeCheckpoint(node, id('killed'));
      await appendFile(join(node.criRoot, 'new'), 'x');
      const orphan = await orphanDirectory(node, { base: 'root', kind: 'containers', id: 'orphan', mounted: true });
      expect(existsSync(orphan)).toBe(true);

      expect(differences(before, await snapshotFiles(node.criRoot))).toEqual(
        expect.arrayContaining([
          `containers/${id('deleted')}/status: size, mtimeNs, ctimeNs, content`,
          `containers/${id('killed')}/status: gone`,
          'new: new',
          'containers/orphan/mounted: new',
        ]),
      );
    });

    test('reads a whole node without entering mounts and layers', async () => {
      const paths = [...(await snapshotFiles(node.directory)).keys()];
      expect(paths).toContain('containerd.sock');
      expect(paths.filter((path) => path.endsWith('/bin/busybox'))).toEqual([]);
    });

    test('deletes images and content', async () => {
      const image = (await node.engine.images.list()).find(({ name }) => name === imageName);
      const blobs = (await node.engine.content.list()).map(({ digest }) => digest);
      expect(blobs).toContain(image?.digest);
      const layer = blobs.find((digest) => digest !== image?.digest) ?? '';
      await node.engine.content.delete(layer);
      expect((await node.engine.content.list()).map(({ digest }) => digest)).not.toContain(layer);
      await node.engine.images.delete(imageName);
      expect((await node.engine.images.list()).map(({ name }) => name)).not.toContain(imageName);
    });
  });

  describe('with the CRI plugin again', () => {
    test('shows what the plugin makes of it', async () => {
      await node.restart({ cri: true });
      expect(await node.cri.containerStatus(id('surviving'))).toMatchObject({ state: 'RUNNING' });
      expect(await node.cri.containerStatus(id('paused'))).toMatchObject({ state: 'UNKNOWN' });
      expect(await node.cri.containerStatus(id('created'))).toMatchObject({ state: 'CREATED' });
      expect(node.log()).toContain(id('deleted'));
    });

    test('loses a shim, and its workloads only when containerd sees that', async () => {
      const { pid } = await node.cri.containerStatus(id('surviving'));
      await node.kill();
      await killShim(node, hosted);
      expect((await shimsOf(node.socket)).map((shim) => shim.id)).toEqual([bridged]);
      expect(isAlive(pid)).toBe(true);
      await node.start({ cri: true });
      expect(await node.cri.containerStatus(id('surviving'))).toMatchObject({ state: 'EXITED', exitCode: 255 });
      expect(isAlive(pid)).toBe(false);
    });
  });

  test('leaves nothing behind', async () => {
    await node.dispose();
    expect(await remainsOf(node)).toEqual([]);
    expect(existsSync(node.directory)).toBe(false);
  });
});
