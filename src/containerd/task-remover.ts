/**
 * Deleting tasks: at once where containerd lets it, which is whatever does not run; otherwise, where that is wanted, as its client does with
 * `WithProcessKill`, kill, wait for the end, delete. A task that was never started is gone with one call, so that it never looks like one that ran and was killed.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PortError, TaskRemover } from '../ports/index.js';
import { ask } from './ask.js';
import type { ContainerdConnection } from './connect.js';

const sigkill = 9;

/** Removes tasks. One whose shim does not answer stays as it is, with the error of the call that got no answer. */
export const taskRemover = (connection: ContainerdConnection): TaskRemover => ({
  delete: (id, mayKill) => (signal) => {
    const call = { port: 'tasks', operation: 'delete', subject: id } as const;
    const task = { containerId: id };
    const kill = ask(connection, call, ({ tasks }, options) =>
      tasks.kill({ ...task, signal: sigkill, all: true }, options),
    );
    const wait = ask(connection, call, ({ tasks }, options) => tasks.wait(task, options));
    const remove = ask(connection, call, ({ tasks }, options) => tasks.delete(task, options));
    const ended = pipe(
      kill(signal),
      unless(hasEnded),
      TE.chain(() => unless(isNotFound)(wait(signal))),
    );
    const afterItsEnd = pipe(
      ended,
      TE.chain(() => remove(signal)),
    );
    return pipe(
      remove(signal),
      TE.orElse((error) => (mayKill && isRefusal(error) ? afterItsEnd : TE.left(error))),
      TE.map(() => undefined),
    );
  },
});

/** The same, with an error that is as good as an answer taken for one. */
const unless =
  (isFine: (error: PortError) => boolean) =>
  (answer: TE.TaskEither<PortError, unknown>): TE.TaskEither<PortError, unknown> =>
    TE.orElse((error: PortError) => (isFine(error) ? TE.right<PortError, unknown>(undefined) : TE.left(error)))(answer);

/** What runs, or is paused, is not deleted. A shim says so in words only. */
const isRefusal = ({ message }: PortError): boolean => /cannot delete a \w+ process/.test(message);

const isNotFound = ({ _tag }: PortError): boolean => _tag === 'NotFound';

/** Nothing left to kill. A shim says so in words only. */
const hasEnded = (error: PortError): boolean =>
  isNotFound(error) || /process already finished|not running/.test(error.message);
