/** Policies and nodes whose parts are related: few ids, few names, few times, so that they meet. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { ContainerStatus } from '../../src/core/container-status.js';
import type { ItemFailure, PortError } from '../../src/core/failure.js';
import type { Observation, ObservedContainer, ObservedSandbox } from '../../src/core/observation.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import type { Task } from '../../src/core/task.js';
import { containerRecord, sandboxRecord } from './records.js';
import {
  checkpointCases,
  checkpointReading,
  portError,
  rest,
  taskCases,
  taskReadings,
  times,
} from './tables/readings.js';

export const policyRows = Object.keys(careful) as ReadonlyArray<keyof Policy>;

/** Any of the 2^14 mixes. */
export const arbitraryPolicy: fc.Arbitrary<Policy> = fc
  .tuple(...policyRows.map(() => fc.boolean()))
  .map(
    (choices) =>
      Object.fromEntries(
        policyRows.map((row, index) => [row, (choices[index] === true ? careful : containerd)[row]]),
      ) as unknown as Policy,
  );

const arbitraryTime = fc.constantFrom(0n, times.created, times.started, times.finished, times.exited, -1n, times.now);

const arbitraryStatus: fc.Arbitrary<ContainerStatus> = fc.record(
  {
    pid: fc.constantFrom(0, 1111, 4242),
    createdAt: arbitraryTime,
    startedAt: arbitraryTime,
    finishedAt: arbitraryTime,
    exitCode: fc.constantFrom(0, 137, 255, -1),
    reason: fc.constantFrom('', 'Unknown', 'OOMKilled'),
    message: fc.constantFrom('', 'said so'),
    unknown: fc.constant(false),
  },
  { noNullPrototype: true },
);

const arbitraryTask: fc.Arbitrary<E.Either<PortError, Task>> = fc.oneof(
  fc.constantFrom(...taskCases).map((name) => taskReadings[name]),
  fc
    .record({
      id: fc.constant('c1'),
      pid: fc.constantFrom(0, 4242, 4_294_967_295),
      state: fc.constantFrom('unknown', 'created', 'running', 'stopped', 'paused', 'pausing'),
      exitStatus: fc.constantFrom(0, 137, 4_294_967_295),
      exitedAt: fc.constantFrom(O.none, O.some(times.exited), O.some(-1n)),
      stdio: fc.constant({ stdin: '', stdout: '', stderr: '', terminal: false }),
    })
    .map((task) => E.right(task as Task)),
);

const arbitraryProcess = fc.constantFrom<ObservedContainer['processStartedAt']>(
  O.none,
  O.some(E.right(times.processStarted)),
  O.some(E.left(portError('host', 'TimedOut'))),
);

/** One container with any task and any checkpoint. */
export const arbitraryContainer: fc.Arbitrary<ObservedContainer> = fc.record({
  record: fc.constant(containerRecord('c1')),
  task: arbitraryTask,
  checkpoint: fc.oneof(
    fc.constantFrom(...checkpointCases).map(checkpointReading),
    arbitraryStatus.map((status) => E.right({ status, rest })),
  ),
  processStartedAt: arbitraryProcess,
});

const ids = ['a', 'b', 'c', 'd', 'e'] as const;

/** What breaks programs that take text for an id, a key or a path. */
export const hostileTexts = [
  '../x',
  '..',
  '.',
  '',
  '/',
  'x'.repeat(10_000),
  'a\0b',
  '__proto__',
  'constructor',
  'toString',
  '\ud800',
  '\udc00z',
] as const;

const claims = fc.record({
  name: fc.constantFrom('web', 'db', '', '__proto__'),
  createdAt: fc.constantFrom(times.created, times.started),
  attempt: fc.constantFrom(0, 1),
});

const arbitraryFailure = (kind: 'sandbox' | 'container'): fc.Arbitrary<ItemFailure> =>
  fc.record({
    kind: fc.constant(kind),
    id: fc.constantFrom('x', 'y', ...hostileTexts),
    tag: fc.constantFrom('UnsafeId', 'MetadataMissing', 'MetadataUnreadable'),
    message: fc.constantFrom('no', ''),
  });

const sandboxItem: fc.Arbitrary<ObservedSandbox> = fc
  .record({
    id: fc.constantFrom(...ids),
    claims,
    task: arbitraryTask,
    metadataId: fc.constantFrom(...ids),
    host: fc.boolean(),
    netns: fc.constantFrom(O.none, O.some(E.right(true)), O.some(E.right(false))),
  })
  .map(({ id, claims, task, metadataId, host, netns }) => {
    const record = sandboxRecord(id, host);
    return { record: { ...record, ...claims, metadata: { ...record.metadata, id: metadataId } }, task, netns };
  });

const containerItem: fc.Arbitrary<ObservedContainer> = fc
  .record({
    id: fc.constantFrom(...ids),
    claims,
    pod: fc.constantFrom(...ids, ...hostileTexts),
    rest: arbitraryContainer,
  })
  .map(({ id, claims, pod, rest }) => ({ ...rest, record: { ...containerRecord(id, pod), ...claims } }));

const listed = <A>(kind: 'sandbox' | 'container', item: fc.Arbitrary<A>) =>
  fc.array(
    fc.oneof({ weight: 5, arbitrary: item.map(E.right) }, { weight: 1, arbitrary: arbitraryFailure(kind).map(E.left) }),
    { maxLength: 5 },
  );

const arbitraryImages = fc.uniqueArray(
  fc.record({
    record: fc.record({
      name: fc.constantFrom('docker.io/a:1', 'b', ...hostileTexts),
      target: fc.constantFrom('sha256:1', ''),
      labels: fc.constantFrom({}, { 'io.cri-containerd.image': 'managed' }, { 'io.cri-containerd.image': 'other' }),
    }),
    content: fc.oneof(
      fc
        .record({
          id: fc.constant('sha256:2'),
          chainId: fc.constant('sha256:3'),
          size: fc.constant(5),
          missing: fc.constantFrom([], ['sha256:4']),
          unpacked: fc.boolean(),
        })
        .map(E.right),
      fc.constant(E.left(portError('images', 'NotFound'))),
    ),
  }),
  { maxLength: 4, selector: ({ record }) => record.name },
);

const arbitraryEntries = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .uniqueArray(
        fc.record({
          name: fc.constantFrom(...ids, ...ids, 'x', 'y', 'orphan', ...hostileTexts),
          type: fc.constantFrom('directory', 'directory', 'file', 'link', 'other'),
          mounts: fc.constant([]),
        }),
        { maxLength: 5, selector: ({ name }) => name },
      )
      .map(E.right),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('NotFound', 'Denied').map((tag) => E.left(portError('directories', tag))),
  },
);

const basePaths = ['/root/sandboxes', '/state/sandboxes', '/root/containers', '/state/containers'] as const;

/** A whole node. Paths of its bases differ, as do names of entries of one base and names of images. */
export const arbitraryNode: fc.Arbitrary<Observation> = fc
  .record({
    sandboxes: listed('sandbox', sandboxItem),
    containers: listed('container', containerItem),
    images: arbitraryImages,
    entries: fc.tuple(...basePaths.map(() => arbitraryEntries)),
  })
  .map(({ entries, ...node }) => ({
    ...node,
    node: { containerd: '1.7.24', namespace: 'k8s.io', root: '/root', state: '/state' },
    takenAt: times.now,
    bases: entries.map((read, index) => ({
      kind: index < 2 ? 'sandbox' : 'container',
      area: index % 2 === 0 ? 'root' : 'state',
      path: basePaths[index],
      entries: read,
    })),
  })) as fc.Arbitrary<Observation>;
