import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { expect, test } from 'vitest';
import { containerState } from '../../src/core/container-status.js';
import type { ExitNotice, PortCall } from '../../src/ports/index.js';
import {
  fakeContainer,
  fakeDirectory,
  fakeId,
  fakeImage,
  fakeNode,
  fakePid,
  fakePorts,
  fakeSandbox,
  fakeTask,
} from '../../src/testing/index.js';

const nginx = fakeId('nginx');
const run = async <A>(call: PortCall<A>): Promise<A> => {
  const answer = await call(new AbortController().signal)();
  if (E.isLeft(answer)) throw new Error(answer.left.message);
  return answer.right;
};
const tagOf = async (call: PortCall<unknown>): Promise<string> => {
  const answer = await call(new AbortController().signal)();
  return E.isLeft(answer) ? answer.left._tag : 'ok';
};

test('a pod and a container bring their directories, processes and network namespace along', () => {
  const node = fakeNode({
    sandboxes: [
      fakeSandbox({ id: 'web' }),
      fakeSandbox({ id: 'host', netns: 'host' }),
      fakeSandbox({ id: 'down', task: 'absent' }),
    ],
    containers: [fakeContainer({ id: 'nginx', task: 'stopped' })],
    directories: [fakeDirectory({ kind: 'container', area: 'root', name: 'orphan' })],
  });
  expect(node.networkNamespaces).toEqual(['/var/run/netns/cni-web']);
  expect(Object.keys(node.processes).map(Number).toSorted()).toEqual([fakePid('web'), fakePid('host')].toSorted());
  expect(node.directories.map(({ kind, area, name }) => `${area} ${kind} ${name}`)).toEqual([
    ...['web', 'host', 'down'].flatMap((name) => [`root sandbox ${name}`, `state sandbox ${name}`]),
    'root container nginx',
    'state container nginx',
    'root container orphan',
  ]);
});

test('a container’s checkpoint is in the state that it is asked to say', () => {
  for (const state of ['CREATED', 'RUNNING', 'EXITED'] as const) {
    const { checkpoint } = fakeContainer({ id: 'nginx', checkpoint: state });
    expect(checkpoint._tag === 'Sound' && containerState(checkpoint.checkpoint.status)).toBe(state);
  }
  const zero = fakeContainer({ id: 'nginx', checkpoint: 'ZERO' }).checkpoint;
  expect(zero._tag === 'Sound' && zero.checkpoint.status).toMatchObject({ createdAt: 0n, pid: 0, unknown: false });
  const odd = fakeContainer({ id: 'nginx', status: { reason: 'OOMKilled' } }).checkpoint;
  expect(odd._tag === 'Sound' && odd.checkpoint.status.reason).toBe('OOMKilled');
});

test('ids have pids of their own', () => {
  const ids = Array.from({ length: 2000 }, (_, index) => `c${index}`);
  expect(new Set(ids.map(fakePid)).size).toBe(ids.length);
  expect(fakePid('c12')).not.toBe(fakePid('c21'));
});

test('a text that is no id is refused when a fake is made of it', () => {
  expect(() => fakeContainer({ id: '../etc' })).toThrow('../etc');
});

test('a task that is left out of the list is there when it is asked for', async () => {
  const ports = fakePorts(fakeNode({ containers: [fakeContainer({ id: 'nginx' })], unlisted: ['nginx'] }));
  expect(await run(ports.tasks.list())).toEqual([]);
  expect((await run(ports.tasks.get(nginx))).id).toBe('nginx');
});

test('deleting a task ends its process, and the second time there is none', async () => {
  const ports = fakePorts(
    fakeNode({ sandboxes: [fakeSandbox({ id: 'web' })], containers: [fakeContainer({ id: 'nginx' })] }),
  );
  await run(ports.tasks.delete(nginx, true));
  expect(await tagOf(ports.tasks.get(nginx))).toBe('NotFound');
  expect(await tagOf(ports.host.processStartedAt(fakePid('nginx')))).toBe('NotFound');
  expect(await tagOf(ports.tasks.delete(nginx, true))).toBe('NotFound');
  expect(await tagOf(ports.tasks.get(fakeId('web')))).toBe('ok');
});

test('a half-deleted task is neither listed nor found, and is forgotten with the second deletion', async () => {
  for (const node of [
    fakeNode({ sandboxes: [fakeSandbox({ id: 'nginx', task: 'half-deleted' })] }),
    fakeNode({ containers: [fakeContainer({ id: 'nginx', task: 'half-deleted' })] }),
  ]) {
    const ports = fakePorts(node);
    const { signal } = new AbortController();
    expect(await run(ports.tasks.list())).toEqual([]);
    expect(await ports.tasks.get(nginx)(signal)()).toMatchObject({ left: { _tag: 'NotFound', halfDeleted: true } });
    const deleted = await ports.tasks.delete(nginx, true)(signal)();
    expect(deleted).toMatchObject({ left: { _tag: 'NotFound', operation: 'delete' } });
    expect(deleted).not.toHaveProperty('left.halfDeleted');
    expect(await tagOf(ports.tasks.get(nginx))).toBe('NotFound');
    expect(await ports.tasks.get(nginx)(signal)()).not.toHaveProperty('left.halfDeleted');
  }
});

test('a written checkpoint is read back; an unreadable one kept aside is no longer read', async () => {
  const ports = fakePorts(fakeNode({ containers: [fakeContainer({ id: 'nginx', checkpoint: 'foreign' })] }));
  await run(ports.checkpoints.keepAside(nginx));
  expect(await tagOf(ports.checkpoints.read(nginx))).toBe('NotFound');
  expect(ports.node().keptAside).toEqual([{ id: 'nginx', file: { _tag: 'Unreadable', foreignVersion: 'v2' } }]);
  const { checkpoint } = fakeContainer({ id: 'nginx', checkpoint: 'EXITED' });
  if (checkpoint._tag !== 'Sound') throw new Error('no checkpoint');
  await run(ports.checkpoints.write(nginx, checkpoint.checkpoint));
  expect(await run(ports.checkpoints.read(nginx))).toEqual(checkpoint.checkpoint);
});

test('removed and quarantined directories are gone, the latter with the reason', async () => {
  const orphan = (name: string) => fakeDirectory({ kind: 'container', area: 'state', name });
  const ports = fakePorts(fakeNode({ directories: [orphan('a'), orphan('b'), orphan('c')] }));
  const base = { kind: 'container', area: 'state' } as const;
  await run(ports.directories.remove(base, 'a'));
  await run(ports.directories.quarantine(base, 'b', 'nobody knows it'));
  expect((await run(ports.directories.list(base))).map(({ name }) => name)).toEqual(['c']);
  expect(ports.node().quarantined).toMatchObject([{ name: 'b', why: 'nobody knows it' }]);
  expect(await tagOf(ports.directories.remove(base, 'a'))).toBe('NotFound');
});

test('an adopted image is labelled and has its id as a second reference, once', async () => {
  const { record, content } = fakeImage({ name: 'nginx:1', id: 'sha256:abc', labels: { kept: 'yes' } });
  const ports = fakePorts(fakeNode({ images: [{ record, content }] }));
  await run(ports.images.adopt(record, 'sha256:abc'));
  await run(ports.images.adopt(record, 'sha256:abc'));
  const labels = { kept: 'yes', 'io.cri-containerd.image': 'managed' };
  expect(await run(ports.images.list())).toEqual([
    { ...record, labels },
    { ...record, name: 'sha256:abc', labels },
  ]);
});

test('attached output and new FIFOs are noted', async () => {
  const ports = fakePorts(fakeNode({ containers: [fakeContainer({ id: 'nginx' })] }));
  await run(ports.containerIo.attach(nginx, fakeTask({ id: 'nginx' }).stdio, '/log'));
  const stdio = await run(ports.containerIo.create(nginx, { tty: true, stdin: false }));
  expect(ports.node().attached).toEqual([{ id: 'nginx', logPath: '/log' }]);
  expect(ports.node().fifos).toEqual([{ id: 'nginx', stdio }]);
  expect(stdio).toMatchObject({ stdin: '', terminal: true });
});

test('an exit stops the task and is told to all who listen, from the moment they subscribe', async () => {
  const ports = fakePorts(fakeNode({ containers: [fakeContainer({ id: 'nginx' })] }));
  const controller = new AbortController();
  const subscriptions = [ports.exits.subscribe(controller.signal), ports.exits.subscribe(controller.signal)];
  ports.exit('nginx', 137);
  const { now } = ports.node();
  for (const subscription of subscriptions) {
    const notices = subscription[Symbol.asyncIterator]();
    expect((await notices.next()).value).toEqual({ _tag: 'Open' });
    expect((await notices.next()).value).toEqual({
      _tag: 'Exit',
      exit: { containerId: 'nginx', processId: 'nginx', pid: fakePid('nginx'), exitStatus: 137, exitedAt: now },
    });
  }
  expect(await run(ports.tasks.get(nginx))).toMatchObject({ state: 'stopped', exitStatus: 137, exitedAt: O.some(now) });
  expect(() => ports.exit('nobody', 0)).toThrow('nobody');
});

test('a subscription ends with its signal, whether it waits or not, and with a break', async () => {
  const heardUntil = async (end: (ports: ReturnType<typeof fakePorts>, abort: () => void) => void) => {
    const ports = fakePorts(fakeNode());
    const controller = new AbortController();
    const heard: ExitNotice[] = [];
    const listening = (async () => {
      for await (const notice of ports.exits.subscribe(controller.signal)) heard.push(notice);
    })();
    await Promise.resolve();
    end(ports, () => controller.abort());
    await listening;
    return heard.map(({ _tag }) => _tag);
  };
  const error = { _tag: 'Unavailable', port: 'exits', operation: 'subscribe', subject: '', message: 'gone' } as const;
  expect(await heardUntil((_, abort) => abort())).toEqual(['Open']);
  expect(await heardUntil((ports) => ports.notify({ _tag: 'Broken', error }))).toEqual(['Open', 'Broken']);
});
