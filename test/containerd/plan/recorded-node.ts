/**
 * The node that `examples/recorded-node.json` is a recording of: the pods of a small shop, its monitoring and a batch job, each container in
 * a situation of its own, and the CRI plugin off.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  duplicateRecord,
  type HungShim,
  hangShim,
  killShim,
  orphanDirectory,
  type PodSpec,
  pauseTask,
  removeRecord,
  type TestNode,
  waitUntil,
} from '../harness/index.js';
import { disturbContainer, makeContainer } from './make-containers.js';
import type { SituationName } from './situations.js';
import { importSmallImage } from './small-image.js';

interface CastPod {
  readonly pod: PodSpec;
  /** What happens to the pod itself. */
  readonly fate: 'runs' | 'paused' | 'hung' | 'shim dies' | 'record removed';
  /** Container by name, with its attempt where it is not the first. */
  readonly containers: ReadonlyArray<readonly [string, SituationName, number?]>;
}

const cast: ReadonlyArray<CastPod> = [
  {
    pod: { name: 'web-7d9f8c6b5-x2x4k', namespace: 'shop', uid: '0b0f2f5e-3f0a-4a36-9c52-6f6f7a1f1c01' },
    fate: 'runs',
    containers: [
      ['fetch-assets', 'no task, EXITED'],
      ['nginx', 'running task, RUNNING'],
      ['php-fpm', 'stopped task, RUNNING', 2],
      ['log-shipper', 'running task, of another version'],
      ['config-reloader', 'paused task, RUNNING'],
    ],
  },
  {
    pod: { name: 'cart-5c4d9b7f6-p8q2w', namespace: 'shop', uid: '5d2c8f0e-8f6b-4f43-9d43-2b1f3c7e9a02' },
    fate: 'runs',
    containers: [
      ['migrate', 'no task, missing'],
      ['cart', 'running task, truncated'],
      ['redis', 'running task, NUL-filled'],
      ['envoy', 'created task, CREATED'],
      ['statsd', 'no task, RUNNING'],
      ['backup', 'stopped task, of another version'],
    ],
  },
  {
    pod: { name: 'checkout-0', namespace: 'shop', uid: '91e4b7a3-1d0c-4b8e-8e5f-7c9a2d6b4f03' },
    fate: 'hung',
    containers: [
      ['checkout', 'running task, RUNNING'],
      ['envoy', 'running task, RUNNING'],
    ],
  },
  {
    pod: {
      name: 'node-exporter-h7k2m',
      namespace: 'monitoring',
      uid: 'c3a9d5f1-6e2b-4c7d-a1f8-0e4b8c2d6a04',
      hostNetwork: true,
    },
    fate: 'runs',
    containers: [
      ['node-exporter', 'running task, RUNNING'],
      ['textfile', 'no task, CREATED'],
    ],
  },
  {
    pod: { name: 'prometheus-0', namespace: 'monitoring', uid: 'f7b1e2c4-9a3d-4d5e-b6c8-1a2f3e4d5c05' },
    fate: 'runs',
    containers: [
      ['init-chown', 'no task, ZERO'],
      ['prometheus', 'running task, missing', 1],
      ['config-reloader', 'running task, EXITED'],
      ['thanos-sidecar', 'created task, RUNNING'],
      ['blackbox', 'undecodable metadata'],
      ['rules', 'stopped task, CREATED'],
    ],
  },
  {
    pod: { name: 'coredns-6f6b679f8f-lq9tz', namespace: 'kube-system', uid: '2e8d4c6a-7b1f-4e3a-9f5d-8c7b6a5d4e06' },
    fate: 'paused',
    containers: [['coredns', 'running task, ZERO']],
  },
  {
    pod: { name: 'report-28401120-b7w5d', namespace: 'batch', uid: '6a5b4c3d-2e1f-4a9b-8c7d-6e5f4a3b2c07' },
    fate: 'shim dies',
    containers: [
      ['report', 'running task, RUNNING'],
      ['upload', 'no task, CREATED'],
    ],
  },
  {
    pod: {
      name: 'canary-68d5f7c9d-m4n6v',
      namespace: 'shop',
      uid: '8f7e6d5c-4b3a-4291-8a7b-5c6d7e8f9a08',
      hostNetwork: true,
    },
    fate: 'record removed',
    containers: [['canary', 'running task, CREATED']],
  },
];

/** Stands in environment variables and annotations, to be masked. */
export const recordedSecret = 'correct-horse-battery-staple';

interface PlacedPod {
  readonly id: string;
  readonly fate: CastPod['fate'];
  readonly containers: ReadonlyArray<{ readonly id: string; readonly name: string; readonly situation: SituationName }>;
}

const makePod = async (node: TestNode, { pod, fate, containers }: CastPod): Promise<PlacedPod> => {
  const labels = { 'app.kubernetes.io/name': pod.name.replace(/-.*/, '') };
  const id = await node.cri.runPod({ ...pod, labels, annotations: { 'example.test/token': recordedSecret } });
  const made = [];
  for (const [name, situation, attempt = 0] of containers) {
    const env = { LOG_LEVEL: 'info', DATABASE_PASSWORD: recordedSecret };
    made.push({ id: await makeContainer(node, id, { name, situation, attempt, env }), name, situation });
  }
  return { id, fate, containers: made };
};

const disturbPod = async (node: TestNode, { id, fate, containers }: PlacedPod): Promise<void> => {
  switch (fate) {
    case 'runs':
    case 'hung':
      return;
    case 'paused':
      return pauseTask(node, id);
    case 'record removed':
      return removeRecord(node, id);
    case 'shim dies':
      await killShim(node, id);
      for (const { id: container } of containers)
        await waitUntil('the shim is missed', async () => (await node.engine.tasks.get(container)) === undefined);
  }
};

/** Brings a node that has not been started into its state; what it resolves with lets the hung shim go on. */
export const stageRecordedNode = async (node: TestNode): Promise<HungShim> => {
  await node.start({ cri: true });
  const pods: PlacedPod[] = [];
  for (const each of cast) pods.push(await makePod(node, each));
  await node.restart({ cri: false });

  for (const { id, situation } of pods.flatMap(({ containers }) => containers)) {
    await disturbContainer(node, id, situation);
  }
  for (const pod of pods) await disturbPod(node, pod);
  const find = (name: string): string =>
    pods.flatMap(({ containers }) => containers).find((one) => one.name === name)?.id ?? name;
  await duplicateRecord(node, find('nginx'));
  await removeRecord(node, find('rules'));
  await orphanDirectory(node, { base: 'state', kind: 'containers', mounted: true });
  await writeFile(join(node.criRoot, 'containers', 'lost+found'), '');
  await importSmallImage(node, { name: 'registry.example/shop/web:2.4', unpacked: true });
  await importSmallImage(node, { name: 'registry.example/shop/checkout:1.9', unpacked: false });
  const { layer } = await importSmallImage(node, { name: 'registry.example/shop/cart:3.0', unpacked: true });
  await node.engine.content.delete(layer);
  return hangShim(node, pods.find(({ fate }) => fate === 'hung')?.id ?? '');
};
