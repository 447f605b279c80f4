/** The node agent beside a containerd with its CRI plugin, with no more rights than its manifest gives it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CopiedExample, copyExample } from '../examples/copied-example.js';
import { httpGet } from '../examples/http-get.js';
import { type Scraped, scraped } from '../examples/scraped.js';
import { changedFiles, filesOf, heldBy, settledFiles } from './apply/picture.js';
import { type SpawnedExample, spawnExample } from './examples/spawned-example.js';
import { describeReleases, TestNode, waitUntil } from './harness/index.js';

let example: CopiedExample;
beforeAll(() => {
  example = copyExample('node-agent');
});
afterAll(() => example?.remove());

/** As in daemonset.yaml: root, no capability, no way to get one, and nothing can be written below `/`. */
const asInTheManifest: ReadonlyArray<string> = [
  ...['unshare', '--mount', '--propagation', 'slave', 'sh', '-c'],
  'mount -o remount,bind,ro / && exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all "$0" "$@"',
];

describeReleases('the node agent', (release) => {
  let node: TestNode;
  let pod: string;
  let agent: SpawnedExample;
  let port: number;

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    pod = await node.cri.runPod({ name: 'pod' });
    await node.cri.startContainer(await node.cri.createContainer(pod, { name: 'stays' }));
  });

  afterAll(async () => {
    await agent?.end();
    await node?.dispose();
  });

  const until = (what: string, isSo: (seen: Scraped) => boolean): Promise<true> =>
    waitUntil(what, async () => isSo(await scraped(port)) || undefined);

  test('changes nothing on the node, however often it looks', async () => {
    const files = await settledFiles(node);
    const held = await heldBy(node);
    const settings = { AGENT_PORT: '0', AGENT_INTERVAL_SECONDS: '0.1' };
    agent = await spawnExample(example, node, settings, asInTheManifest);
    port = Number(agent.lines[0]?.port);
    await until('it has looked often', ({ looks }) => (looks.yes ?? 0) > 10);
    expect(changedFiles(files, await filesOf(node))).toEqual([]);
    expect(await heldBy(node)).toEqual(held);
    const { up, containers, sandboxes, findings, orphans, looks } = await scraped(port);
    expect({ up, containers, sandboxes, findings, orphans, unanswered: looks.no }).toEqual({
      up: 1,
      containers: { CREATED: 0, RUNNING: 1, EXITED: 0, UNKNOWN: 0 },
      sandboxes: { READY: 1, NOTREADY: 0, UNKNOWN: 0 },
      findings: {},
      orphans: { move: 0, keep: 0 },
      unanswered: 0,
    });
    expect(readFileSync(`/proc/${agent.pid}/status`, 'utf8')).toMatch(/^CapPrm:\t0+\nCapEff:\t0+\nCapBnd:\t0+$/m);
    expect(readFileSync(`/proc/${agent.pid}/mountinfo`, 'utf8')).toMatch(/ \/ ro,/);
  });

  test('follows pods and containers that come and go', async () => {
    const id = await node.cri.createContainer(pod, { name: 'comes' });
    await until('it is made', ({ containers }) => containers.CREATED === 1);
    await node.cri.startContainer(id);
    await until('it runs', ({ containers }) => containers.RUNNING === 2 && containers.CREATED === 0);
    await node.cri.stopContainer(id);
    await until('it has ended', ({ containers }) => containers.RUNNING === 1 && containers.EXITED === 1);
    await node.cri.removeContainer(id);
    await until('it is gone', ({ containers }) => containers.EXITED === 0);
    const other = await node.cri.runPod({ name: 'other', hostNetwork: true });
    await until('the pod is ready', ({ sandboxes }) => sandboxes.READY === 2);
    await node.cri.stopPod(other);
    await until('the pod has ended', ({ sandboxes }) => sandboxes.READY === 1 && sandboxes.NOTREADY === 1);
    await node.cri.removePod(other);
    await until('the pod is gone', ({ sandboxes }) => sandboxes.NOTREADY === 0);
  });

  test('gets over a containerd that is away', async () => {
    await node.kill();
    await until('it is not up', ({ up, containers }) => up === 0 && Object.keys(containers).length === 0);
    expect(await httpGet({ port }, '/healthz')).toMatchObject({ status: 503 });
    await node.start({ cri: true });
    await until('it is up again', ({ up, containers }) => up === 1 && containers.RUNNING === 1);
    expect(await httpGet({ port }, '/healthz')).toMatchObject({ status: 200 });
    const events = agent.lines.map(({ event }) => event);
    expect(events.filter((event) => event === 'node-seen')).toHaveLength(2);
  });

  test('ends on SIGTERM', async () => {
    expect(await agent.end()).toEqual({ code: 0, stderr: '' });
    expect(agent.lines.at(-1)).toMatchObject({ event: 'stopped' });
  });
});
