/** The log of one container, which its streams share: lines in the order they are given, through few places, and reopened between two writes. */
import * as E from 'fp-ts/lib/Either.js';
import type { PortError } from '../core/failure.js';
import type { Id } from '../core/identity.js';
import { type Call, fromErrno } from '../ports/index.js';
import { callOf, log } from './io-call.js';
import { type Appended, type LogAppender, logAppender } from './log-appender.js';
import { openLogFile } from './log-file.js';
import type { LogLines } from './log-lines.js';
import type { LogTrouble } from './log-trouble.js';
import type { Slots } from './slots.js';
import { endTornRecord } from './torn-end.js';
import { makeTurns } from './turns.js';

export interface ContainerLog {
  /** Resolves when the lines are written, or dropped because they cannot be. */
  readonly write: (lines: LogLines) => Promise<void>;
  /** Goes on in the file that is at the path now; on the left it goes on as before. */
  readonly reopen: (call: Call) => Promise<E.Either<PortError, void>>;
  readonly close: () => Promise<void>;
}

export interface LogOptions {
  readonly id: Id;
  readonly path: string;
  readonly slots: Slots;
  readonly onTrouble: (trouble: LogTrouble) => void;
}

/** Opens the log at a path; without a path what is written goes nowhere. */
export const openContainerLog = async (call: Call, options: LogOptions): Promise<E.Either<PortError, ContainerLog>> => {
  if (options.path === '') return E.right(discardingLog);
  const opened = await options.slots(async () => {
    const file = await openLogFile(call, options.path);
    if (E.isRight(file))
      await endTornRecord(options.path, file.right).catch((thrown) => log('the end of a log: %s', thrown));
    return file;
  });
  return E.isLeft(opened) ? opened : E.right(containerLog(options, logAppender(opened.right)));
};

/** Where containerd has its discard logger: a container without a log still has to be read. */
const discardingLog: ContainerLog = {
  write: async () => undefined,
  reopen: async () => E.right(undefined),
  close: async () => undefined,
};

const containerLog = ({ id, path, slots, onTrouble }: LogOptions, first: LogAppender): ContainerLog => {
  const turns = makeTurns();
  const inOrder = <A>(run: () => Promise<A>): Promise<A> => turns.take(id, run);
  const count = countDropped(id, onTrouble);
  let appender = first;
  return {
    write: (lines) =>
      inOrder(async () => {
        if (lines.ends.length > 0) count.add(await slots(() => appender.append(lines)));
      }),
    reopen: (call) =>
      inOrder(async () => {
        const opened = await slots(() => openLogFile(call, path));
        if (E.isLeft(opened)) return opened;
        const before = appender;
        appender = logAppender(opened.right);
        count.lose(await slots(before.close));
        return E.right(undefined);
      }),
    close: () =>
      inOrder(async () => {
        count.lose(await slots(appender.close));
        count.end();
      }),
  };
};

/** Tells when lines begin to be dropped and when that is over, and not of every one. */
const countDropped = (id: Id, onTrouble: LogOptions['onTrouble']) => {
  let trouble: LogTrouble | undefined;
  const tell = (told: LogTrouble): void => {
    log('the log of %s: %s, %d records dropped: %s', id, told.phase, told.dropped, told.error.message);
    // What the embedder's function throws is not the container's affair, and not to be hidden either.
    queueMicrotask(() => onTrouble(told));
  };
  const end = (): void => {
    if (trouble !== undefined) tell({ ...trouble, phase: 'over' });
    trouble = undefined;
  };
  const lose = ({ dropped, thrown }: Appended): void => {
    if (thrown === undefined) return;
    const before = trouble ?? { id, phase: 'began', error: fromErrno(callOf('write', id), thrown), dropped: 0 };
    const isNew = trouble === undefined;
    trouble = { ...before, dropped: before.dropped + dropped };
    if (isNew) tell(trouble);
  };
  return {
    /** Notes a write; one that succeeds ends the trouble. */
    add: (appended: Appended): void => (appended.thrown === undefined ? end() : lose(appended)),
    /** Notes the end of a file, which ends nothing. */
    lose,
    end,
  };
};
