/** What of the containerd adapter acts keeps the contracts of its ports, on every release. */
import { afterAll, beforeAll, expect } from 'vitest';
import { type ContainerdPorts, containerdPorts } from '../../src/containerd/index.js';
import type { Id } from '../../src/core/identity.js';
import type { TaskState } from '../../src/core/task.js';
import { imageMarkerContract, taskRemoverContract } from '../../src/testing/index.js';
import { runContract } from '../testing/run-contract.js';
import { describeReleases, halfCreatedTask, imageName, killTask, pauseTask, TestNode } from './harness/index.js';

describeReleases('the containerd adapter that acts', (release) => {
  let node: TestNode;
  let ports: ContainerdPorts;
  let imageId: string;
  const containers = new Map<TaskState, Id>();

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    imageId = (await node.cri.listImages())[0]?.id ?? expect.fail('there is no image');
    const pod = await node.cri.runPod({ name: 'pod', hostNetwork: true });
    for (const name of ['created', 'running', 'paused', 'stopped'] as const)
      containers.set(name, (await node.cri.createContainer(pod, { name })) as Id);
    // The plugin labels whatever image it hears of.
    await node.restart({ cri: false });
    ports = containerdPorts({ address: node.socket, namespace: 'k8s.io' });
  });

  afterAll(async () => {
    ports?.close();
    await node?.dispose();
  });

  const taskIn = async (state: TaskState): Promise<Id> => {
    const id = containers.get(state) ?? expect.fail(`there is no container to be ${state}`);
    await halfCreatedTask(node, id);
    if (state !== 'created') await node.engine.tasks.start(id);
    if (state === 'paused') await pauseTask(node, id);
    if (state === 'stopped') await killTask(node, id);
    return id;
  };

  runContract(
    'tasks',
    taskRemoverContract(async () => ({ port: ports.tasks, taskIn, absent: 'absent' as Id })),
  );

  runContract(
    'images',
    imageMarkerContract(async () => {
      const name = 'example.test/tagged:1';
      await node.ctr('images', 'tag', '--force', imageName, name);
      await node.ctr('images', 'label', name, 'stage=test', 'io.cri-containerd.image=');
      const images = await node.engine.images.list();
      if (images.some((image) => image.name === imageId)) await node.engine.images.delete(imageId);
      const { digest, labels } = images.find((image) => image.name === name) ?? expect.fail('it is not tagged');
      const image = { name, target: digest, labels };
      return { port: ports.images, image, id: imageId, absent: { ...image, name: 'example.test/absent:1' } };
    }),
  );
});
