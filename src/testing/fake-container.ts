/** Making fake containers, by the two things recovery goes by: what the task is and what the checkpoint says. */
import type { ContainerStatus } from '../core/container-status.js';
import type { TaskState } from '../core/task.js';
import type { FakeCheckpoint, FakeContainer } from './fake-node.js';
import { emptyJson, fakeRecord, type RecordOptions } from './fake-record.js';
import { fakePid, taskOf } from './fake-task.js';
import { fakeTime, second } from './fake-time.js';

/** What is told of a fake container; the rest is filled in. */
export interface ContainerOptions extends RecordOptions {
  /** The sandbox it is in; `sandbox` unless given. */
  readonly sandboxId?: string;
  /** The state of its task; `running` unless given. */
  readonly task?: TaskState | 'absent' | 'half-deleted';
  /** What its checkpoint says, `RUNNING` unless given; `ZERO` has no times, `foreign` is of version v2. */
  readonly checkpoint?: 'CREATED' | 'RUNNING' | 'EXITED' | 'ZERO' | 'absent' | 'corrupt' | 'foreign';
  /** Single fields of the checkpoint's status, over what `checkpoint` says. */
  readonly status?: Partial<ContainerStatus>;
}

/** A running container, created one second and started two seconds after its record. */
export const fakeContainer = (given: ContainerOptions): FakeContainer => {
  const { id, attempt = 0, sandboxId = 'sandbox' } = given;
  const name = given.name ?? `${id}_${sandboxId}_default_${sandboxId}-uid_${attempt}`;
  return {
    record: {
      ...fakeRecord('container', { ...given, name }),
      metadata: {
        id,
        name,
        sandboxId,
        imageRef: 'sha256:fake',
        logPath: `/fake/log/${id}.log`,
        stopSignal: 'SIGTERM',
        tty: false,
        stdin: false,
      },
    },
    ...taskOf(id, given.task),
    config: given.config ?? emptyJson,
    checkpoint: checkpointOf(given),
  };
};

const checkpointOf = (given: ContainerOptions): FakeCheckpoint => {
  const created = { ...zero, createdAt: (given.createdAt ?? fakeTime) + second };
  const running = { ...created, pid: fakePid(given.id), startedAt: created.createdAt + second };
  const exited = { ...running, finishedAt: running.startedAt + 60n * second };
  const sound = (status: ContainerStatus): FakeCheckpoint => ({
    _tag: 'Sound',
    checkpoint: { status: { ...status, ...given.status }, rest: emptyJson },
  });
  switch (given.checkpoint ?? 'RUNNING') {
    case 'ZERO':
      return sound(zero);
    case 'CREATED':
      return sound(created);
    case 'RUNNING':
      return sound(running);
    case 'EXITED':
      return sound(exited);
    case 'absent':
      return { _tag: 'Absent' };
    case 'corrupt':
      return { _tag: 'Unreadable' };
    case 'foreign':
      return { _tag: 'Unreadable', foreignVersion: 'v2' };
  }
};

const zero: ContainerStatus = {
  pid: 0,
  createdAt: 0n,
  startedAt: 0n,
  finishedAt: 0n,
  exitCode: 0,
  reason: '',
  message: '',
  unknown: false,
};
