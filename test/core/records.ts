/** Records and observations for the tests of the core, as plain as they can be. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { type Id, parseId } from '../../src/core/identity.js';
import type { ContainerRecord, RecordFields, SandboxRecord } from '../../src/core/metadata.js';
import type { Observation, ObservedContainer, ObservedSandbox } from '../../src/core/observation.js';
import {
  type CheckpointCase,
  checkpointReading,
  type ProcessCase,
  processReadings,
  type TaskCase,
  taskReadings,
  times,
} from './tables/readings.js';

export const idOf = (text: string): Id => {
  const id = parseId(text);
  if (E.isLeft(id)) throw new Error(id.left);
  return id.right;
};

const fields = (id: string): RecordFields => ({
  id: idOf(id),
  name: `name-of-${id}`,
  createdAt: times.recordCreated,
  attempt: 0,
  labels: {},
  snapshotter: 'overlayfs',
  snapshotKey: id,
  runtime: 'io.containerd.runc.v2',
});

export const containerRecord = (id: string, sandboxId = 's1'): ContainerRecord => ({
  ...fields(id),
  metadata: {
    id,
    name: `name-of-${id}`,
    sandboxId,
    imageRef: 'sha256:1',
    logPath: '',
    stopSignal: '',
    tty: false,
    stdin: false,
  },
});

export const sandboxRecord = (id: string, hostNetwork = false): SandboxRecord => ({
  ...fields(id),
  metadata: {
    id,
    name: `name-of-${id}`,
    netnsPath: hostNetwork ? '' : `/var/run/netns/cni-${id}`,
    hostNetwork,
    ip: '',
    runtimeHandler: '',
  },
});

export const observedContainer = (
  task: TaskCase,
  checkpoint: CheckpointCase,
  process: ProcessCase = 'not asked',
  record: ContainerRecord = containerRecord('c1'),
): ObservedContainer => ({
  record,
  task: taskReadings[task],
  checkpoint: checkpointReading(checkpoint),
  processStartedAt: processReadings[process],
});

export const observedSandbox = (task: TaskCase, record: SandboxRecord = sandboxRecord('s1')): ObservedSandbox => ({
  record,
  task: taskReadings[task],
  netns: record.metadata.hostNetwork ? O.none : O.some(E.right(true)),
});

export const observation = (given: Partial<Observation> = {}): Observation => ({
  node: { containerd: '1.7.24', namespace: 'k8s.io', root: '/root', state: '/state' },
  takenAt: times.now,
  sandboxes: [],
  containers: [],
  images: [],
  bases: [],
  ...given,
});
