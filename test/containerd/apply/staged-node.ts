/**
 * A node with every situation of the differential test on it, made the same way every time: ids and times differ from node to node, names do not.
 * containerd is down when it is ready, and what is left to happen happens while it comes back.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { command } from '../harness/command.js';
import {
  type ContainerRecord,
  deleteTask,
  type HungShim,
  halfCreatedTask,
  hangShim,
  imageName,
  killShim,
  killTask,
  orphanDirectory,
  pauseTask,
  type Release,
  removeRecord,
  sandboxMetadata,
  TestNode,
  waitUntil,
} from '../harness/index.js';
import { importSmallImage } from '../plan/small-image.js';
import { checkpoints, type Left } from './checkpoint-texts.js';
import { combinations } from './combinations.js';
import { during, type Window } from './gate.js';
import { hungPod, podSituations, tablePod } from './pods.js';

export interface StagedNode {
  readonly node: TestNode;
  /** Ids of sandboxes (`pod table`) and containers (`running task, own`, `in hosted`). */
  readonly ids: ReadonlyMap<string, string>;
  /** Pid of every task by id, before anything else happens to them. */
  readonly pids: ReadonlyMap<string, number>;
  /** The checkpoints as containerd has left them, by id. */
  readonly own: ReadonlyMap<string, string>;
  /** When tasks ended before containerd was last started. */
  readonly earlyExits: Window;
  /** When each record was made, in nanoseconds since 1970, by id. */
  readonly recorded: ReadonlyMap<string, bigint>;
  /** Manifests of the images that the test has made, by digest. */
  readonly manifests: ReadonlyMap<string, string>;
}

const podKey = (name: string): string => `pod ${name}`;
const residentKey = (pod: string): string => `in ${pod}`;
const slug = (name: string): string => name.replace(/\W+/g, '-').toLowerCase();

const statusOf = (node: TestNode, id: string): string => join(node.criRoot, 'containers', id, 'status');

const timeOf = (time: ContainerRecord['createdAt']): bigint =>
  time === undefined ? 0n : time.seconds * 1_000_000_000n + BigInt(time.nanos);

/** Makes pods and containers; needs the plugin. */
const makeAll = async (node: TestNode): Promise<Map<string, string>> => {
  const ids = new Map<string, string>();
  const make = async (key: string, pod: string, starts: boolean): Promise<void> => {
    const id = await node.cri.createContainer(ids.get(podKey(pod)) ?? '', { name: slug(key) });
    ids.set(key, id);
    if (starts) await node.cri.startContainer(id);
  };
  for (const { name, hostNetwork, inhabited } of podSituations) {
    ids.set(podKey(name), await node.cri.runPod({ name, hostNetwork }));
    if (inhabited) await make(residentKey(name), name, true);
  }
  for (const { name, task } of combinations)
    await make(name, task === 'hung' ? hungPod : tablePod, !['absent', 'created'].includes(task));
  return ids;
};

const unmountNetwork = async (node: TestNode, pod: string): Promise<void> => {
  const record = await node.engine.containers.get(pod);
  const metadata: { readonly Metadata: { readonly NetNSPath: string } } = JSON.parse(
    Buffer.from(record.extensions[sandboxMetadata]?.value ?? []).toString(),
  );
  await command('umount', [metadata.Metadata.NetNSPath]);
};

const setMetadata = (node: TestNode, pod: string, text: string): Promise<void> =>
  node.engine.containers.setExtension(pod, sandboxMetadata, Buffer.from(text));

const disturbPods = async (node: TestNode, id: (name: string) => string): Promise<void> => {
  for (const { name, fate } of podSituations) {
    const pod = id(podKey(name));
    if (fate === 'task deleted') await deleteTask(node, pod);
    if (fate === 'task created') await halfCreatedTask(node, pod);
    if (fate === 'task paused') await pauseTask(node, pod);
    if (fate === 'task ended early') await killTask(node, pod);
    if (fate === 'shim killed') {
      await killShim(node, pod);
      await waitUntil('its task is missed', async () => (await node.engine.tasks.get(pod)) === undefined);
    }
    if (fate === 'network gone') await unmountNetwork(node, pod);
    if (fate === 'no metadata') await node.engine.containers.removeExtension(pod, sandboxMetadata);
    if (fate === 'metadata undecodable') await setMetadata(node, pod, '{"Version":');
    if (fate === 'metadata of another version') await setMetadata(node, pod, '{"Version":"v2","Metadata":{}}');
    if (fate === 'record removed') {
      await removeRecord(node, pod);
      await removeRecord(node, id(residentKey(name)));
    }
  }
};

/** Directories, files and links that belong to nobody. */
const litter = async (node: TestNode): Promise<void> => {
  const outside = join(node.directory, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'kept'), 'not to be touched\n');
  for (const base of ['root', 'state'] as const) {
    const path = base === 'root' ? node.criRoot : node.criState;
    for (const kind of ['sandboxes', 'containers'] as const) {
      await orphanDirectory(node, { base, kind, id: `${base}-left-behind` });
      await orphanDirectory(node, { base, kind, id: `${base}-still-mounted`, mounted: true });
      await writeFile(join(path, kind, 'a-file'), 'not a directory\n');
      await symlink(outside, join(path, kind, 'a-link'));
    }
  }
  const inside = await orphanDirectory(node, { base: 'root', kind: 'containers', id: 'with a link in it' });
  await symlink(outside, join(inside, 'link'));
};

/** Images that the plugin does not know as its own, whole and in parts. */
const disturbImages = async (node: TestNode): Promise<ReadonlyMap<string, string>> => {
  const ctr = (...words: ReadonlyArray<string>): Promise<string> =>
    command(join(node.release.bin, 'ctr'), ['--address', node.socket, '--namespace', 'k8s.io', ...words]);
  await ctr('images', 'label', imageName, 'io.cri-containerd.image=', 'io.cri-containerd.pinned=');
  const whole = await importSmallImage(node, { name: 'example.test/whole:1', unpacked: true });
  const packed = await importSmallImage(node, { name: 'example.test/packed:1', unpacked: false });
  await ctr('images', 'label', 'example.test/packed:1', 'example.test/note=kept');
  const layerless = await importSmallImage(node, { name: 'example.test/layerless:1', unpacked: true });
  await node.engine.content.delete(layerless.layer);
  const headless = await importSmallImage(node, { name: 'example.test/headless:1', unpacked: true });
  await node.engine.content.delete(headless.manifest);
  return new Map(
    Object.entries({ whole, packed, layerless, headless }).map(([name, { manifest }]) => [manifest, name]),
  );
};

const leave = async (node: TestNode, id: string, left: Left): Promise<void> => {
  const path = statusOf(node, id);
  if (left._tag === 'Own') return;
  await rm(left._tag === 'NoDirectory' ? join(path, '..') : path, { recursive: true });
  if (left._tag === 'Text') await writeFile(path, left.bytes, { mode: 0o600 });
  if (left._tag === 'Directory') await mkdir(path);
  if (left._tag === 'Link') {
    const target = join(node.directory, `${id}-status`);
    await writeFile(target, left.bytes, { mode: 0o600 });
    await symlink(target, path);
  }
};

/** The node is the caller's to dispose of. */
export const stageNode = async (release: Release): Promise<StagedNode> => {
  const node = await TestNode.create(release);
  try {
    await node.start({ cri: true });
    const ids = await makeAll(node);
    const id = (name: string): string => ids.get(name) ?? `no ${name}`;
    await node.restart({ cri: false });
    const pids = new Map((await node.engine.tasks.list()).map((task) => [task.id, task.pid]));
    const own = new Map<string, string>();
    for (const { name } of combinations) own.set(id(name), await readFile(statusOf(node, id(name)), 'utf8'));
    for (const { name, inhabited } of podSituations)
      if (inhabited) own.set(id(residentKey(name)), await readFile(statusOf(node, id(residentKey(name))), 'utf8'));

    for (const { name, task } of combinations) {
      if (task === 'created') await halfCreatedTask(node, id(name));
      if (task === 'paused') await pauseTask(node, id(name));
    }
    const earlyExits = await during(async () => {
      for (const { name } of combinations.filter(({ task }) => task === 'ended')) await killTask(node, id(name));
    });
    await disturbPods(node, id);
    const manifests = await disturbImages(node);
    const recorded = new Map(
      (await node.engine.containers.list()).map((record) => [record.id, timeOf(record.createdAt)]),
    );
    await node.kill();
    await litter(node);
    for (const { name, checkpoint } of combinations) await leave(node, id(name), checkpoints[checkpoint]);
    return { node, ids, pids, own, earlyExits, recorded, manifests };
  } catch (error) {
    await node.dispose();
    throw error;
  }
};

/** What is left to happen once containerd has found its shims: processes end, and a shim hangs. */
export const endAndHang = async ({ node, ids, pids }: StagedNode): Promise<HungShim> => {
  const stopped = combinations.filter(({ task }) => task === 'stopped').map(({ name }) => name);
  const killed = podSituations.filter(({ fate }) => fate === 'task killed').map(({ name }) => podKey(name));
  const ending = [...stopped, ...killed].map((name) => pids.get(ids.get(name) ?? '') ?? 0);
  for (const pid of ending) process.kill(pid, 'SIGKILL');
  await waitUntil('the processes are gone', () => !ending.some((pid) => existsSync(`/proc/${pid}`)));
  // The shim, which has just seen them end, has still to note it, on a machine that may be busy. containerd is held meanwhile, and cannot be asked.
  await delay(1_000);
  return hangShim(node, ids.get(podKey(hungPod)) ?? '');
};
