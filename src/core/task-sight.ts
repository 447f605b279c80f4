/**
 * A reading of a task, as the decision tables tell them apart.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Reading } from './observation.js';
import type { Task } from './task.js';

export type TaskSight =
  /** Half deleted: containerd holds it yet, its shim does not. The same is seen for a moment of a task that somebody begins to make. */
  | { readonly _tag: 'Absent'; readonly halfDeleted: boolean }
  /** An error, no answer in time, or containerd's state 0, which is what it says of a shim that hangs. */
  | { readonly _tag: 'Unanswered'; readonly isError: boolean; readonly why: string }
  | { readonly _tag: 'Created' | 'Running' | 'Paused' | 'Stopped'; readonly task: Task };

/** What was seen of a task; pausing counts as paused. */
export const sightTask = (reading: Reading<Task>): TaskSight => {
  if (E.isLeft(reading)) {
    return reading.left._tag === 'NotFound'
      ? { _tag: 'Absent', halfDeleted: reading.left.halfDeleted ?? false }
      : { _tag: 'Unanswered', isError: true, why: reading.left.message };
  }
  const task = reading.right;
  switch (task.state) {
    case 'unknown':
      return { _tag: 'Unanswered', isError: false, why: 'containerd could not get its state from the shim' };
    case 'created':
      return { _tag: 'Created', task };
    case 'running':
      return { _tag: 'Running', task };
    case 'paused':
    case 'pausing':
      return { _tag: 'Paused', task };
    case 'stopped':
      return { _tag: 'Stopped', task };
  }
};

/** True unless the task is known to be over: only then may nobody wait for its exit. */
export const mayBeAlive = (sight: TaskSight): boolean => sight._tag !== 'Absent' && sight._tag !== 'Stopped';
