/**
 * The containerd adapter against every release: records, tasks and the daemon itself. A node is made with the CRI plugin and read without it;
 * the tests of a release run in order.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ContainerdPorts, containerdPorts } from '../../src/containerd/index.js';
import type { ItemFailure } from '../../src/core/failure.js';
import type { Id } from '../../src/core/identity.js';
import type { PortCall } from '../../src/ports/index.js';
import {
  type ContainerStatus,
  containerMetadata,
  deleteTask,
  describeReleases,
  type HungShim,
  halfCreatedTask,
  hangShim,
  killTask,
  type PodStatus,
  pauseTask,
  sandboxMetadata,
  TestNode,
} from './harness/index.js';

const outcome = <A>(call: PortCall<A>, deadlineMs = 10_000) => call(AbortSignal.timeout(deadlineMs))();

const answerOf = async <A>(call: PortCall<A>): Promise<A> => {
  const answer = await outcome(call);
  if (E.isLeft(answer)) throw new Error(answer.left.message);
  return answer.right;
};

describeReleases('the containerd adapter', (release) => {
  let node: TestNode;
  let ports: ContainerdPorts;
  let pod: PodStatus;
  let hungPod: string;
  const statuses = new Map<string, ContainerStatus>();
  const id = (name: string) => (statuses.get(name)?.id ?? name) as Id;

  const run = async (podId: string, name: string, tty = false): Promise<void> => {
    const made = await node.cri.createContainer(podId, { name, attempt: 3, tty, stdin: tty });
    await node.cri.startContainer(made);
    statuses.set(name, await node.cri.containerStatus(made));
  };

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    const spec = { uid: 'u1', namespace: 'tests', attempt: 2, hostNetwork: true };
    pod = await node.cri.podStatus(await node.cri.runPod({ name: 'pod', ...spec, labels: { app: 'web' } }));
    hungPod = await node.cri.runPod({ name: 'hung', hostNetwork: true });
    for (const name of ['running', 'created', 'stopped', 'paused', 'gone']) await run(pod.id, name);
    await run(pod.id, 'terminal', true);
    await run(hungPod, 'frozen');
    await node.restart({ cri: false });
    await halfCreatedTask(node, id('created'));
    await killTask(node, id('stopped'));
    await pauseTask(node, id('paused'));
    await deleteTask(node, id('gone'));
    ports = containerdPorts({ address: node.socket, namespace: 'k8s.io' });
  });

  afterAll(async () => {
    ports?.close();
    await node?.dispose();
  });

  const recordsOf = async <A>(list: PortCall<ReadonlyArray<E.Either<unknown, A>>>): Promise<ReadonlyArray<A>> =>
    RA.rights(await answerOf(list));
  const failuresOf = async <A>(list: PortCall<ReadonlyArray<E.Either<ItemFailure, A>>>) =>
    RA.lefts(await answerOf(list));

  test('tells the version', async () => {
    const expected = { '1.6': /^1\.6\.\d/, '1.7': /^1\.7\.\d/, '2.x': /^2\.\d+\.\d/ }[release.name];
    expect(await answerOf(ports.daemon.version())).toMatch(expected);
  });

  describe('lists', () => {
    test('sandboxes as the CRI knows them', async () => {
      const sandboxes = await recordsOf(ports.containers.listSandboxes());
      expect(sandboxes.map((sandbox) => sandbox.id).sort()).toEqual([pod.id, hungPod].sort());
      expect(sandboxes.find((sandbox) => sandbox.id === pod.id)).toMatchObject({
        name: 'pod_tests_u1_2',
        attempt: 2,
        createdAt: pod.createdAt,
        labels: { 'io.cri-containerd.kind': 'sandbox', app: 'web' },
        snapshotter: 'overlayfs',
        snapshotKey: pod.id,
        runtime: 'io.containerd.runc.v2',
        metadata: { id: pod.id, name: 'pod_tests_u1_2', hostNetwork: true, netnsPath: '' },
      });
    });

    test('containers as the CRI knows them', async () => {
      const containers = await recordsOf(ports.containers.listContainers());
      expect(containers).toHaveLength(statuses.size);
      for (const [name, status] of statuses) {
        expect(containers.find((container) => container.id === status.id)).toMatchObject({
          name: name === 'frozen' ? 'frozen_hung_default_hung-uid_3' : `${name}_pod_tests_u1_3`,
          attempt: 3,
          labels: { 'io.cri-containerd.kind': 'container' },
          snapshotKey: status.id,
          metadata: {
            id: status.id,
            sandboxId: name === 'frozen' ? hungPod : pod.id,
            logPath: status.logPath,
            imageRef: status.imageRef,
            tty: name === 'terminal',
            stdin: name === 'terminal',
          },
        });
      }
    });

    test('nothing in a namespace that is not there', async () => {
      const elsewhere = containerdPorts({ address: node.socket, namespace: 'elsewhere' });
      expect(await answerOf(elsewhere.containers.listContainers())).toEqual([]);
      expect(await answerOf(elsewhere.tasks.list())).toEqual([]);
      expect(await answerOf(elsewhere.images.list())).toEqual([]);
      elsewhere.close();
    });

    test('nothing without a namespace', async () => {
      const nowhere = containerdPorts({ address: node.socket, namespace: '' });
      expect(await outcome(nowhere.containers.listContainers())).toMatchObject({
        left: { _tag: 'Unexpected', message: expect.stringContaining('namespace is required') },
      });
      nowhere.close();
    });
  });

  describe('reads tasks', () => {
    test('in every state, and the same one by one as all at once', async () => {
      const all = await answerOf(ports.tasks.list());
      expect(all).toHaveLength(statuses.size + 2 - 1);
      const states = {
        running: 'running',
        created: 'created',
        stopped: 'stopped',
        paused: 'paused',
        terminal: 'running',
      };
      for (const [name, state] of Object.entries(states)) {
        const task = await answerOf(ports.tasks.get(id(name)));
        expect(all).toContainEqual(task);
        expect(task).toMatchObject({ id: id(name), state, pid: expect.any(Number) });
      }
      expect(await answerOf(ports.tasks.get(pod.id as Id))).toMatchObject({ state: 'running', pid: pod.pid });
    });

    test('with pid and streams', async () => {
      const { pid } = statuses.get('running') ?? {};
      const stdout = expect.stringMatching(new RegExp(`^${node.criState}.*-stdout$`));
      expect(await answerOf(ports.tasks.get(id('running')))).toMatchObject({
        pid,
        exitStatus: 0,
        exitedAt: O.none,
        stdio: { stdin: '', stdout, stderr: expect.stringMatching(/-stderr$/), terminal: false },
      });
      expect(await answerOf(ports.tasks.get(id('terminal')))).toMatchObject({
        stdio: { stdin: expect.stringMatching(/-stdin$/), stdout, terminal: true },
      });
    });

    test('with their exit', async () => {
      const { exitStatus, exitedAt } = await answerOf(ports.tasks.get(id('stopped')));
      expect(exitStatus).toBe(128 + 9);
      const sinceExit = BigInt(Date.now()) * 1_000_000n - O.getOrElse(() => 0n)(exitedAt);
      expect(sinceExit).toBeLessThan(120_000_000_000n);
    });

    test('that are not there as NotFound', async () => {
      for (const name of ['gone', 'never-was']) {
        expect(await outcome(ports.tasks.get(id(name)))).toMatchObject({
          left: { _tag: 'NotFound', port: 'tasks', operation: 'get', subject: id(name) },
        });
      }
    });
  });

  describe('with a hung shim', () => {
    let hung: HungShim;
    beforeAll(async () => {
      hung = await hangShim(node, hungPod);
    });
    afterAll(() => hung.resume());

    test('says that the state of its tasks is unknown, after containerd has waited 2 s', async () => {
      const started = performance.now();
      expect(await answerOf(ports.tasks.get(id('frozen')))).toMatchObject({
        id: id('frozen'),
        state: 'unknown',
        exitedAt: O.none,
      });
      expect(performance.now() - started).toBeGreaterThan(1_500);
      expect(performance.now() - started).toBeLessThan(4_000);
    });

    test('stops waiting when the caller does, and goes on answering for the healthy', async () => {
      const started = performance.now();
      expect(await outcome(ports.tasks.list(), 300)).toMatchObject({ left: { _tag: 'TimedOut' } });
      expect(await outcome(ports.tasks.get(id('frozen')), 300)).toMatchObject({ left: { _tag: 'TimedOut' } });
      expect(await answerOf(ports.tasks.get(id('running')))).toMatchObject({ state: 'running' });
      expect(performance.now() - started).toBeLessThan(1_500);
    });
  });

  test('finds containerd again after it was killed', async () => {
    await node.kill();
    expect(await outcome(ports.tasks.list())).toMatchObject({ left: { _tag: 'Unavailable' } });
    await node.start({ cri: false });
    expect((await answerOf(ports.tasks.list())).length).toBeGreaterThan(0);
  });

  test('passes odd metadata on as failures, and the rest as records', async () => {
    const { setExtension, removeExtension } = node.engine.containers;
    const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
    await setExtension(id('running'), containerMetadata, Buffer.from('{"Version":"v1"'));
    await setExtension(id('created'), containerMetadata, json({ Version: 'v2', Metadata: {} }));
    await setExtension(id('stopped'), containerMetadata, json({ Version: 'v1', Metadata: {} }), 'example.com/Other');
    await removeExtension(id('paused'), containerMetadata);
    await removeExtension(hungPod, sandboxMetadata);

    const failures = await failuresOf(ports.containers.listContainers());
    const found = failures.map((failure) => [failure.id, failure.tag, failure.kind]);
    expect(found.sort()).toEqual(
      [
        [id('running'), 'MetadataUnreadable', 'container'],
        [id('created'), 'MetadataUnreadable', 'container'],
        [id('stopped'), 'MetadataUnreadable', 'container'],
        [id('paused'), 'MetadataMissing', 'container'],
      ].sort(),
    );
    expect(await recordsOf(ports.containers.listContainers())).toHaveLength(statuses.size - 4);
    expect(await failuresOf(ports.containers.listSandboxes())).toEqual([
      {
        kind: 'sandbox',
        id: hungPod,
        tag: 'MetadataMissing',
        message: `the record has no extension ${sandboxMetadata}`,
      },
    ]);
  });
});
