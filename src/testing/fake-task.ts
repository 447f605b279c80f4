/** Making fake tasks. */
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from '../core/task.js';
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

/** The pid that fakes give to an id: always the same, above 1000, and of two ids hardly ever one. */
export const fakePid = (id: string): number =>
  1001 + [...id].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 4_000_003, 7);
