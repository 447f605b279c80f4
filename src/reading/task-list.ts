/**
 * All tasks in one call where that works, one by one where it does not: one hung shim stalls the list by two seconds for each of its
 * tasks (H5), and what the list lacks may still exist.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';
import { answer, withDeadline } from '../bounds/deadline.js';
import type { Id } from '../core/identity.js';
import type { Reading } from '../core/observation.js';
import type { Task } from '../core/task.js';
import type { ReadPorts } from '../ports/index.js';
import type { Lists } from './lists.js';
import { tell } from './tell.js';

/** Reads the task of one id. */
export type ReadTask = (id: Id, signal: AbortSignal) => T.Task<Reading<Task>>;

/** How long the list may take, in milliseconds: a shim answers within one, and is given two. */
const patienceFor = (expected: number): number => 100 + 2 * expected;

/** Asks for the list once; the reader it yields answers from the list, and asks containerd for what the list lacks. */
export const readTasks =
  (
    ports: Pick<ReadPorts, 'tasks' | 'log'>,
    { sandboxes, containers }: Pick<Lists, 'sandboxes' | 'containers'>,
    signal: AbortSignal,
  ): T.Task<ReadTask> =>
  async () => {
    const patience = patienceFor(sandboxes.length + containers.length);
    const call = { port: 'tasks', operation: 'list', subject: '' } as const;
    const listed = await withDeadline(patience, signal, (short) => answer(call, () => ports.tasks.list(), short))();
    if (E.isLeft(listed) && listed.left._tag === 'TimedOut') {
      tell(ports.log, { _tag: 'TaskListStalled', afterMs: patience });
    }
    const byId = new Map<string, Task>(E.isRight(listed) ? listed.right.map((task) => [task.id, task]) : []);
    return (id, itemSignal) => {
      const known = O.fromNullable(byId.get(id));
      if (O.isSome(known)) return async () => E.right(known.value);
      return answer({ port: 'tasks', operation: 'get', subject: id }, () => ports.tasks.get(id), itemSignal);
    };
  };
