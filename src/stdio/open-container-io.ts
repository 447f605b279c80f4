/** The composition of the stdio adapter: which containers are being read, one thing at a time for each. */
import { resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PortError } from '../core/failure.js';
import type { Id } from '../core/identity.js';
import type { TaskStdio } from '../core/task.js';
import { type ContainerIo, type PortCall, portError } from '../ports/index.js';
import { type Attachment, attachTo } from './attachment.js';
import { removeMade } from './fifo-set.js';
import { callOf, ioCall, type Work } from './io-call.js';
import type { LogTrouble } from './log-trouble.js';
import { fifoSetMaker } from './make-fifo-sets.js';
import { makeSlots } from './slots.js';
import { makeTurns } from './turns.js';

/** Where FIFOs are made, and who is told of logs that cannot be written. */
export interface ContainerIoOptions {
  /** The CRI plugin's state directory, by default `/run/containerd/io.containerd.grpc.v1.cri`; a relative path is resolved. */
  readonly state: string;
  /** Told when the log of a container cannot be written, and when it can again. */
  readonly onTrouble?: (trouble: LogTrouble) => void;
}

/** The port, and its end. */
export interface ContainerIoAdapter extends ContainerIo {
  /** Lets go of every container; resolves when all that was read is in the logs and nothing is open. Later calls are `Unavailable`. */
  readonly close: () => Promise<void>;
}

/** Of the four threads that Node does file work on, those that logs may keep waiting. */
const mostWrites = 2;

/**
 * The standard streams of containers on this machine. Opens nothing by itself.
 *
 * @example
 * const io = openContainerIo({ state: './state' });
 * const streams = { stdin: '', stdout: '/no/such/fifo', stderr: '', terminal: false };
 * const answer = await io.attach(fakeId('4f53cda18c2b'), streams, './log')(new AbortController().signal)();
 * assert.strictEqual(E.isLeft(answer) && answer.left._tag, 'NotFound');
 * await io.close();
 */
export const openContainerIo = ({ state, onTrouble = () => undefined }: ContainerIoOptions): ContainerIoAdapter => {
  const directory = resolve(state);
  const attached = new Map<string, Attachment>();
  const turns = makeTurns();
  const slots = makeSlots(mostWrites);
  const makeFifoSet = fifoSetMaker(directory);
  let isClosed = false;

  const call = <A>(operation: string, id: Id, { run, ...rest }: Work<A>): PortCall<A> =>
    ioCall(turns, operation, id, {
      ...rest,
      run: async () =>
        isClosed ? E.left(portError('Unavailable', callOf(operation, id), 'the adapter is closed')) : run(),
    });

  const letGo = async (id: string): Promise<void> => {
    await attached.get(id)?.letGo();
    attached.delete(id);
  };

  /** On the right what this call has attached, nothing where it was attached already. */
  const attach = async (
    id: Id,
    stdio: TaskStdio,
    path: string,
  ): Promise<E.Either<PortError, Attachment | undefined>> => {
    if (attached.get(id)?.hasEnded() === false) return E.right(undefined);
    await letGo(id);
    const made = await attachTo(callOf('attach', id), stdio, { id, path, slots, onTrouble });
    if (E.isRight(made)) {
      attached.set(id, made.right);
      void made.right.ended.then(() =>
        turns.take(id, async () => {
          if (attached.get(id) === made.right) await letGo(id);
        }),
      );
    }
    return made;
  };

  return {
    attach: (id, stdio, logPath) => (signal) =>
      pipe(
        call('attach', id, {
          run: () => attach(id, stdio, logPath),
          undo: async (mine) => (mine === undefined ? undefined : letGo(id)),
        })(signal),
        TE.map(() => undefined),
      ),
    create: (id, streams) =>
      call('create', id, {
        run: () => makeFifoSet({ id, ...streams }),
        undo: (stdio) => removeMade(directory, id, stdio),
      }),
    reopenLog: (id) =>
      call('reopenLog', id, {
        run: async () => {
          const reopening = callOf('reopenLog', id);
          const attachment = attached.get(id);
          if (attachment === undefined || attachment.hasEnded())
            return E.left(portError('NotFound', reopening, 'not attached, or its streams have ended'));
          return attachment.reopenLog(reopening);
        },
      }),
    detach: (id) => call('detach', id, { run: async () => E.right(await letGo(id)) }),
    close: async () => {
      isClosed = true;
      const ids = new Set([...attached.keys(), ...turns.keys()]);
      await Promise.all([...ids].map((id) => turns.take(id, () => letGo(id))));
    },
  };
};
