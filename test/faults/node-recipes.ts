/** Generated nodes, as what they are made of, so that a failure can be read and typed in again. */
import fc from 'fast-check';
import * as O from 'fp-ts/lib/Option.js';
import { jsonObject } from '../../src/codec/json.js';
import {
  type ContainerOptions,
  type FakeContainer,
  type FakeDirectory,
  type FakeNode,
  fakeContainer,
  fakeDirectory,
  fakeImage,
  fakeNode,
  fakeSandbox,
  fakeTime,
  type ImageOptions,
  type SandboxOptions,
  second,
} from '../../src/testing/index.js';

interface ContainerRecipe extends ContainerOptions {
  /** Of a stopped task; `at` in seconds after the containers were made, 0 for 1970, none where it does not say. */
  readonly exit: { readonly status: number; readonly at?: number };
}

/** What a node is made of. */
export interface NodeRecipe {
  readonly sandboxes: ReadonlyArray<SandboxOptions>;
  readonly containers: ReadonlyArray<ContainerRecipe>;
  readonly images: ReadonlyArray<ImageOptions>;
  readonly strays: ReadonlyArray<FakeDirectory>;
  readonly missingBases: FakeNode['missingBases'];
  readonly unlisted: ReadonlyArray<string>;
  readonly unreadable: ReadonlyArray<string>;
  readonly stale: ReadonlyArray<string>;
  readonly lock: 'free' | 'abandoned';
  /** Items at a time. */
  readonly concurrency: number;
}

export const nodeOf = ({ strays, unreadable, ...recipe }: NodeRecipe): FakeNode =>
  fakeNode({
    ...recipe,
    stale: recipe.stale.filter((id) => recipe.containers.some((container) => container.id === id)),
    sandboxes: recipe.sandboxes.map(fakeSandbox),
    containers: recipe.containers.map(containerOf),
    images: recipe.images.map(fakeImage),
    directories: [...strays, ...unreadable.map((name) => fakeDirectory({ kind: 'container', area: 'root', name }))],
    unreadable: unreadable.map((id) => ({ kind: 'container', id, tag: 'MetadataUnreadable', message: 'not JSON' })),
  });

const containerOf = ({ exit: { status, at }, ...options }: ContainerRecipe): FakeContainer => {
  const container = fakeContainer(options);
  const { task, checkpoint } = container;
  const exitedAt = at === undefined ? O.none : O.some(at === 0 ? 0n : fakeTime + BigInt(at) * second);
  return {
    ...container,
    task: task?.state === 'stopped' ? { ...task, exitStatus: status, exitedAt } : task,
    checkpoint:
      checkpoint._tag === 'Sound'
        ? { ...checkpoint, checkpoint: { ...checkpoint.checkpoint, rest: jsonObject([['Resources', null]]) } }
        : checkpoint,
  };
};

const taskStates = ['running', 'stopped', 'absent', 'half-deleted', 'created', 'paused', 'pausing', 'unknown'] as const;
const checkpoints = ['CREATED', 'RUNNING', 'EXITED', 'ZERO', 'absent', 'corrupt', 'foreign'] as const;
const podIds = ['p1', 'p2', 'p3'];
const containerIds = ['c1', 'c2', 'c3', 'c4', 'c5'];

const plain = { noNullPrototype: true } as const;

const sandboxWith = (id: string): fc.Arbitrary<SandboxOptions> =>
  fc.record(
    { id: fc.constant(id), task: fc.constantFrom(...taskStates), netns: fc.constantFrom('host', `/netns/${id}`) },
    plain,
  );

const statusFields = fc.constantFrom({}, { reason: 'OOMKilled', message: 'killed', exitCode: 3 }, { createdAt: 0n });

const containerWith = (id: string): fc.Arbitrary<ContainerRecipe> =>
  fc
    .record(
      {
        id: fc.constant(id),
        sandboxId: fc.constantFrom(...podIds),
        name: fc.oneof({ weight: 9, arbitrary: fc.constant(id) }, { weight: 1, arbitrary: fc.constant('twin') }),
        task: fc.constantFrom(...taskStates),
        checkpoint: fc.constantFrom(...checkpoints),
        status: statusFields,
        exit: fc.record(
          { status: fc.constantFrom(0, 1, 137, 4_294_967_295), at: fc.constantFrom(60, 0, undefined) },
          plain,
        ),
      },
      plain,
    )
    .map(({ exit: { status, at }, ...container }) => ({
      ...container,
      exit: at === undefined ? { status } : { status, at },
    }));

const image = (name: string): fc.Arbitrary<ImageOptions> =>
  fc.record(
    {
      name: fc.constant(name),
      labels: fc.constantFrom({}, { 'io.cri-containerd.image': 'managed' }),
      readable: fc.constantFrom(true, true, false),
    },
    plain,
  );

const base = {
  kind: fc.constantFrom('sandbox' as const, 'container' as const),
  area: fc.constantFrom('root' as const, 'state' as const),
};

const stray = fc.record(
  {
    ...base,
    name: fc.constantFrom('x1', 'x2', 'x3', 'x4'),
    type: fc.constantFrom('directory', 'directory', 'directory', 'link', 'file'),
    mounts: fc.constantFrom([], ['/fake/mount']),
  },
  plain,
) as fc.Arbitrary<FakeDirectory>;

const someOf = (ids: ReadonlyArray<string>): fc.Arbitrary<ReadonlyArray<string>> => fc.subarray([...ids]);

/** As many of them as there are, each as it comes. */
const each = <A>(ids: ReadonlyArray<string>, make: (id: string) => fc.Arbitrary<A>): fc.Arbitrary<ReadonlyArray<A>> =>
  someOf(ids).chain((chosen) => fc.tuple(...chosen.map(make)));

export const nodeRecipes: fc.Arbitrary<NodeRecipe> = fc.record(
  {
    sandboxes: each(podIds, sandboxWith),
    containers: each(containerIds, containerWith),
    images: each(['example/a:1', 'example/b:1'], image),
    strays: fc.uniqueArray(stray, { maxLength: 4, selector: ({ kind, area, name }) => `${kind} ${area} ${name}` }),
    missingBases: fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.record(base, plain).map((one) => [one]) },
    ),
    unlisted: someOf([...podIds, ...containerIds]),
    unreadable: someOf(['u1']),
    stale: someOf(containerIds),
    lock: fc.constantFrom('free', 'abandoned'),
    concurrency: fc.constantFrom(1, 2, 32),
  },
  plain,
);
