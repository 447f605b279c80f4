/** Making fake tasks. */
import * as O from 'fp-ts/lib/Option.js';
import type { Task, TaskState } from '../core/task.js';
import { fakeTime, second } from './fake-time.js';

/** A running task, or one in another state; a stopped one has exited with 0 a minute after `fakeTime`. */
export const fakeTask = (given: Pick<Task, 'id'> & Partial<Task>): Task => ({
  pid: fakePid(given.id),
  state: 'running',
  exitStatus: 0,
  exitedAt: given.state === 'stopped' ? O.some(fakeTime + 60n * second) : O.none,
  stdio: {
    stdin: '',
    stdout: `/fake/fifo/${given.id}-stdout`,
    stderr: `/fake/fifo/${given.id}-stderr`,
    terminal: false,
  },
  ...given,
});

/** The task of an item as the options name it: by its state, or that there is none. */
export const taskOf = (
  id: string,
  task: TaskState | 'absent' | 'half-deleted' = 'running',
): { readonly task: Task | undefined; readonly halfDeleted?: boolean } => {
  switch (task) {
    case 'absent':
      return { task: undefined };
    case 'half-deleted':
      return { task: undefined, halfDeleted: true };
    default:
      return { task: fakeTask({ id, state: task }) };
  }
};

/** The pid that fakes give to an id: always the same, above 1000, and of two ids hardly ever one. */
export const fakePid = (id: string): number =>
  1001 + [...id].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 4_000_003, 7);
