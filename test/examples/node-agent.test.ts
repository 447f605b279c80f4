/** The node agent over fakes: what it counts, says once and not again, and how it gets over a containerd that is away. */
import { createPlanner, type Planner } from 'cri-recovery';
import {
  type FakePorts,
  fakeContainer,
  fakeDirectory,
  fakeNode,
  fakePorts,
  fakeSandbox,
  withFaults,
} from 'cri-recovery/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { readSettings } from '../../examples/node-agent/src/read-settings.js';
import { runAgent } from '../../examples/node-agent/src/run-agent.js';
import { readNode } from '../../src/cli/settings.js';
import { httpGet } from './http-get.js';
import { scraped } from './scraped.js';

interface Running {
  readonly port: number;
  /** What was logged, as `event kind code`. */
  readonly told: ReadonlyArray<string>;
  readonly entries: ReadonlyArray<object>;
  readonly stop: () => Promise<void>;
}

const running: Running[] = [];

const start = async (planner: Pick<Planner, 'plan'>, intervalMs = 5): Promise<Running> => {
  const stopping = new AbortController();
  const told: string[] = [];
  const entries: object[] = [];
  let port = 0;
  const log = (event: string, fields: object): void => {
    entries.push({ event, ...fields });
    if ('port' in fields && typeof fields.port === 'number') port = fields.port;
    const words = 'code' in fields && 'id' in fields ? [event, fields.id, fields.code] : [event];
    told.push(words.join(' '));
  };
  const ended = runAgent({ planner, intervalMs, host: '127.0.0.1', port: 0, signal: stopping.signal, log });
  await vi.waitUntil(() => port > 0);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended;
  };
  running.push({ port, told, entries, stop });
  return { port, told, entries, stop };
};

afterEach(() => Promise.all(running.splice(0).map(({ stop }) => stop())));

const node = fakeNode({
  sandboxes: [fakeSandbox({ id: 'pod' }), fakeSandbox({ id: 'gone', task: 'absent' })],
  containers: [
    fakeContainer({ id: 'web', sandboxId: 'pod' }),
    fakeContainer({ id: 'paused', sandboxId: 'pod', task: 'paused' }),
    fakeContainer({ id: 'lost', sandboxId: 'pod', task: 'absent' }),
  ],
  directories: [fakeDirectory({ kind: 'container', area: 'root', name: 'nobodys' })],
});

/** Resolves once what was changed by now has been looked at. */
const looksOf = async ({ port }: Running): Promise<number> =>
  Object.values((await scraped(port)).looks).reduce((sum, looks) => sum + looks, 0);
const afterNextLook = async (agent: Running): Promise<void> => {
  const before = await looksOf(agent);
  await vi.waitUntil(async () => (await looksOf(agent)) > before + 1);
};

const countsOf = async ({ port }: Running) => {
  const { up, containers, sandboxes, findings, orphans } = await scraped(port);
  return { up, containers, sandboxes, findings, orphans };
};

const removed = (ports: FakePorts, id: string): void =>
  ports.change((now) => ({
    ...now,
    containers: now.containers.filter(({ record }) => record.id !== id),
    directories: now.directories.filter(({ name }) => name !== id),
  }));

test('counts by state, and what is odd by code', async () => {
  const agent = await start(createPlanner(fakePorts(node)));
  await afterNextLook(agent);
  const { looks, timed } = await scraped(agent.port);
  expect(await countsOf(agent)).toEqual({
    up: 1,
    containers: { CREATED: 0, RUNNING: 2, EXITED: 1, UNKNOWN: 0 },
    sandboxes: { READY: 1, NOTREADY: 1, UNKNOWN: 0 },
    findings: { 'task-paused': 1, 'exit-unseen': 1 },
    orphans: { move: 1, keep: 0 },
  });
  expect(looks.yes).toBeGreaterThan(1);
  expect(looks.no).toBe(0);
  expect(timed).toBeGreaterThan(1);
});

test('follows the node', async () => {
  const ports = fakePorts(node);
  const agent = await start(createPlanner(ports));
  ports.exit('web', 0);
  removed(ports, 'lost');
  await afterNextLook(agent);
  expect((await scraped(agent.port)).containers).toEqual({ CREATED: 0, RUNNING: 1, EXITED: 1, UNKNOWN: 0 });
});

test('says what is odd once, and once more when it is over', async () => {
  const ports = fakePorts(node);
  const agent = await start(createPlanner(ports));
  await afterNextLook(agent);
  await afterNextLook(agent);
  const first = ['finding lost exit-unseen', 'finding paused task-paused'];
  expect(agent.told).toEqual(['listening', 'node-seen', ...first]);
  expect(agent.entries.at(-1)).toMatchObject({ kind: 'container', name: 'paused_pod_default_pod-uid_0' });
  removed(ports, 'lost');
  await afterNextLook(agent);
  await afterNextLook(agent);
  expect(agent.told.slice(4)).toEqual(['finding-gone lost exit-unseen']);
});

test('gets over a containerd that is away: not up, not healthy, no counts of old, and nothing said twice', async () => {
  const ports = fakePorts(node);
  const away = withFaults(ports, [{ port: 'containers', effect: { error: 'Unavailable' } }]);
  let isAway = true;
  const agent = await start({ plan: (call) => createPlanner(isAway ? away : ports).plan(call) });
  await afterNextLook(agent);
  const nothing = { up: 0, containers: {}, sandboxes: {}, findings: {}, orphans: {} };
  expect(await countsOf(agent)).toEqual(nothing);
  expect(await httpGet({ port: agent.port }, '/healthz')).toMatchObject({
    status: 503,
    body: expect.stringMatching(/^containers list.*\n$/),
  });
  isAway = false;
  await afterNextLook(agent);
  expect(await scraped(agent.port)).toMatchObject({ up: 1, containers: { RUNNING: 2 } });
  expect(await httpGet({ port: agent.port }, '/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
  isAway = true;
  await afterNextLook(agent);
  expect(await countsOf(agent)).toEqual(nothing);
  isAway = false;
  await afterNextLook(agent);
  expect(agent.told.filter((line) => !line.startsWith('finding'))).toEqual([
    'listening',
    'node-not-seen',
    'node-seen',
    'node-not-seen',
    'node-seen',
  ]);
  expect(agent.told.filter((line) => line.startsWith('finding'))).toHaveLength(2);
});

test('before the first look it is not healthy, and stops at once even in the middle of one', async () => {
  const never = withFaults(fakePorts(node), [{ port: 'containers', effect: 'never' }]);
  const agent = await start(createPlanner(never, { limits: { itemTimeoutMs: 60_000 } }));
  expect(await httpGet({ port: agent.port }, '/healthz')).toMatchObject({ status: 503 });
  await agent.stop();
  expect(agent.told).toEqual(['listening', 'stopped']);
  await expect(httpGet({ port: agent.port }, '/metrics')).rejects.toThrow('ECONNREFUSED');
});

test('stops between two looks without waiting for the next', async () => {
  const agent = await start(createPlanner(fakePorts(node)), 3_600_000);
  await vi.waitUntil(() => agent.told.includes('node-seen'));
  await agent.stop();
  expect(agent.told.at(-1)).toBe('stopped');
});

test('has no other pages', async () => {
  const { port } = await start(createPlanner(fakePorts(node)));
  expect(await httpGet({ port }, '/')).toMatchObject({ status: 404 });
  expect(await httpGet({ port }, '/metrics', 'POST')).toMatchObject({ status: 405 });
});

test('has the defaults of the library, and refuses numbers that are none', () => {
  const library = readNode({});
  if (library._tag === 'Left') throw new Error(library.left);
  const { address, namespace, root, state } = library.right;
  expect(readSettings({})).toMatchObject({
    address,
    location: { namespace, root, state },
    host: '127.0.0.1',
    intervalMs: 30_000,
  });
  expect(readSettings({ AGENT_INTERVAL_SECONDS: '0.5', AGENT_PORT: '0' })).toMatchObject({ intervalMs: 500, port: 0 });
  for (const text of ['', ' ', 'soon', '-1', '0', '1e9', 'NaN'])
    expect(() => readSettings({ AGENT_INTERVAL_SECONDS: text })).toThrow(/^AGENT_INTERVAL_SECONDS is a number from/);
});
