/** containerd's tasks. */
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { goZeroTime, type Task, type TaskState } from '../core/task.js';
import { type PortError, portError, type TaskReader } from '../ports/index.js';
import { ask } from './ask.js';
import type { ContainerdConnection } from './connect.js';
import type { Process } from './proto/gen/tasks_pb.js';
import { toNanoseconds } from './time.js';

/** Reads tasks. One whose shim does not answer has the state `unknown`, after the 2 s that containerd waits for it. */
export const taskReader = (connection: ContainerdConnection): TaskReader => {
  const list = ask(connection, { port: 'tasks', operation: 'list', subject: '' }, async ({ tasks }, options) =>
    byId((await tasks.list({}, options)).tasks.map(toTask)),
  );
  return {
    list: () => list,
    get: (id) => (signal) => {
      const call = { port: 'tasks', operation: 'get', subject: id } as const;
      const get = ask(connection, call, ({ tasks }, options) => tasks.get({ containerId: id }, options));
      return pipe(
        get(signal),
        TE.mapLeft(noteHalfDeleted),
        TE.chainEitherK(({ process }) =>
          process === undefined
            ? E.left(portError('Corrupt', call, 'the answer holds no process'))
            : E.right(toTask(process)),
        ),
      );
    },
  };
};

/** Of a task that it does not hold containerd says so in its own words; these are the shim's. */
const noteHalfDeleted = (error: PortError): PortError =>
  error._tag === 'NotFound' && /container not created/.test(error.message) ? { ...error, halfDeleted: true } : error;

const states: ReadonlyArray<TaskState> = ['unknown', 'created', 'running', 'stopped', 'paused', 'pausing'];

/** containerd lists tasks in no order, another every time. */
const byId = (tasks: ReadonlyArray<Task>): ReadonlyArray<Task> => tasks.toSorted((a, b) => (a.id < b.id ? -1 : 1));

const toTask = ({ id, pid, status, exitStatus, exitedAt, stdin, stdout, stderr, terminal }: Process): Task => ({
  id,
  pid,
  state: states[status] ?? 'unknown',
  exitStatus,
  exitedAt: toExitTime(exitedAt),
  stdio: { stdin, stdout, stderr, terminal },
});

/** Without an exit shims report Go's zero time; a time that is missing or zero would be read as 1970 and means no more. */
const toExitTime = (time: Timestamp | undefined): O.Option<bigint> =>
  pipe(
    O.some(toNanoseconds(time)),
    O.filter((nanoseconds) => nanoseconds !== 0n && nanoseconds !== goZeroTime),
  );
