/** Writing to the standard input of a container. */
import { constants } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import type { PortError } from '../core/failure.js';
import type { TaskStdio } from '../core/task.js';
import { type Call, fromErrno, type PortCall, portError } from '../ports/index.js';
import { openFifo, refusePath } from './fifo.js';
import { callOf } from './io-call.js';

/**
 * Opens the standard input of a task, once its shim reads it: that is a moment after the task was created, and waited for one second.
 * `NotFound` for a task without stdin, `Unavailable` where nobody reads. A full pipe holds back the stream; it fails with EPIPE when the task
 * has ended. Ending it closes only this end: the shim keeps one of its own until containerd is told to `CloseIO`.
 */
export const openStdin =
  ({ stdin }: Pick<TaskStdio, 'stdin'>): PortCall<Writable> =>
  (signal) =>
  async () => {
    const call = callOf('openStdin', stdin);
    if (stdin === '') return E.left(portError('NotFound', call, 'the task has no stdin'));
    const refusal = refusePath(call, stdin);
    if (refusal !== undefined) return E.left(refusal);
    try {
      signal.throwIfAborted();
      const opened = await openRead(call, stdin, signal);
      if (E.isLeft(opened)) return opened;
      if (signal.aborted) await fse.close(opened.right);
      signal.throwIfAborted();
      return E.right(new Socket({ fd: opened.right, readable: false, writable: true }));
    } catch (thrown) {
      return E.left(signal.aborted ? portError('TimedOut', call, 'given up waiting') : fromErrno(call, thrown));
    }
  };

const patienceMs = 1_000;
const askAgainMs = 10;

/**
 * Opened with O_RDWR it would never fail, being its own reader; but then what is written for a task that has ended would vanish without an
 * error, until the pipe is full and the stream hangs. With O_WRONLY both are errors.
 */
const openRead = async (call: Call, path: string, signal: AbortSignal): Promise<E.Either<PortError, number>> => {
  for (let waited = 0; ; waited += askAgainMs) {
    const opened = await openFifo(call, path, constants.O_WRONLY);
    const isUnread = E.isLeft(opened) && opened.left._tag === 'Unavailable';
    if (!isUnread || waited >= patienceMs) return opened;
    await pause(askAgainMs, undefined, { signal });
  }
};
