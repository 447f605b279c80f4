/** The runtime shim over fakes: what it answers, that it follows exits, and how it ends. */
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FakePorts,
  fakeContainer,
  fakeNode,
  fakePorts,
  fakeSandbox,
  fakeTime,
  second,
} from 'cri-recovery/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runShim } from '../../examples/runtime-shim/src/run-shim.js';
import { httpGet } from './http-get.js';

let folder: string;
let socket: string;
let stopping: AbortController;
let ended: Promise<unknown>;
let lines: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cri-recovery-shim-'));
  socket = join(folder, 'made', 'shim.sock');
  stopping = new AbortController();
  lines = [];
});

afterEach(async () => {
  stopping.abort();
  await ended;
  await rm(folder, { recursive: true });
});

const node = fakeNode({
  sandboxes: [fakeSandbox({ id: 'pod' })],
  containers: [
    fakeContainer({ id: 'web1', name: 'web/α', sandboxId: 'pod' }),
    fakeContainer({ id: 'web2', sandboxId: 'pod', task: 'absent', checkpoint: 'EXITED', status: { exitCode: 3 } }),
  ],
});

/** Resolves with the ports once the shim answers; `ended` is why it has ended, undefined where all went well. */
const start = async (ports = fakePorts(node)): Promise<FakePorts> => {
  const tell = (line: string): void => void lines.push(line);
  const shim = runShim({ ports, socket, signal: stopping.signal, tell });
  ended = shim.catch((error: unknown) => error);
  await Promise.race([shim, vi.waitUntil(() => lines.length > 0)]);
  return ports;
};

const ask = async (path: string): Promise<{ readonly status: number | undefined; readonly body: unknown }> => {
  const { status, body } = await httpGet({ socketPath: socket }, path);
  return { status, body: JSON.parse(body) };
};
const bodyOf = async (path: string): Promise<unknown> => (await ask(path)).body;

test('lists what it has recovered', async () => {
  await start();
  expect(await bodyOf('/containers')).toEqual([
    { id: 'web1', name: 'web/α', sandboxId: 'pod', state: 'RUNNING' },
    { id: 'web2', name: 'web2_pod_default_pod-uid_0', sandboxId: 'pod', state: 'EXITED' },
  ]);
  expect(await bodyOf('/sandboxes')).toEqual([{ id: 'pod', name: 'pod_default_pod-uid_0', state: 'READY' }]);
});

test('gives the status of one by id, by the beginning of one, and by name; int64 values are decimal strings', async () => {
  await start();
  const createdAt = String(fakeTime + second);
  expect(await bodyOf('/containers/web1')).toMatchObject({ id: 'web1', state: 'RUNNING', createdAt });
  expect(await bodyOf('/containers/web%2F%CE%B1')).toMatchObject({ id: 'web1' });
  expect(await bodyOf('/containers/web2')).toMatchObject({ state: 'EXITED', exitCode: 3 });
  expect(await bodyOf('/sandboxes/po')).toMatchObject({ id: 'pod', state: 'READY', createdAt: String(fakeTime) });
});

test('says what it cannot answer', async () => {
  await start();
  expect(await ask('/containers/web')).toEqual({ status: 409, body: { error: '2 ids begin so' } });
  for (const path of ['/containers/db', '/sandboxes/web1', '/containers/%', '/containers/', '/images', '/', '//'])
    expect([path, (await ask(path)).status]).toEqual([path, 404]);
  expect(await httpGet({ socketPath: socket }, '/containers', 'DELETE')).toMatchObject({ status: 405 });
});

test('follows exits, so that its answers stay true', async () => {
  const ports = await start();
  ports.exit('web1', 137);
  await vi.waitUntil(() => lines.length > 1);
  expect(await bodyOf('/containers/web1')).toMatchObject({ state: 'EXITED', exitCode: 137, pid: 0 });
  expect(lines.map((line) => JSON.parse(line).change)).toEqual(['recovered', 'container']);
  expect(ports.node().containers[0]?.checkpoint).toMatchObject({ checkpoint: { status: { exitCode: 137 } } });
});

test('has the lock while it runs, and gives it back when it is stopped, with its socket', async () => {
  const ports = await start();
  expect(ports.node().lock).toBe('ours');
  expect((await stat(join(socket, '..'))).mode & 0o777).toBe(0o700);
  stopping.abort();
  expect(await ended).toBeUndefined();
  expect([ports.node().lock, existsSync(socket)]).toEqual(['free', false]);
});

test('takes the place of a killed shim, whose socket is still there', async () => {
  socket = join(folder, 'shim.sock');
  const killed = createServer().listen(socket);
  await vi.waitUntil(() => killed.listening);
  // Node removes a socket that it closes; what is renamed meanwhile it does not find.
  await rename(socket, `${socket}.kept`);
  killed.close();
  await rename(`${socket}.kept`, socket);
  await start();
  expect(await ask('/containers')).toMatchObject({ status: 200 });
});

test('removes nothing but a socket, and gives the lock back where it cannot listen', async () => {
  socket = join(folder, 'shim.sock');
  await writeFile(socket, 'kept');
  const ports = fakePorts(node);
  await expect(start(ports)).rejects.toThrow('EADDRINUSE');
  expect([ports.node().lock, (await stat(socket)).size]).toEqual(['free', 4]);
});

test('does not begin where another has the lock', async () => {
  const ports = fakePorts({ ...node, lock: 'theirs' });
  await expect(start(ports)).rejects.toMatchObject({ failure: { _tag: 'NodeLocked' } });
  expect(existsSync(socket)).toBe(false);
});

test('ends with the reason where it may not stay', async () => {
  const ports = await start();
  ports.change((now) => ({ ...now, hasActiveCri: true }));
  ports.notify({
    _tag: 'Broken',
    error: { _tag: 'Unavailable', port: 'exits', operation: 'subscribe', subject: '', message: 'gone' },
  });
  await vi.waitUntil(() => lines.some((line) => JSON.parse(line).change === 'ended'), { timeout: 5_000 });
  expect(await ended).toMatchObject({ failure: { _tag: 'CriActive' } });
  expect([ports.node().lock, existsSync(socket)]).toEqual(['free', false]);
});
