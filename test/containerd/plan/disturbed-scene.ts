/** The node of `plan-disturbed`: a container for every situation, a pod for every fate, leftovers on disk, and images that lack something. */
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../harness/command.js';
import {
  deleteTask,
  type HungShim,
  halfCreatedTask,
  hangShim,
  killShim,
  killTask,
  orphanDirectory,
  pauseTask,
  type Release,
  removeRecord,
  sandboxMetadata,
  type Task,
  TestNode,
  waitUntil,
} from '../harness/index.js';
import { type CriView, criView } from './cri-view.js';
import { disturbContainer, makeContainer } from './make-containers.js';
import { itemOf } from './plan-document.js';
import { planOf } from './plan-of.js';
import { type SituationName, situationNames } from './situations.js';
import { importSmallImage, type SmallImageParts } from './small-image.js';

const podNames = [
  'table',
  'running-bridged',
  'running-hosted',
  'deleted',
  'created',
  'stopped',
  'paused',
  'hung',
  'dead',
  'unconnected',
  'undecodable',
  'unlabelled',
  'removed',
] as const;
export type PodName = (typeof podNames)[number];
/** The pods that have a network of their own. */
export const bridged: ReadonlyArray<PodName> = ['table', 'running-bridged', 'stopped', 'paused', 'unconnected'];
const populated: ReadonlyArray<PodName> = ['deleted', 'hung', 'dead', 'undecodable', 'removed'];
/** Each lacks something: a layer, its snapshot, its manifest. */
export const images = {
  missing: 'example.test/missing:1',
  packed: 'example.test/packed:1',
  headless: 'example.test/headless:1',
};

export interface Scene {
  readonly node: TestNode;
  /** What the CRI plugin said of everything before it was taken away. */
  readonly before: CriView;
  /** The tasks as they were left. */
  readonly tasks: ReadonlyMap<string, Task>;
  readonly hung: HungShim;
  readonly pod: (name: PodName) => string;
  /** By situation; `in <pod>` for the running one in a pod of that name. */
  readonly container: (name: string) => string;
  /** The ids of all containers that have a record. */
  readonly listed: ReadonlyArray<string>;
  readonly parts: Readonly<Record<keyof typeof images, SmallImageParts>>;
  /** Directories without a record. */
  readonly orphans: ReadonlyArray<string>;
  /** A file and a link where only directories should be. */
  readonly noDirectories: readonly [string, string];
}

type Cast = Pick<Scene, 'pod' | 'container' | 'listed'>;

/** Stages the scene on a node of its own, which is the caller's to dispose of. */
export const stageScene = async (release: Release): Promise<Scene> => {
  const node = await TestNode.create(release);
  try {
    await node.start({ cri: true });
    const cast = await makeCast(node);
    const before = await criView(node.cri);
    await node.restart({ cri: false });
    for (const situation of situationNames) await disturbContainer(node, cast.container(situation), situation);
    await disturbPods(node, cast);
    const leftovers = await leaveBehind(node, cast);
    const parts = await importImages(node);
    const tasks = new Map((await node.engine.tasks.list()).map((task) => [task.id, task]));
    const hung = await hangShim(node, cast.pod('hung'));
    return { node, before, tasks, hung, ...cast, parts, ...leftovers };
  } catch (error) {
    await node.dispose();
    throw error;
  }
};

const makeCast = async (node: TestNode): Promise<Cast> => {
  const pods = new Map<PodName, string>();
  const containers = new Map<string, string>();
  const pod = (name: PodName): string => pods.get(name) ?? `no pod ${name}`;
  const container = (name: string): string => containers.get(name) ?? `no container ${name}`;
  const run = async (name: PodName): Promise<void> => {
    pods.set(name, await node.cri.runPod({ name, hostNetwork: !bridged.includes(name) }));
  };
  const place = async (key: string, name: PodName, situation: SituationName): Promise<void> => {
    const spec = { name: key.replace(/\W+/g, '-').toLowerCase(), situation };
    containers.set(key, await makeContainer(node, pod(name), spec));
  };
  await Promise.all(podNames.map(run));
  await Promise.all([
    ...situationNames.map((situation) => place(situation, 'table', situation)),
    ...populated.map((name) => place(`in ${name}`, name, 'running task, RUNNING')),
    place('removed', 'table', 'running task, RUNNING'),
  ]);
  return { pod, container, listed: [...containers.values()].filter((id) => id !== container('removed')) };
};

const disturbPods = async (node: TestNode, { pod, container }: Cast): Promise<void> => {
  await deleteTask(node, pod('deleted'));
  await halfCreatedTask(node, pod('created'));
  await killTask(node, pod('stopped'));
  await pauseTask(node, pod('paused'));
  await killShim(node, pod('dead'));
  await waitUntil('the shim is missed', async () => (await node.engine.tasks.get(container('in dead'))) === undefined);
  const { path = '' } = itemOf((await planOf(node)).sandboxes, pod('unconnected')).netns;
  await command('umount', [path]);
  await node.engine.containers.setExtension(pod('undecodable'), sandboxMetadata, Buffer.from('{"Version":'));
  await node.engine.containers.removeExtension(pod('unlabelled'), sandboxMetadata);
  await removeRecord(node, pod('removed'));
  await removeRecord(node, container('removed'));
};

const leaveBehind = async (node: TestNode, { pod, container }: Cast) => {
  const orphans = [
    await orphanDirectory(node, { base: 'root', kind: 'sandboxes', id: 'left-behind' }),
    await orphanDirectory(node, { base: 'state', kind: 'containers', id: 'still-mounted', mounted: true }),
    ...[node.criRoot, node.criState].map((base) => join(base, 'sandboxes', pod('removed'))),
    ...[node.criRoot, node.criState].map((base) => join(base, 'containers', container('removed'))),
  ];
  const file = join(node.criRoot, 'containers', 'a-file');
  const link = join(node.criState, 'sandboxes', 'a-link');
  await writeFile(file, 'not a container\n');
  await symlink(node.criRoot, link);
  return { orphans, noDirectories: [file, link] } as const;
};

const importImages = async (node: TestNode): Promise<Scene['parts']> => {
  const parts = {
    missing: await importSmallImage(node, { name: images.missing, unpacked: true }),
    packed: await importSmallImage(node, { name: images.packed, unpacked: false }),
    headless: await importSmallImage(node, { name: images.headless, unpacked: true }),
  };
  await node.engine.content.delete(parts.missing.layer);
  await node.engine.content.delete(parts.headless.manifest);
  return parts;
};
