import { getEventListeners } from 'node:events';
import { jsonObject } from '../../src/codec/json.js';
import { type Exit, systemClock } from '../../src/ports/index.js';
import { fakeExits } from '../../src/testing/fake-exits.js';
import {
  checkpointReaderContract,
  clockContract,
  containerListerContract,
  daemonContract,
  directoryReaderContract,
  exitSubscriberContract,
  type FakePorts,
  fakeContainer,
  fakeDirectory,
  fakeId,
  fakeImage,
  fakeNode,
  fakePid,
  fakePorts,
  fakeSandbox,
  fakeTime,
  hostContract,
  imageReaderContract,
  second,
  taskReaderContract,
} from '../../src/testing/index.js';
import { runContract } from './run-contract.js';

const containerConfig = jsonObject([['tty', true]]);
const sandboxConfig = jsonObject([['hostname', 'web']]);
const nginx = fakeContainer({ id: 'nginx', sandboxId: 'web', config: containerConfig });
const image = fakeImage({ name: 'registry.example/nginx:1', id: 'sha256:abc' });
const quarantined = fakeDirectory({ kind: 'container', area: 'root', name: 'odd', type: 'link' });

const make = (): FakePorts =>
  fakePorts(
    fakeNode({
      sandboxes: [fakeSandbox({ id: 'web', config: sandboxConfig })],
      containers: [
        nginx,
        fakeContainer({ id: 'bare', task: 'absent', checkpoint: 'absent' }),
        fakeContainer({ id: 'broken', checkpoint: 'corrupt' }),
        fakeContainer({ id: 'newer', checkpoint: 'foreign' }),
      ],
      unreadable: [{ kind: 'container', id: 'strange', tag: 'MetadataMissing', message: 'no metadata' }],
      images: [image],
      directories: [quarantined],
      missingBases: [{ kind: 'sandbox', area: 'state' }],
    }),
  );

const ids = { present: fakeId('nginx'), absent: fakeId('bare') };
const own = ['nginx', 'bare', 'broken', 'newer'].map((name) => ({ name, type: 'directory' as const, mounts: [] }));

runContract(
  'fake tasks',
  taskReaderContract(async () => ({ port: make().tasks, ...ids })),
);
runContract(
  'fake containers',
  containerListerContract(async () => ({
    port: make().containers,
    sandbox: fakeId('web'),
    sandboxConfig,
    container: fakeId('nginx'),
    containerConfig,
    unreadable: fakeId('strange'),
    absent: fakeId('nobody'),
  })),
);
runContract(
  'fake checkpoints',
  checkpointReaderContract(async () => {
    const { checkpoints, change } = make();
    if (nginx.checkpoint._tag !== 'Sound') throw new Error('the builder makes a sound checkpoint');
    const appear = async () =>
      change((node) => ({
        ...node,
        containers: node.containers.map((item) => ({ ...item, checkpoint: nginx.checkpoint })),
      }));
    const others = { corrupt: fakeId('broken'), foreign: fakeId('newer'), foreignVersion: 'v2' };
    return { port: checkpoints, ...ids, ...others, checkpoint: nginx.checkpoint.checkpoint, appear };
  }),
);
runContract(
  'fake directories',
  directoryReaderContract(async () => {
    const { directories, change } = make();
    return {
      port: directories,
      base: { kind: 'container', area: 'root' },
      entries: [...own, { name: 'odd', type: 'link', mounts: [] }],
      missing: { kind: 'sandbox', area: 'state' },
      appear: async () => change((node) => ({ ...node, missingBases: [], directories: [] })),
      namespace: 'k8s.io',
      bundles: ['web', 'nginx', 'broken', 'newer'],
    };
  }),
);
runContract(
  'fake images',
  imageReaderContract(async () => ({
    port: make().images,
    present: image.record,
    id: 'sha256:abc',
    unreadable: fakeImage({ name: 'never-pulled' }).record,
  })),
);
runContract(
  'fake host',
  hostContract(async () => ({
    port: make().host,
    pid: fakePid('nginx'),
    startedAt: fakeTime + 2n * second,
    tolerance: 0n,
    absentPid: fakePid('bare'),
    networkNamespace: '/var/run/netns/cni-web',
    otherPaths: ['/var/run/netns/cni-other', ''],
  })),
);
runContract(
  'fake clock',
  clockContract(async () => make().clock),
);
runContract(
  'system clock',
  clockContract(async () => systemClock),
);
runContract(
  'fake daemon',
  daemonContract(async () => ({
    port: make().daemon,
    unreachable: fakePorts(fakeNode({ version: undefined })).daemon,
  })),
);
runContract(
  'fake exits',
  exitSubscriberContract(async () => {
    const port = fakeExits();
    const end = async (exit: Exit): Promise<Exit> => {
      port.notify({ _tag: 'Exit', exit });
      return exit;
    };
    const exit = { containerId: 'nginx', pid: fakePid('nginx'), exitStatus: 137, exitedAt: fakeTime };
    return {
      port,
      endContainer: () => end({ ...exit, processId: 'nginx' }),
      endExec: () => end({ ...exit, processId: 'shell' }),
      listenersOf: (signal) => getEventListeners(signal, 'abort').length,
    };
  }),
);
