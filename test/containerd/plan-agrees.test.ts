/**
 * A node that nobody has tampered with: the plan says of every pod and container what the CRI plugin says, while the plugin runs, after
 * containerd was killed and came back without the plugin, and after it came back with it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ContainerSpec, describeReleases, type PodSpec, TestNode, waitUntil } from './harness/index.js';
import { type CriView, criContainers, criPods, criView, plannedContainers, plannedPods } from './plan/cri-view.js';
import { actionsOf, codesOf, itemOf, type PlanDocument } from './plan/plan-document.js';
import { bothPolicies, type Plans, planBoth, planOf } from './plan/plan-of.js';

const shell = (line: string): ReadonlyArray<string> => ['sh', '-c', line];

describeReleases('plan agrees with the CRI plugin', (release) => {
  let node: TestNode;
  const pods = new Map<string, string>();
  const containers = new Map<string, string>();
  const id = (name: string): string => containers.get(name) ?? pods.get(name) ?? `no ${name}`;

  const run = async (key: string, spec: Omit<PodSpec, 'name'> & { readonly name?: string } = {}): Promise<void> => {
    pods.set(key, await node.cri.runPod({ name: key, ...spec }));
  };
  const create = async (pod: string, key: string, spec: Partial<ContainerSpec> = {}): Promise<string> => {
    const made = await node.cri.createContainer(id(pod), { name: key, ...spec });
    containers.set(key, made);
    return made;
  };
  const start = async (pod: string, key: string, spec: Partial<ContainerSpec> = {}): Promise<void> =>
    node.cri.startContainer(await create(pod, key, spec));
  const hasExited = (key: string): Promise<boolean> =>
    waitUntil(`${key} exits`, async () => (await node.cri.containerStatus(id(key))).state === 'EXITED');

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    await run('bridged', { namespace: 'tests', labels: { app: 'web' } });
    await run('hosted', { hostNetwork: true });
    await run('stopped');
    await run('stopped-host', { hostNetwork: true });
    await run('first-attempt', { name: 'again', attempt: 0 });
    await run('collapsed', { hostNetwork: true });

    await start('bridged', 'running');
    await create('bridged', 'created');
    await start('bridged', 'succeeded', { command: ['true'] });
    await start('bridged', 'failed', { command: shell('exit 3') });
    await start('bridged', 'signalled');
    await start('bridged', 'worker-0', { name: 'worker', attempt: 0, command: shell('exit 41') });
    await start('bridged', 'ends-unseen');
    await start('hosted', 'terminal', { tty: true, stdin: true });
    await create('hosted', 'terminal-created', { tty: true });
    await start('hosted', 'terminal-failed', { tty: true, command: shell('exit 7') });
    await start('hosted', 'with-input', { stdin: true });
    await start('stopped', 'in-stopped');
    await create('stopped', 'created-in-stopped');
    await start('stopped-host', 'in-stopped-host');
    await start('first-attempt', 'in-first-attempt');
    await start('collapsed', 'in-collapsed');

    await node.engine.tasks.kill(id('signalled'), 9);
    await Promise.all(['succeeded', 'failed', 'signalled', 'worker-0', 'terminal-failed'].map(hasExited));
    await start('bridged', 'worker-1', { name: 'worker', attempt: 1, command: shell('exit 42') });
    await hasExited('worker-1');
    await start('bridged', 'worker-2', { name: 'worker', attempt: 2 });

    for (const pod of ['stopped', 'stopped-host', 'first-attempt']) await node.cri.stopPod(id(pod));
    await run('second-attempt', { name: 'again', attempt: 1 });
    await start('second-attempt', 'in-second-attempt');
    await node.engine.tasks.kill(id('collapsed'), 9);
    await waitUntil('the sandbox ends', async () => (await node.cri.podStatus(id('collapsed'))).state === 'NOTREADY');
  });

  afterAll(() => node?.dispose());

  const sameAs = (view: CriView, plan: PlanDocument): void => {
    const since = BigInt(plan.startedAt);
    expect(plan.failures).toEqual([]);
    expect(plannedPods(plan)).toEqual(criPods(view));
    expect(plannedContainers(plan, since)).toEqual(criContainers(view, since));
    expect(view.pods.size).toBe(pods.size);
    expect(view.containers.size).toBe(containers.size);
  };

  const hasTheRightNetwork = ({ pods: shown }: CriView, plan: PlanDocument): void => {
    const hosted = ['hosted', 'stopped-host', 'collapsed'].map(id);
    for (const { id: pod, state, netns } of plan.sandboxes) {
      expect(netns.mode).toBe(hosted.includes(pod) ? 'host' : 'pod');
      if (netns.mode === 'pod') expect(netns.present).toBe(state === 'READY');
      if (state === 'READY') expect(shown.get(pod)?.ip === '').toBe(netns.mode === 'host');
    }
  };

  describe('while the plugin runs', () => {
    let view: CriView;
    let plans: Plans;
    beforeAll(async () => {
      view = await criView(node.cri);
      plans = await planBoth(node);
    });

    test('the node is as it was meant to be', () => {
      const count = (state: string): number =>
        [...view.containers.values()].filter((container) => container.state === state).length;
      expect([count('RUNNING'), count('CREATED'), count('EXITED'), count('UNKNOWN')]).toEqual([7, 3, 9, 0]);
      expect(view.containers.get(id('signalled'))).toMatchObject({ exitCode: 137 });
      expect(view.containers.get(id('worker-1'))).toMatchObject({ exitCode: 42 });
      expect(view.containers.get(id('terminal-failed'))).toMatchObject({ exitCode: 7 });
    });

    test.each(bothPolicies)('policy %s says the same', (policy) => {
      sameAs(view, plans[policy]);
      hasTheRightNetwork(view, plans[policy]);
    });

    test('policy careful has nothing to do, and policy containerd writes every checkpoint', () => {
      const { careful, containerd } = plans;
      expect(careful.sandboxes.flatMap(actionsOf)).toEqual([]);
      expect(careful.containers.flatMap(actionsOf)).toEqual([]);
      expect(careful.orphans).toEqual([]);
      expect(containerd.sandboxes.flatMap(actionsOf)).toEqual([]);
      expect(containerd.containers.map(actionsOf)).toEqual(containerd.containers.map(() => ['write-checkpoint']));
    });

    test('nothing is odd but a container that outlives its sandbox', () => {
      const { containers: planned, sandboxes } = plans.careful;
      expect(sandboxes.flatMap(codesOf)).toEqual([]);
      expect(planned.filter(({ findings }) => findings.length > 0).map((item) => [item.id, codesOf(item)])).toEqual([
        [id('in-collapsed'), ['sandbox-not-ready']],
      ]);
    });

    test('what is alive is followed, and nothing else', () => {
      const { containers: planned, sandboxes } = plans.careful;
      for (const { monitored, state } of planned) expect(monitored).toBe(state === 'RUNNING');
      for (const { monitored, state } of sandboxes) expect(monitored).toBe(state === 'READY');
    });

    test('images are ready', async () => {
      const { images } = plans.careful;
      expect(images.length).toBeGreaterThanOrEqual(2);
      for (const image of images) expect(image).toMatchObject({ state: 'ready', actions: [], findings: [] });
      const shown = (await node.cri.listImages()).map(({ id }) => id);
      expect(new Set(images.map((image) => image.id))).toEqual(new Set(shown));
    });
  });

  describe('after containerd was killed and came back without the plugin', () => {
    let before: CriView;
    beforeAll(async () => {
      before = await criView(node.cri);
      await node.restart({ cri: false });
    });

    test.each(bothPolicies)('policy %s says what the plugin said', async (policy) => {
      const plan = await planOf(node, policy);
      sameAs(before, plan);
      hasTheRightNetwork(before, plan);
    });
  });

  describe('after a container ended while containerd was down', () => {
    let plans: Plans;
    let after: CriView;
    beforeAll(async () => {
      const pid = (await node.engine.tasks.get(id('ends-unseen')))?.pid ?? 0;
      await node.kill();
      process.kill(pid, 'SIGKILL');
      await node.start({ cri: false });
      plans = await planBoth(node);
      await node.restart({ cri: true });
      after = await criView(node.cri);
    });

    test('policy containerd says what the plugin says when it comes back', () => {
      const plan = plans.containerd;
      sameAs(after, plan);
      hasTheRightNetwork(after, plan);
    });

    test('policy careful says the same, and no pid of a process that has ended', () => {
      const since = BigInt(plans.careful.startedAt);
      const expected = criContainers(after, since).map(([key, view]) => [key, { ...view, pid: expect.any(Number) }]);
      expect(plannedPods(plans.careful)).toEqual(criPods(after));
      expect(plannedContainers(plans.careful, since)).toEqual(expected);
      for (const { state, pid } of plans.careful.containers) expect(pid > 0).toBe(state === 'RUNNING');
    });

    test('the exit is told as far as containerd still knows it', () => {
      const unseen = itemOf(plans.careful.containers, id('ends-unseen'));
      const known = { exitCode: 137, reason: '', evidence: { exitCode: 'task', finishedAt: 'task' } };
      const lost = { exitCode: 255, reason: 'Unknown', evidence: { exitCode: 'estimated', finishedAt: 'estimated' } };
      expect(unseen).toMatchObject({ state: 'EXITED', ...(release.name === '1.6' ? known : lost) });
      expect(codesOf(unseen)).toEqual(release.name === '1.6' ? [] : ['exit-unseen']);
    });

    test.each(bothPolicies)('policy %s says so still while the plugin runs', async (policy) => {
      const plan = await planOf(node, policy);
      sameAs(await criView(node.cri), plan);
      hasTheRightNetwork(after, plan);
    });
  });
});
