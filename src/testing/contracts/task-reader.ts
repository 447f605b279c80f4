/** The contract of `TaskReader`. */
import assert from 'node:assert/strict';
import type { Id } from '../../core/identity.js';
import type { TaskReader } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { everyCall } from './every-call.js';

/** What the checks need. */
export interface TaskReaderWorld {
  readonly port: TaskReader;
  /** A task that exists and whose shim answers. */
  readonly present: Id;
  /** An id that has no task. */
  readonly absent: Id;
}

/** What every `TaskReader` keeps. */
export const taskReaderContract = (arrange: Arrange<TaskReaderWorld>): ReadonlyArray<Check> => [
  ...everyCall(arrange, list, ({ port }) => port.list()),
  ...everyCall(arrange, get, ({ port, present }) => port.get(present)),
  {
    name: 'tasks get: NotFound for a task that does not exist',
    run: async () => {
      const { port, absent } = await arrange();
      const error = await errorOf(port.get(absent), { ...get, tag: ['NotFound'], subject: absent });
      assert.ok(!('halfDeleted' in error && error.halfDeleted), 'nothing of it is left');
    },
  },
  {
    name: 'tasks list and get agree on a task',
    run: async () => {
      const { port, present, absent } = await arrange();
      const tasks = await successOf(port.list());
      const got = await successOf(port.get(present));
      assert.equal(got.id, present);
      assert.deepStrictEqual(
        tasks.filter((task) => task.id === present),
        [got],
      );
      assert.ok(!tasks.some((task) => task.id === absent));
    },
  },
];

const list: Operation = { port: 'tasks', operation: 'list' };
const get: Operation = { port: 'tasks', operation: 'get' };
