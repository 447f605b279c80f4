import type { TaskState } from '../../src/core/task.js';
import {
  checkpointWriterContract,
  containerIoContract,
  directorySweeperContract,
  type FakeNode,
  type FakePorts,
  fakeContainer,
  fakeDirectory,
  fakeId,
  fakeImage,
  fakeNode,
  fakePorts,
  fakeTask,
  imageMarkerContract,
  lockContract,
  taskRemoverContract,
} from '../../src/testing/index.js';
import { runContract } from './run-contract.js';

const base = { kind: 'container', area: 'root' } as const;
const present = fakeContainer({ id: 'nginx' });
const exited = fakeContainer({ id: 'nginx', checkpoint: 'EXITED' });

const make = (): FakePorts => {
  const containers = [
    present,
    fakeContainer({ id: 'bare', checkpoint: 'absent' }),
    fakeContainer({ id: 'broken', checkpoint: 'corrupt' }),
  ];
  const entries = [
    fakeDirectory({ ...base, name: 'orphan', mounts: ['/fake/root/containers/orphan/shm'] }),
    fakeDirectory({ ...base, name: 'link', type: 'link' }),
    fakeDirectory({ ...base, name: 'file', type: 'file' }),
  ];
  const node = fakeNode({ containers, directories: entries });
  return fakePorts({ ...node, directories: node.directories.filter(({ name }) => name !== 'bare') });
};

const soundIn = ({ checkpoint }: typeof present) => {
  if (checkpoint._tag !== 'Sound') throw new Error('the builder makes a sound checkpoint');
  return checkpoint.checkpoint;
};

runContract(
  'fake tasks',
  taskRemoverContract(async () => {
    const { tasks, change } = make();
    const taskIn = async (state: TaskState) => {
      const container = fakeContainer({ id: state, task: state });
      change((now) => ({ ...now, containers: [...now.containers, container] }));
      return container.record.id;
    };
    return { port: tasks, taskIn, absent: fakeId('absent') };
  }),
);

runContract(
  'fake images',
  imageMarkerContract(async () => {
    const image = fakeImage({ name: 'registry.example/nginx:1', labels: { stage: 'test' } });
    const { images } = fakePorts(fakeNode({ images: [image, fakeImage({ name: 'registry.example/other:1' })] }));
    const absent = { ...image.record, name: 'registry.example/absent:1' };
    return { port: images, image: image.record, id: `sha256:${'a'.repeat(64)}`, absent };
  }),
);

runContract(
  'fake checkpoints',
  checkpointWriterContract(async () => {
    const { checkpoints, change, node } = make();
    const unreadable = (item: typeof present) =>
      item.record.id === 'broken' ? { ...item, checkpoint: { _tag: 'Unreadable' as const } } : item;
    return {
      port: checkpoints,
      present: fakeId('nginx'),
      checkpoint: soundIn(present),
      other: soundIn(exited),
      absent: fakeId('bare'),
      corrupt: fakeId('broken'),
      spoil: async () => change((now) => ({ ...now, containers: now.containers.map(unreadable) })),
      keptAside: async (id) => node().keptAside.filter((file) => file.id === id).length,
      leaveStale: async (id) => change((now) => ({ ...now, stale: [...now.stale, id] })),
      hasStale: async (id) => node().stale.includes(id),
    };
  }),
);

runContract(
  'fake directories',
  directorySweeperContract(async () => {
    const { directories, node } = make();
    const quarantined = async () => node().quarantined.map(({ name, why }) => ({ name, why }));
    return { port: directories, base, orphan: 'orphan', other: 'nginx', others: ['link', 'file'], quarantined };
  }),
);

runContract(
  'fake lock',
  lockContract(async () => {
    const { lock, change, node } = make();
    const give = (holder: FakeNode['lock']) => async () => change((now) => ({ ...now, lock: holder }));
    return {
      port: lock,
      holdElsewhere: give('theirs'),
      abandon: give('abandoned'),
      isHeld: async () => node().lock !== 'free',
    };
  }),
);

runContract(
  'fake container io',
  containerIoContract(async () => {
    const { containerIo, node } = make();
    return {
      port: containerIo,
      running: fakeId('nginx'),
      stdio: fakeTask({ id: 'nginx' }).stdio,
      logPath: '/fake/log',
      isRead: async () => node().attached.some(({ id }) => id === 'nginx'),
      broken: [],
      created: fakeId('bare'),
      fifos: async () =>
        node().fifos.flatMap(({ stdio: { stdin, stdout, stderr } }) => [stdin, stdout, stderr].filter(Boolean)),
    };
  }),
);
