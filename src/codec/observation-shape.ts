/**
 * The JSON form of an observation, field by field; laid beside `core/observation.ts` it reads the same. What is not named here is not in a
 * recording: no environment variable and no annotation can get into one.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Checkpoint, ContainerStatus } from '../core/container-status.js';
import type { ItemFailure, PortError } from '../core/failure.js';
import { type Id, parseId } from '../core/identity.js';
import type { JsonObject } from '../core/json.js';
import type {
  ContainerMetadata,
  ContainerRecord,
  RecordFields,
  SandboxMetadata,
  SandboxRecord,
} from '../core/metadata.js';
import type {
  DirectoryEntry,
  ImageContent,
  ImageRecord,
  NodeIdentity,
  Observation,
  ObservedBase,
  ObservedContainer,
  ObservedImage,
  ObservedSandbox,
  Reading,
} from '../core/observation.js';
import type { Task, TaskStdio } from '../core/task.js';
import { jsonObject } from './json.js';
import { flag, int32, makeCodec, size, text, uint32 } from './scalar.js';
import { decimal, either, type Field, list, oneOf, option, optional, type Shape, stringMap, struct } from './shape.js';

/** An id that is checked again: a recording may come from anywhere, and an id becomes a path. */
const id: Shape<Id> = makeCodec(
  'an id',
  (input, context) => {
    if (typeof input !== 'string') return t.failure(input, context);
    const parsed = parseId(input);
    return E.isRight(parsed) ? t.success(parsed.right) : t.failure(input, context, parsed.left);
  },
  t.identity,
);

interface PortErrorShape extends Omit<PortError, '_tag' | 'cause'> {
  readonly _tag: PortError['_tag'];
  readonly halfDeleted?: boolean;
  readonly foreignVersion?: string;
}

/** The cause is left out: it is whatever was thrown, and nobody knows what it holds. */
const portError: Shape<PortError> = struct<PortErrorShape>('a port error', {
  _tag: oneOf('NotFound', 'Denied', 'Unavailable', 'TimedOut', 'Corrupt', 'NoSpace', 'Unexpected'),
  port: oneOf(
    'daemon',
    'containers',
    'tasks',
    'checkpoints',
    'directories',
    'images',
    'host',
    'exits',
    'container-io',
    'lock',
  ),
  operation: text,
  subject: text,
  message: text,
  halfDeleted: optional(flag),
  foreignVersion: optional(text),
});

const itemFailure = struct<ItemFailure>('an item failure', {
  kind: oneOf('sandbox', 'container', 'image', 'directory'),
  id: text,
  tag: oneOf(
    'UnsafeId',
    'MetadataMissing',
    'MetadataUnreadable',
    'DuplicateId',
    'CheckpointWriteFailed',
    'ImageUnreadable',
    'DirectoryUnreadable',
  ),
  message: text,
});

const reading = <A>(codec: Shape<A>): Shape<Reading<A>> => either(portError, codec);

const node = struct<NodeIdentity>('a node', { containerd: text, namespace: text, root: text, state: text });

const stdio = struct<TaskStdio>('the streams of a task', { stdin: text, stdout: text, stderr: text, terminal: flag });

const task = struct<Task>('a task', {
  id: text,
  pid: uint32,
  state: oneOf('unknown', 'created', 'running', 'stopped', 'paused', 'pausing'),
  exitStatus: uint32,
  exitedAt: option(decimal),
  stdio,
});

/** Never written, whatever it holds, and read as empty: nobody knows what is in fields that this library does not know. */
const unrecorded: Field<JsonObject> = makeCodec<JsonObject, undefined>(
  'nothing',
  () => t.success(jsonObject([])),
  () => undefined,
);

const status = struct<ContainerStatus>('a status', {
  pid: uint32,
  createdAt: decimal,
  startedAt: decimal,
  finishedAt: decimal,
  exitCode: int32,
  reason: text,
  message: text,
  unknown: flag,
});

const checkpoint = struct<Checkpoint>('a checkpoint', { status, rest: unrecorded });

const recordFields: { readonly [K in keyof RecordFields]: Shape<RecordFields[K]> } = {
  id,
  name: text,
  createdAt: decimal,
  attempt: uint32,
  labels: stringMap,
  snapshotter: text,
  snapshotKey: text,
  runtime: text,
};

const containerMetadata = struct<ContainerMetadata>('container metadata', {
  id: text,
  name: text,
  sandboxId: text,
  imageRef: text,
  logPath: text,
  stopSignal: text,
  tty: flag,
  stdin: flag,
});

const sandboxMetadata = struct<SandboxMetadata>('sandbox metadata', {
  id: text,
  name: text,
  netnsPath: text,
  hostNetwork: flag,
  ip: text,
  runtimeHandler: text,
});

const container = struct<ObservedContainer>('a container', {
  record: struct<ContainerRecord>('a record', { ...recordFields, metadata: containerMetadata }),
  task: reading(task),
  checkpoint: reading(checkpoint),
  processStartedAt: option(reading(decimal)),
});

const sandbox = struct<ObservedSandbox>('a sandbox', {
  record: struct<SandboxRecord>('a record', { ...recordFields, metadata: sandboxMetadata }),
  task: reading(task),
  netns: option(reading(flag)),
});

const image = struct<ObservedImage>('an image', {
  record: struct<ImageRecord>('an image record', { name: text, target: text, labels: stringMap }),
  content: reading(
    struct<ImageContent>('image content', { id: text, chainId: text, size, missing: list(text), unpacked: flag }),
  ),
});

const entry = struct<DirectoryEntry>('a directory entry', {
  name: text,
  type: oneOf('directory', 'file', 'link', 'other'),
  mounts: list(text),
});

const base = struct<ObservedBase>('a base directory', {
  kind: oneOf('sandbox', 'container'),
  area: oneOf('root', 'state'),
  path: text,
  entries: reading(list(entry)),
});

/** The whole observation. */
export const observationShape = struct<Observation>('an observation', {
  node,
  takenAt: decimal,
  sandboxes: list(either(itemFailure, sandbox)),
  containers: list(either(itemFailure, container)),
  images: list(image),
  bases: list(base),
});
