/** The containerd adapter keeps the contracts of the ports, on every release. */
import { afterAll, beforeAll } from 'vitest';
import { jsonObject } from '../../src/codec/json.js';
import { type ContainerdPorts, containerdPorts } from '../../src/containerd/index.js';
import type { Id } from '../../src/core/identity.js';
import { JsonNumber } from '../../src/core/json.js';
import type { ImageRecord } from '../../src/core/observation.js';
import {
  containerListerContract,
  daemonContract,
  imageReaderContract,
  taskReaderContract,
} from '../../src/testing/index.js';
import { runContract } from '../testing/run-contract.js';
import { containerMetadata, describeReleases, imageName, sandboxMetadata, TestNode } from './harness/index.js';

/** More digits than a double has. */
const digits = '9223372036854775807';
const config = jsonObject([['limit', new JsonNumber(digits)]]);
const stored = Buffer.from(`{"Version":"v1","Metadata":{"Config":{"limit":${digits}}}}`);

describeReleases('the containerd adapter', (release) => {
  let node: TestNode;
  let ports: ContainerdPorts;
  let unreachable: ContainerdPorts;
  let [sandbox, container, unreadable, absent] = ['', '', '', ''];
  let present: ImageRecord;
  let imageId: string;

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    sandbox = await node.cri.runPod({ name: 'pod', hostNetwork: true });
    container = await node.cri.createContainer(sandbox, { name: 'running' });
    await node.cri.startContainer(container);
    unreadable = await node.cri.createContainer(sandbox, { name: 'unreadable' });
    absent = await node.cri.createContainer(sandbox, { name: 'absent' });
    await node.engine.containers.setExtension(unreadable, containerMetadata, Buffer.from('{'));
    await node.engine.containers.setExtension(container, containerMetadata, stored);
    await node.engine.containers.setExtension(sandbox, sandboxMetadata, stored);
    await node.engine.containers.delete(absent);
    const [image] = (await node.engine.images.list()).filter(({ name }) => name === imageName);
    present = { name: imageName, target: image?.digest ?? '', labels: image?.labels ?? {} };
    imageId = (await node.cri.listImages())[0]?.id ?? '';
    ports = containerdPorts({ address: node.socket, namespace: 'k8s.io' });
    unreachable = containerdPorts({ address: `${node.socket}.none`, namespace: 'k8s.io' });
  });

  afterAll(async () => {
    ports?.close();
    await node?.dispose();
  });

  runContract(
    'daemon',
    daemonContract(async () => ({ port: ports.daemon, unreachable: unreachable.daemon })),
  );
  runContract(
    'containers',
    containerListerContract(async () => ({
      port: ports.containers,
      sandbox: sandbox as Id,
      sandboxConfig: config,
      container: container as Id,
      containerConfig: config,
      unreadable: unreadable as Id,
      absent: absent as Id,
    })),
  );
  runContract(
    'tasks',
    taskReaderContract(async () => ({ port: ports.tasks, present: sandbox as Id, absent: unreadable as Id })),
  );
  runContract(
    'images',
    imageReaderContract(async () => ({
      port: ports.images,
      present,
      id: imageId,
      unreadable: { name: 'unreadable', target: `sha256:${'0'.repeat(64)}`, labels: {} },
    })),
  );
});
