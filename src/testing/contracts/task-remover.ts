/** The contract of `TaskRemover`, seen through the reader beside it. */
import assert from 'node:assert/strict';
import type { Id } from '../../core/identity.js';
import type { TaskReader, TaskRemover } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { heedsSignal } from './every-call.js';

/** What the checks need. */
export interface TaskRemoverWorld {
  readonly port: TaskReader & TaskRemover;
  /** Makes a task in this state, which stays in it unless the port does something. */
  readonly taskIn: (state: 'created' | 'running' | 'paused' | 'stopped') => Promise<Id>;
  /** An id that has no task. */
  readonly absent: Id;
}

/** What every `TaskRemover` keeps. */
export const taskRemoverContract = (arrange: Arrange<TaskRemoverWorld>): ReadonlyArray<Check> => [
  ...heedsSignal(arrangeStopped(arrange), remove, ({ port, stopped }) => port.delete(stopped, true)),
  ...(['created', 'stopped'] as const).map((state) => ({
    name: `tasks delete: deletes a task that is ${state}, without leave to kill`,
    run: async () => {
      const { port, taskIn } = await arrange();
      const id = await taskIn(state);
      await successOf(port.delete(id, false));
      await expectNone(port, id);
    },
  })),
  ...(['running', 'paused'] as const).flatMap((state) => [
    {
      name: `tasks delete: refuses a task that is ${state}, which stays as it is, without leave to kill`,
      run: async () => {
        const { port, taskIn } = await arrange();
        const id = await taskIn(state);
        const before = await successOf(port.get(id));
        await errorOf(port.delete(id, false), { ...remove, tag: refusals, subject: id });
        assert.deepStrictEqual(await successOf(port.get(id)), before);
      },
    },
    {
      name: `tasks delete: kills a task that is ${state} and deletes it, with leave to`,
      run: async () => {
        const { port, taskIn } = await arrange();
        const id = await taskIn(state);
        await successOf(port.delete(id, true));
        await expectNone(port, id);
      },
    },
  ]),
  {
    name: 'tasks delete: NotFound without a task, the second time included, with leave to kill or without',
    run: async () => {
      const { port, stopped, absent } = await arrangeStopped(arrange)();
      await successOf(port.delete(stopped, false));
      for (const id of [stopped, absent])
        for (const mayKill of [false, true])
          await errorOf(port.delete(id, mayKill), { ...remove, tag: ['NotFound'], subject: id });
    },
  },
  {
    name: 'tasks delete: deletes and kills nothing when the signal has fired before',
    run: async () => {
      const { port, taskIn } = await arrange();
      for (const state of ['running', 'stopped'] as const) {
        const id = await taskIn(state);
        const before = await successOf(port.get(id));
        await errorOf(port.delete(id, true), { ...remove, tag: ['TimedOut'], subject: id }, AbortSignal.abort());
        assert.deepStrictEqual(await successOf(port.get(id)), before);
      }
    },
  },
  {
    name: 'tasks delete: leaves all other tasks alone',
    run: async () => {
      const { port, taskIn, stopped } = await arrangeStopped(arrange)();
      const other = await taskIn('running');
      const before = await successOf(port.get(other));
      await successOf(port.delete(stopped, true));
      assert.deepStrictEqual(await successOf(port.get(other)), before);
    },
  },
];

const remove: Operation = { port: 'tasks', operation: 'delete' };
const refusals = ['Unexpected', 'Denied'] as const;

const arrangeStopped = (arrange: Arrange<TaskRemoverWorld>) => async () => {
  const world = await arrange();
  return { ...world, stopped: await world.taskIn('stopped') };
};

const expectNone = async (port: TaskReader, id: Id): Promise<void> => {
  await errorOf(port.get(id), { port: 'tasks', operation: 'get', tag: ['NotFound'], subject: id });
  assert.ok(!(await successOf(port.list())).some((task) => task.id === id), 'it is not listed');
};
