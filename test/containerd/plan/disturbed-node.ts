/** A node of three pods on which something of everything has gone wrong, with secrets in it, and the CRI plugin off. */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  killTask,
  orphanDirectory,
  pauseTask,
  type Release,
  removeRecord,
  sandboxMetadata,
  TestNode,
} from '../harness/index.js';
import { disturbContainer, makeContainer } from './make-containers.js';
import type { SituationName } from './situations.js';
import { importSmallImage } from './small-image.js';

/** Stands in environment variables and annotations of the node, and nowhere else on it. */
export const secret = 'hunter2-swordfish';

const chosen: ReadonlyArray<SituationName> = [
  'no task, CREATED',
  'no task, RUNNING',
  'no task, EXITED',
  'created task, CREATED',
  'created task, RUNNING',
  'running task, RUNNING',
  'running task, EXITED',
  'running task, missing',
  'running task, truncated',
  'running task, of another version',
  'running task, a directory',
  'stopped task, RUNNING',
  'paused task, RUNNING',
  'undecodable metadata',
];

/** The node is the caller's to dispose of. */
export const disturbedNode = async (release: Release): Promise<TestNode> => {
  const node = await TestNode.create(release);
  try {
    await node.start({ cri: true });
    const annotations = { token: secret, 'example.test/note': `{"password":"${secret}"}` };
    const pod = await node.cri.runPod({ name: 'disturbed', namespace: 'tests', annotations, labels: { app: 'tests' } });
    const paused = await node.cri.runPod({ name: 'paused', hostNetwork: true });
    const undecodable = await node.cri.runPod({ name: 'undecodable', hostNetwork: true });
    const placed: Array<readonly [string, SituationName]> = [];
    for (const situation of [...chosen, 'running task, RUNNING'] as const) {
      const name = `container-${placed.length}`;
      const spec = { name, situation, env: { PASSWORD: secret }, annotations: { ...annotations, name } };
      placed.push([await makeContainer(node, pod, spec), situation]);
    }
    await node.restart({ cri: false });
    for (const [id, situation] of placed) await disturbContainer(node, id, situation);
    await removeRecord(node, placed.at(-1)?.[0] ?? '');
    await pauseTask(node, paused);
    await killTask(node, undecodable);
    await node.engine.containers.setExtension(undecodable, sandboxMetadata, Buffer.from('{'));
    await orphanDirectory(node, { base: 'state', kind: 'containers', mounted: true });
    await symlink(node.criRoot, join(node.criRoot, 'sandboxes', 'a-link'));
    const { layer } = await importSmallImage(node, { name: 'example.test/incomplete:1', unpacked: false });
    await node.engine.content.delete(layer);
    return node;
  } catch (error) {
    await node.dispose();
    throw error;
  }
};
