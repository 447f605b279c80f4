/** A node on which containers are in the situations of the plan's tests, and a few pods and directories in trouble, with the plugin off. */
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  deleteTask,
  halfCreatedTask,
  killTask,
  orphanDirectory,
  pauseTask,
  type Release,
  removeRecord,
  TestNode,
} from '../harness/index.js';
import { disturbContainer, makeContainer } from '../plan/make-containers.js';
import { type SituationName, situationNames } from '../plan/situations.js';
import { importSmallImage } from '../plan/small-image.js';

/** Situations in which a container can be told to be something: all but those without metadata. */
export const tellable = situationNames.filter((name) => !/metadata/.test(name));

const pods = ['table', 'hosted', 'deleted', 'created', 'stopped', 'paused', 'removed'] as const;
export type PodName = (typeof pods)[number];

export interface TroubledNode {
  readonly node: TestNode;
  readonly containers: ReadonlyMap<SituationName, string>;
  readonly pods: ReadonlyMap<PodName, string>;
}

/** The node is the caller's to dispose of. */
export const troubledNode = async (
  release: Release,
  situations: ReadonlyArray<SituationName> = tellable,
): Promise<TroubledNode> => {
  const node = await TestNode.create(release);
  try {
    await node.start({ cri: true });
    const podIds = new Map<PodName, string>();
    for (const name of pods) podIds.set(name, await node.cri.runPod({ name, hostNetwork: name !== 'table' }));
    const pod = (name: PodName): string => podIds.get(name) ?? name;
    const containers = new Map<SituationName, string>();
    for (const situation of situations) {
      const name = situation.replace(/\W+/g, '-').toLowerCase();
      containers.set(situation, await makeContainer(node, pod('table'), { name, situation }));
    }
    await node.restart({ cri: false });
    for (const [situation, id] of containers) await disturbContainer(node, id, situation);
    await deleteTask(node, pod('deleted'));
    await halfCreatedTask(node, pod('created'));
    await killTask(node, pod('stopped'));
    await pauseTask(node, pod('paused'));
    await deleteTask(node, pod('removed'));
    await removeRecord(node, pod('removed'));
    await orphanDirectory(node, { base: 'state', kind: 'containers', id: 'still-mounted', mounted: true });
    await orphanDirectory(node, { base: 'root', kind: 'containers', id: 'left-behind' });
    await writeFile(join(node.criRoot, 'containers', 'a-file'), 'not a container\n');
    await symlink(node.criRoot, join(node.criState, 'sandboxes', 'a-link'));
    await importSmallImage(node, { name: 'example.test/whole:1', unpacked: true });
    return { node, containers, pods: podIds };
  } catch (error) {
    await node.dispose();
    throw error;
  }
};
