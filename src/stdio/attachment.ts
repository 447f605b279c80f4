/** One container being read: its FIFOs, the log they go to, and the loop between. */
import { constants } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import type { PortError } from '../core/failure.js';
import type { TaskStdio } from '../core/task.js';
import { type Call, type Clock, systemClock } from '../ports/index.js';
import { type ContainerLog, type LogOptions, openContainerLog } from './container-log.js';
import { openFifo, refusePath } from './fifo.js';
import { linesOf, type StreamName } from './log-lines.js';
import { noOutput, restOfOutput, splitOutput } from './log-records.js';
import { type FifoReader, readFifo } from './read-fifo.js';

export interface Attachment {
  readonly reopenLog: ContainerLog['reopen'];
  /** Resolves when the last stream has ended, by itself or not, and all that was read of it is written. */
  readonly ended: Promise<void>;
  readonly hasEnded: () => boolean;
  /** Stops reading; resolves when what was read is in the log and the log is closed. */
  readonly letGo: () => Promise<void>;
}

/** Opens all that there is to read and the log, and only then takes the first byte out of a pipe: what fails has lost nothing. */
export const attachTo = async (
  call: Call,
  stdio: TaskStdio,
  options: LogOptions,
): Promise<E.Either<PortError, Attachment>> => {
  const sources = sourcesOf(stdio);
  const refusal = sources.map(({ path }) => refusePath(call, path)).find((error) => error !== undefined);
  if (refusal !== undefined) return E.left(refusal);
  const opened: Array<Source & { readonly descriptor: number }> = [];
  const giveUp = async (error: PortError): Promise<E.Either<PortError, never>> => {
    for (const { descriptor } of opened) await fse.close(descriptor);
    return E.left(error);
  };
  for (const source of sources) {
    const fifo = await openFifo(call, source.path, constants.O_RDONLY);
    if (E.isLeft(fifo)) return giveUp(fifo.left);
    opened.push({ ...source, descriptor: fifo.right });
  }
  const log = await openContainerLog(call, options);
  if (E.isLeft(log)) return giveUp(log.left);
  const readers = opened.map(({ name, path, descriptor }) => ({ name, reader: readFifo(descriptor, path) }));
  return E.right(pumping(readers, log.right));
};

interface Source {
  readonly name: StreamName;
  readonly path: string;
}

/** A terminal has one output, and containerd makes a FIFO for stderr all the same. */
const sourcesOf = ({ stdout, stderr, terminal }: TaskStdio): ReadonlyArray<Source> => {
  const sources: ReadonlyArray<Source> = [
    { name: 'stdout', path: stdout },
    { name: 'stderr', path: terminal ? '' : stderr },
  ];
  return sources.filter(({ path }) => path !== '');
};

const pumping = (
  streams: ReadonlyArray<{ readonly name: StreamName; readonly reader: FifoReader }>,
  log: ContainerLog,
): Attachment => {
  let hasEnded = false;
  const pumps = streams.map(({ name, reader }) => pump(reader, name, log, systemClock));
  const ended = Promise.all(pumps).then(() => {
    hasEnded = true;
  });
  return {
    reopenLog: log.reopen,
    ended,
    hasEnded: () => hasEnded,
    letGo: async () => {
      for (const { reader } of streams) reader.stop();
      await ended;
      await log.close();
    },
  };
};

/** Reads on only when what was read is written: a slow disk holds back the container, and one piece is all that is kept in memory. */
const pump = async (reader: FifoReader, name: StreamName, log: ContainerLog, clock: Clock): Promise<void> => {
  let held = noOutput;
  for await (const chunk of reader.chunks) {
    const split = splitOutput(held, chunk);
    held = split.held;
    await log.write(linesOf(name, clock.now(), split.records));
  }
  await log.write(linesOf(name, clock.now(), restOfOutput(held)));
};
