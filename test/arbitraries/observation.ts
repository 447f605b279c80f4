/** Whole nodes: every kind of reading, every kind of failure, no two of them related. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { jsonObject } from '../../src/codec/json.js';
import type { ItemFailure, PortError } from '../../src/core/failure.js';
import type { RecordFields } from '../../src/core/metadata.js';
import type {
  DirectoryEntry,
  Observation,
  ObservedBase,
  ObservedContainer,
  ObservedImage,
  ObservedSandbox,
} from '../../src/core/observation.js';
import type { Task, TaskState } from '../../src/core/task.js';
import { arbitraryCheckpoint } from './checkpoint.js';
import { arbitraryStoredContainer, arbitraryStoredSandbox } from './metadata.js';
import { arbitraryInt64, arbitraryUint32 } from './numbers.js';
import { arbitraryId, arbitraryText } from './text.js';

const plain = { noNullPrototype: true } as const;

const tags = ['NotFound', 'Denied', 'Unavailable', 'TimedOut', 'NoSpace', 'Unexpected'] as const;

/** Port errors of every tag, without a cause. */
export const arbitraryPortError: fc.Arbitrary<PortError> = fc
  .record(
    {
      _tag: fc.constantFrom(...tags, 'Corrupt' as const),
      port: fc.constantFrom('daemon', 'containers', 'tasks', 'checkpoints', 'directories', 'images', 'host'),
      operation: arbitraryText,
      subject: arbitraryText,
      message: arbitraryText,
      foreignVersion: fc.option(arbitraryText, { nil: undefined }),
      halfDeleted: fc.option(fc.boolean(), { nil: undefined }),
    },
    plain,
  )
  .map(({ foreignVersion, halfDeleted, ...error }) => {
    if (error._tag === 'Corrupt' && foreignVersion !== undefined) return { ...error, foreignVersion };
    return error._tag === 'NotFound' && halfDeleted !== undefined ? { ...error, halfDeleted } : error;
  }) as fc.Arbitrary<PortError>;

const reading = <A>(value: fc.Arbitrary<A>): fc.Arbitrary<E.Either<PortError, A>> =>
  fc.oneof({ weight: 3, arbitrary: value.map(E.right) }, { weight: 1, arbitrary: arbitraryPortError.map(E.left) });

const optional = <A>(value: fc.Arbitrary<A>): fc.Arbitrary<O.Option<A>> =>
  fc.option(value, { nil: undefined }).map(O.fromNullable) as fc.Arbitrary<O.Option<A>>;

const taskStates = ['unknown', 'created', 'running', 'stopped', 'paused', 'pausing'] as const satisfies TaskState[];

export const arbitraryTask: fc.Arbitrary<Task> = fc.record(
  {
    id: arbitraryText,
    pid: arbitraryUint32,
    state: fc.constantFrom(...taskStates),
    exitStatus: arbitraryUint32,
    exitedAt: optional(arbitraryInt64),
    stdio: fc.record(
      { stdin: arbitraryText, stdout: arbitraryText, stderr: arbitraryText, terminal: fc.boolean() },
      plain,
    ),
  },
  plain,
);

const arbitraryLabels = fc
  .array(fc.tuple(arbitraryText, arbitraryText), { maxLength: 3 })
  .map((entries) => jsonObject(entries) as Readonly<Record<string, string>>);

const arbitraryRecordFields: fc.Arbitrary<Omit<RecordFields, 'attempt'>> = fc.record(
  {
    id: arbitraryId,
    name: arbitraryText,
    createdAt: arbitraryInt64,
    labels: arbitraryLabels,
    snapshotter: arbitraryText,
    snapshotKey: arbitraryText,
    runtime: arbitraryText,
  },
  plain,
);

const arbitraryFailure = (kind: 'sandbox' | 'container'): fc.Arbitrary<ItemFailure> =>
  fc.record(
    {
      kind: fc.constant(kind),
      id: arbitraryText,
      tag: fc.constantFrom('UnsafeId', 'MetadataMissing', 'MetadataUnreadable'),
      message: arbitraryText,
    },
    plain,
  );

export const arbitrarySandbox: fc.Arbitrary<ObservedSandbox> = fc.record(
  {
    record: fc
      .tuple(arbitraryRecordFields, arbitraryStoredSandbox)
      .map(([fields, { stored }]) => ({ ...fields, metadata: stored.metadata, attempt: stored.attempt })),
    task: reading(arbitraryTask),
    netns: optional(reading(fc.boolean())),
  },
  plain,
);

export const arbitraryContainer: fc.Arbitrary<ObservedContainer> = fc.record(
  {
    record: fc
      .tuple(arbitraryRecordFields, arbitraryStoredContainer)
      .map(([fields, { stored }]) => ({ ...fields, metadata: stored.metadata, attempt: stored.attempt })),
    task: reading(arbitraryTask),
    checkpoint: reading(arbitraryCheckpoint),
    processStartedAt: optional(reading(arbitraryInt64)),
  },
  plain,
);

const arbitraryImage: fc.Arbitrary<ObservedImage> = fc.record(
  {
    record: fc.record({ name: arbitraryText, target: arbitraryText, labels: arbitraryLabels }, plain),
    content: reading(
      fc.record(
        {
          id: arbitraryText,
          chainId: arbitraryText,
          size: fc.maxSafeNat(),
          missing: fc.array(arbitraryText, { maxLength: 2 }),
          unpacked: fc.boolean(),
        },
        plain,
      ),
    ),
  },
  plain,
);

const arbitraryEntry: fc.Arbitrary<DirectoryEntry> = fc.record(
  {
    name: fc.oneof(arbitraryId, arbitraryText),
    type: fc.constantFrom('directory', 'file', 'link', 'other'),
    mounts: fc.array(arbitraryText, { maxLength: 2 }),
  },
  plain,
);

const arbitraryBase = (kind: 'sandbox' | 'container', area: 'root' | 'state'): fc.Arbitrary<ObservedBase> =>
  fc.record(
    {
      kind: fc.constant(kind),
      area: fc.constant(area),
      path: arbitraryText,
      entries: reading(fc.array(arbitraryEntry, { maxLength: 4 })),
    },
    plain,
  );

const items = <A>(kind: 'sandbox' | 'container', item: fc.Arbitrary<A>): fc.Arbitrary<E.Either<ItemFailure, A>[]> =>
  fc.array(
    fc.oneof({ weight: 4, arbitrary: item.map(E.right) }, { weight: 1, arbitrary: arbitraryFailure(kind).map(E.left) }),
    { maxLength: 4 },
  );

export const arbitraryObservation: fc.Arbitrary<Observation> = fc.record(
  {
    node: fc.record(
      { containerd: arbitraryText, namespace: arbitraryText, root: arbitraryText, state: arbitraryText },
      plain,
    ),
    takenAt: arbitraryInt64,
    sandboxes: items('sandbox', arbitrarySandbox),
    containers: items('container', arbitraryContainer),
    images: fc.array(arbitraryImage, { maxLength: 3 }),
    bases: fc.tuple(
      arbitraryBase('sandbox', 'root'),
      arbitraryBase('sandbox', 'state'),
      arbitraryBase('container', 'root'),
      arbitraryBase('container', 'state'),
    ),
  },
  plain,
);
