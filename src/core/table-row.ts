/**
 * The rows of the two decision tables by name: what selects a row is its name, and it stays the same whatever a policy makes of it.
 */
import type { Recalled } from './recall-checkpoint.js';
import type { TaskSight } from './task-sight.js';

/** A row of a table. */
export interface TableRow {
  /** As in `container: running × LOST` or `sandbox: stopped`; stable from release to release. */
  readonly id: string;
  /** What the row goes by, in one sentence. */
  readonly rule: string;
}

/** A task as the tables tell tasks apart. `unknown` is state 0, containerd's answer for a shim that hangs; `unanswered` is no answer from containerd. */
export type TaskWord =
  | 'absent'
  | 'half-deleted'
  | 'unanswered'
  | 'unknown'
  | 'created'
  | 'running'
  | 'paused'
  | 'stopped';

const taskWords: ReadonlyArray<TaskWord> = [
  'absent',
  'half-deleted',
  'unanswered',
  'unknown',
  'created',
  'running',
  'paused',
  'stopped',
];
const recalledWords: ReadonlyArray<Recalled['says']> = ['LOST', 'ZERO', 'CREATED', 'RUNNING', 'EXITED'];

const containerRowId = (task: TaskWord, says: Recalled['says']): string => `container: ${task} × ${says}`;
const sandboxRowId = (task: TaskWord): string => `sandbox: ${task}`;

/** The id of every row there is. */
export const tableRowIds: ReadonlyArray<string> = [
  ...taskWords.flatMap((task) => recalledWords.map((says) => containerRowId(task, says))),
  ...taskWords.map(sandboxRowId),
];

/** What a task is called in the id of a row. */
export const taskWord = (sight: TaskSight): TaskWord => {
  switch (sight._tag) {
    case 'Absent':
      return sight.halfDeleted ? 'half-deleted' : 'absent';
    case 'Unanswered':
      return sight.isError ? 'unanswered' : 'unknown';
    case 'Created':
      return 'created';
    case 'Running':
      return 'running';
    case 'Paused':
      return 'paused';
    case 'Stopped':
      return 'stopped';
  }
};

/** The row that a container is decided by. */
export const containerRow = (sight: TaskSight, says: Recalled['says']): TableRow => ({
  id: containerRowId(taskWord(sight), says),
  rule: containerRule(sight, says),
});

/** The row that a sandbox is decided by. */
export const sandboxRow = (sight: TaskSight): TableRow => ({
  id: sandboxRowId(taskWord(sight)),
  rule: sandboxRule(sight),
});

const containerRule = (sight: TaskSight, says: Recalled['says']): string => {
  switch (sight._tag) {
    case 'Absent':
      return absentRule(says);
    case 'Unanswered':
      return 'the task does not answer: it may be alive, and what the checkpoint says cannot be confirmed';
    case 'Created':
      return says === 'CREATED'
        ? 'a start was cut short: the task it left behind goes, and the container can be started again'
        : 'the task was never started, and the checkpoint does not say so';
    case 'Running':
      return runningRule(says);
    case 'Paused':
      return 'the task is paused: its processes are there and stand still';
    case 'Stopped':
      return 'the task has stopped: its exit code and time count, even against the checkpoint';
  }
};

const absentRule = (says: Recalled['says']): string => {
  switch (says) {
    case 'CREATED':
      return 'it was created and not started yet: it needs no task';
    case 'RUNNING':
      return 'it ran, and its task is gone: it has ended, and nobody saw it end';
    case 'EXITED':
      return 'it has ended, and its checkpoint has the exit';
    case 'ZERO':
    case 'LOST':
      return 'neither a task nor a checkpoint says what it is';
  }
};

const runningRule = (says: Recalled['says']): string => {
  switch (says) {
    case 'RUNNING':
      return 'task and checkpoint agree: it runs';
    case 'EXITED':
      return 'the task is alive, and the checkpoint says that the container has ended';
    case 'CREATED':
      return 'the task runs: it was started, and its checkpoint had no time to say so';
    case 'ZERO':
    case 'LOST':
      return 'the task runs, and there is no checkpoint that says since when';
  }
};

const sandboxRule = (sight: TaskSight): string => {
  switch (sight._tag) {
    case 'Absent':
      return sight.halfDeleted
        ? 'its task is gone but for what containerd still holds of it'
        : 'its task is gone, and the pod with it';
    case 'Unanswered':
      return sight.isError
        ? 'containerd could not be asked for its task: the pod may be up'
        : 'its shim does not answer containerd: the pod may be up';
    case 'Created':
      return 'its task was never started: the pod was being made when the node went down';
    case 'Running':
      return 'its task runs, and so the pod is up';
    case 'Paused':
      return 'its task is paused: the pod is there and stands still';
    case 'Stopped':
      return 'its task has stopped, and the pod with it';
  }
};
