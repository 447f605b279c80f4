/**
 * What a node knows of its containers, and whether it still does. A table made without the library's code: what stands in a file or can
 * be asked of a task, and is gone for good once it stands nowhere.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ContainerStatus } from '../../src/core/container-status.js';
import type { FakeContainer, FakeNode } from '../../src/testing/index.js';

/** Something known of a container, and whether it is there. */
export interface Fact {
  readonly id: string;
  readonly what: string;
  readonly value: string;
  readonly isIn: (container: FakeContainer) => boolean;
}

/** Everything that is known. */
export const factsOf = (node: FakeNode): ReadonlyArray<Fact> =>
  node.containers.flatMap((container) => [
    ...exitFacts(container),
    ...fileFacts(container),
    ...unreadableFacts(container),
    ...liveFacts(container),
  ]);

/** What was known and no longer is, neither in the files nor in the task. */
export const forgotten = (facts: ReadonlyArray<Fact>, node: FakeNode): ReadonlyArray<Fact> =>
  facts.filter(({ id, isIn }) => !placesOf(node, id).some(isIn));

/** The container as it is, and as it would be with each file that was moved aside. */
const placesOf = (node: FakeNode, id: string): ReadonlyArray<FakeContainer> => {
  const found = node.containers.filter(({ record }) => record.id === id);
  const aside = node.keptAside.filter((kept) => kept.id === id);
  return found.flatMap((container) => [container, ...aside.map(({ file }) => ({ ...container, checkpoint: file }))]);
};

/** The exit that a stopped task reports counts before the one in the file: the file may have been guessed. */
const exitFacts = (container: FakeContainer): ReadonlyArray<Fact> => {
  const task = stoppedTask(container);
  const status = exitedStatus(container);
  const code = task === undefined ? status?.exitCode : task.exitStatus | 0;
  const time = exitTime(container) ?? status?.finishedAt;
  return [
    ...(code === undefined ? [] : [factOf(container, 'exit code', code, (now) => exitCodes(now).includes(code))]),
    ...(time === undefined ? [] : [factOf(container, 'exit time', time, (now) => exitTimes(now).includes(time))]),
  ];
};

const exitCodes = (container: FakeContainer): ReadonlyArray<number> => {
  const task = stoppedTask(container);
  const status = exitedStatus(container);
  return [...(task === undefined ? [] : [task.exitStatus | 0]), ...(status === undefined ? [] : [status.exitCode])];
};

const exitTimes = (container: FakeContainer): ReadonlyArray<bigint | undefined> => [
  exitTime(container),
  exitedStatus(container)?.finishedAt,
];

const stoppedTask = ({ task }: FakeContainer) => (task?.state === 'stopped' ? task : undefined);

const exitTime = (container: FakeContainer): bigint | undefined => {
  const exitedAt = stoppedTask(container)?.exitedAt ?? O.none;
  return O.isSome(exitedAt) && exitedAt.value !== 0n ? exitedAt.value : undefined;
};

const storedStatus = ({ checkpoint }: FakeContainer): ContainerStatus | undefined =>
  checkpoint._tag === 'Sound' ? checkpoint.checkpoint.status : undefined;

const exitedStatus = (container: FakeContainer): ContainerStatus | undefined => {
  const status = storedStatus(container);
  return status?.finishedAt === 0n ? undefined : status;
};

/** What only a file says, as long as it says any time at all. */
const fileFacts = (container: FakeContainer): ReadonlyArray<Fact> => {
  const { checkpoint } = container;
  if (checkpoint._tag !== 'Sound') return [];
  const { status, rest } = checkpoint.checkpoint;
  if (status.createdAt === 0n && status.startedAt === 0n && status.finishedAt === 0n) return [];
  const fields = (['createdAt', 'startedAt', 'reason', 'message'] as const)
    .filter((field) => status[field] !== 0n && status[field] !== '')
    .map((field) => factOf(container, field, status[field], (now) => storedStatus(now)?.[field] === status[field]));
  const unknownFields = JSON.stringify(rest);
  const hasRest = ({ checkpoint: now }: FakeContainer): boolean =>
    now._tag === 'Sound' && JSON.stringify(now.checkpoint.rest) === unknownFields;
  return [...fields, factOf(container, 'unknown fields', unknownFields, hasRest)];
};

/** A file that is no use to us may be of use to somebody. */
const unreadableFacts = (container: FakeContainer): ReadonlyArray<Fact> => {
  const { checkpoint } = container;
  if (checkpoint._tag !== 'Unreadable') return [];
  return [factOf(container, 'file', checkpoint.foreignVersion ?? 'unreadable', (now) => now.checkpoint === checkpoint)];
};

/** A process that lives, or may. */
const liveFacts = (container: FakeContainer): ReadonlyArray<Fact> => {
  const { task } = container;
  if (task === undefined || task.state === 'stopped' || task.state === 'created') return [];
  return [factOf(container, 'live task', task.pid, (now) => now.task === task)];
};

const factOf = (container: FakeContainer, what: string, value: unknown, isIn: Fact['isIn']): Fact => ({
  id: container.record.id,
  what,
  value: String(value),
  isIn,
});
