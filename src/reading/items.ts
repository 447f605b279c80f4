/**
 * Reading one sandbox, container or image with everything the tables ask of it.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';
import { answer } from '../bounds/deadline.js';
import { containerState } from '../core/container-status.js';
import type { ContainerRecord, SandboxRecord } from '../core/metadata.js';
import type { ImageRecord, ObservedContainer, ObservedImage, ObservedSandbox, Reading } from '../core/observation.js';
import type { Task } from '../core/task.js';
import { type PortError, type PortName, portError, type ReadPorts } from '../ports/index.js';
import type { ReadTask } from './task-list.js';

export const readSandbox =
  (
    ports: Pick<ReadPorts, 'host'>,
    readTask: ReadTask,
    record: SandboxRecord,
    signal: AbortSignal,
  ): T.Task<ObservedSandbox> =>
  async () => {
    const [task, netns] = await Promise.all([readTask(record, signal)(), readNetnsOf(ports, record, signal)()]);
    return { record, task, netns };
  };

/** Whether the sandbox's network namespace is mounted; none on the host's network. */
export const readNetnsOf =
  (
    ports: Pick<ReadPorts, 'host'>,
    { metadata: { hostNetwork, netnsPath } }: SandboxRecord,
    signal: AbortSignal,
  ): T.Task<O.Option<Reading<boolean>>> =>
  async () => {
    if (hostNetwork || netnsPath === '') return O.none;
    const call = { port: 'host', operation: 'hasNetworkNamespace', subject: netnsPath } as const;
    return O.some(await answer(call, () => ports.host.hasNetworkNamespace(netnsPath), signal)());
  };

export const readContainer =
  (
    ports: Pick<ReadPorts, 'checkpoints' | 'host'>,
    readTask: ReadTask,
    record: ContainerRecord,
    signal: AbortSignal,
  ): T.Task<ObservedContainer> =>
  async () => {
    const call = { port: 'checkpoints', operation: 'read', subject: record.id } as const;
    const [task, checkpoint] = await Promise.all([
      readTask(record, signal)(),
      answer(call, () => ports.checkpoints.read(record.id), signal)(),
    ]);
    const isUndated = E.isLeft(checkpoint) || containerState(checkpoint.right.status) === 'UNKNOWN';
    const pid = pidToDate(task, isUndated);
    const processStartedAt = O.isNone(pid) ? O.none : O.some(await readProcess(ports, pid.value, signal)());
    return { record, task, checkpoint, processStartedAt };
  };

/** A sandbox that has not been read yet. */
export const unreadSandbox = (record: SandboxRecord): ObservedSandbox => ({
  record,
  task: E.left(notYet('tasks', 'get', record.id)),
  netns: O.none,
});

/** A container that has not been read yet. */
export const unreadContainer = (record: ContainerRecord): ObservedContainer => ({
  record,
  task: E.left(notYet('tasks', 'get', record.id)),
  checkpoint: E.left(notYet('checkpoints', 'read', record.id)),
  processStartedAt: O.none,
});

const notYet = (port: PortName, operation: string, subject: string): PortError =>
  portError('TimedOut', { port, operation, subject }, 'no answer yet');

/** The process worth asking when it started: of a living task whose checkpoint does not say. */
export const pidToDate = (task: Reading<Task>, isUndated: boolean): O.Option<number> => {
  if (!isUndated || E.isLeft(task)) return O.none;
  const { state, pid } = task.right;
  const isAlive = state === 'running' || state === 'paused' || state === 'pausing';
  return isAlive && pid > 0 ? O.some(pid) : O.none;
};

export const readProcess = (
  ports: Pick<ReadPorts, 'host'>,
  pid: number,
  signal: AbortSignal,
): T.Task<Reading<bigint>> =>
  answer(
    { port: 'host', operation: 'processStartedAt', subject: `${pid}` },
    () => ports.host.processStartedAt(pid),
    signal,
  );

export const readImage =
  (ports: Pick<ReadPorts, 'images'>, record: ImageRecord, signal: AbortSignal): T.Task<ObservedImage> =>
  async () => {
    const call = { port: 'images', operation: 'content', subject: record.name } as const;
    const content = await answer(call, () => ports.images.content(record), signal)();
    return { record, content };
  };
