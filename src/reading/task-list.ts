/**
 * All tasks in one call where that works, one by one where it does not: one hung shim stalls the list by two seconds for each of its
 * tasks (H5), and what the list lacks may still exist: it does not where there is not even a bundle of it.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';
import { breathing } from '../bounds/breathing.js';
import { answer, withDeadline } from '../bounds/deadline.js';
import type { RecordFields } from '../core/metadata.js';
import type { Reading } from '../core/observation.js';
import type { Task } from '../core/task.js';
import { eachInTurns } from '../core/turns.js';
import { portError, type ReadPorts } from '../ports/index.js';
import type { Tell } from '../telling/tell.js';
import type { Lists } from './lists.js';

/** Reads the task of one record. */
export type ReadTask = (record: Pick<RecordFields, 'id' | 'runtime'>, signal: AbortSignal) => T.Task<Reading<Task>>;

/** How long the list may take, in milliseconds: a shim answers within one, and is given two. */
const patienceFor = (expected: number): number => 100 + 2 * expected;

/** Asks for the list once; the reader it yields answers from the list, and asks containerd where that is not enough. */
export const readTasks =
  (
    ports: Pick<ReadPorts, 'tasks' | 'directories' | 'location'>,
    tell: Tell,
    { sandboxes, containers }: Pick<Lists, 'sandboxes' | 'containers'>,
    signal: AbortSignal,
  ): T.Task<ReadTask> =>
  async () => {
    const patience = patienceFor(sandboxes.length + containers.length);
    const [listed, bundles] = await withDeadline(patience, signal, (short) => listWithBundles(ports, short))();
    if (E.isLeft(listed) && listed.left._tag === 'TimedOut') {
      tell({ _tag: 'TaskListStalled', afterMs: patience });
    }
    const byId = new Map<string, Task>();
    if (E.isRight(listed)) await breathing(() => eachInTurns(listed.right, (task) => void byId.set(task.id, task)))();
    const bundleIds = new Set<string>();
    if (E.isRight(bundles)) await breathing(() => eachInTurns(bundles.right, (id) => void bundleIds.add(id)))();
    const withBundle = E.isRight(listed) && E.isRight(bundles) ? bundleIds : undefined;
    return ({ id, runtime }, itemSignal) => {
      const call = { port: 'tasks', operation: 'get', subject: id } as const;
      const known = O.fromNullable(byId.get(id));
      if (O.isSome(known)) return async () => E.right(known.value);
      // Both say so: nobody need be asked for every container that ended long ago.
      const isGone = withBundle?.has(id) === false && hasBundles(runtime);
      if (isGone) return async () => E.left(portError('NotFound', call, 'there is no such task'));
      return answer(call, () => ports.tasks.get(id), itemSignal);
    };
  };

const listWithBundles =
  (
    { tasks, directories, location: { namespace } }: Pick<ReadPorts, 'tasks' | 'directories' | 'location'>,
    signal: AbortSignal,
  ): T.Task<readonly [Reading<ReadonlyArray<Task>>, Reading<ReadonlyArray<string>>]> =>
  // The bundles after the list: a task that comes in between is then asked for.
  async () => {
    const list = { port: 'tasks', operation: 'list', subject: '' } as const;
    const listed = await answer(list, () => tasks.list(), signal)();
    const call = { port: 'directories', operation: 'taskBundles', subject: namespace } as const;
    return [listed, await answer(call, () => directories.taskBundles(namespace), signal)()];
  };

/** Those of the runtime v1, which 1.6 still has, are elsewhere. */
const hasBundles = (runtime: string): boolean => !runtime.startsWith('io.containerd.runtime.v1.');
