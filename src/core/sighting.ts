/**
 * What was seen of one sandbox or container, as plain values. Times are nanoseconds since 1970; `undefined`: not told, or not asked.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { ContainerStatus } from './container-status.js';
import type { RecordFields } from './metadata.js';
import type { Observation, ObservedContainer, ObservedSandbox, Reading } from './observation.js';
import type { Recalled } from './recall-checkpoint.js';
import type { NetworkNamespace } from './sandbox-status.js';
import { sortedBy } from './sorted-by.js';
import { type TaskWord, taskWord } from './table-row.js';
import type { Task } from './task.js';
import { mayBeAlive, sightTask } from './task-sight.js';

interface Sighting {
  readonly record: RecordSighting;
  readonly task: TaskSighting;
  /** Others of its kind that hold its name, by id. */
  readonly sameName: ReadonlyArray<NamesakeSighting>;
}

/** What was seen of a container. */
export interface ContainerSighting extends Sighting {
  readonly checkpoint: CheckpointSighting;
  /** When the task's process started; asked only where the checkpoint does not say. */
  readonly processStartedAt: bigint | undefined;
  /** Its pod, where there is one of this id that could be read. */
  readonly sandbox: { readonly id: string; readonly name: string; readonly task: TaskSighting } | undefined;
}

/** What was seen of a sandbox. */
export interface SandboxSighting extends Sighting {
  readonly netns: NetworkNamespace;
}

/** What containerd’s record says. */
export interface RecordSighting {
  readonly name: string;
  readonly attempt: number;
  readonly createdAt: bigint;
  readonly runtime: string;
  /** The id in the metadata, which is the record's own while all is well. */
  readonly metadataId: string;
}

/** What was seen of a task, in the words of the tables. */
export interface TaskSighting {
  readonly state: TaskWord;
  readonly pid: number | undefined;
  /** Of a task that has stopped. */
  readonly exitStatus: number | undefined;
  readonly exitedAt: bigint | undefined;
  /** Why there is no more to say. */
  readonly error: string | undefined;
}

/** What was read of a checkpoint, and what it stands for in the tables. */
export interface CheckpointSighting {
  readonly says: Recalled['says'];
  /** What stands in it, where it could be read. */
  readonly status: ContainerStatus | undefined;
  readonly error: string | undefined;
}

/** Another holder of the same name, with what decides which of them keeps it. */
export interface NamesakeSighting extends Pick<RecordSighting, 'attempt' | 'createdAt'> {
  readonly id: string;
  /** False where its task is known to be over. */
  readonly mayBeAlive: boolean;
}

/** What was seen of a container; what its checkpoint says is known by now. */
export const sightContainer = (
  { containers, sandboxes }: Observation,
  observed: ObservedContainer,
  says: Recalled['says'],
): ContainerSighting => {
  const { record, checkpoint, processStartedAt } = observed;
  const pod = rights(sandboxes).find((one) => one.record.id === record.metadata.sandboxId);
  return {
    ...sightItem(observed, rights(containers)),
    checkpoint: E.isRight(checkpoint)
      ? { says, status: checkpoint.right.status, error: undefined }
      : { says, status: undefined, error: checkpoint.left.message },
    processStartedAt:
      O.isSome(processStartedAt) && E.isRight(processStartedAt.value) ? processStartedAt.value.right : undefined,
    sandbox: pod && { id: pod.record.id, name: pod.record.name, task: sightOfTask(pod.task) },
  };
};

/** What was seen of a sandbox; its network as it was decided. */
export const sightSandbox = (
  { sandboxes }: Observation,
  observed: ObservedSandbox,
  netns: NetworkNamespace,
): SandboxSighting => ({ ...sightItem(observed, rights(sandboxes)), netns });

interface Observed {
  readonly record: RecordFields & { readonly metadata: { readonly id: string } };
  readonly task: Reading<Task>;
}

const sightItem = ({ record, task }: Observed, all: ReadonlyArray<Observed>): Sighting => ({
  record: {
    name: record.name,
    attempt: record.attempt,
    createdAt: record.createdAt,
    runtime: record.runtime,
    metadataId: record.metadata.id,
  },
  task: sightOfTask(task),
  sameName: sortedBy(
    all.filter((other) => other.record.name === record.name && other.record.id !== record.id),
    (other) => other.record.id,
  ).map((other) => ({
    id: other.record.id,
    attempt: other.record.attempt,
    createdAt: other.record.createdAt,
    mayBeAlive: mayBeAlive(sightTask(other.task)),
  })),
});

const sightOfTask = (reading: Reading<Task>): TaskSighting => {
  const sight = sightTask(reading);
  const nothing = { pid: undefined, exitStatus: undefined, exitedAt: undefined, error: undefined };
  const state = taskWord(sight);
  switch (sight._tag) {
    case 'Absent':
      return { ...nothing, state };
    case 'Unanswered':
      return { ...nothing, state, error: sight.why };
    case 'Created':
    case 'Running':
    case 'Paused':
      return { ...nothing, state, pid: sight.task.pid };
    case 'Stopped': {
      const { pid, exitStatus, exitedAt } = sight.task;
      return { ...nothing, state, pid, exitStatus, exitedAt: O.toUndefined(exitedAt) };
    }
  }
};

const rights = <A>(listed: ReadonlyArray<E.Either<unknown, A>>): ReadonlyArray<A> =>
  listed.flatMap((one) => (E.isRight(one) ? [one.right] : []));
