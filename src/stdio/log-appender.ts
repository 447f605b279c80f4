/** Appending to one open log file, whole lines only, whatever the disk does: what it does not take is dropped and counted, as containerd does. */
import { Buffer } from 'node:buffer';
import fse from 'fs-extra';
import { log } from './io-call.js';
import type { LogLines } from './log-lines.js';
import { remainsOf, untorn } from './torn-lines.js';

/** What came of a write: how many lines were dropped, and what was thrown if not all were written. */
export interface Appended {
  readonly dropped: number;
  readonly thrown?: unknown;
}

export interface LogAppender {
  /** Writes what it owes of an earlier line, then the lines. Never rejects, and must not be called before the last has ended. */
  readonly append: (lines: LogLines) => Promise<Appended>;
  /** Closes the file at the end of a line, which may mean to take a torn one back. */
  readonly close: () => Promise<Appended>;
}

/** An appender on a descriptor, which it closes. */
export const logAppender = (descriptor: number): LogAppender => {
  let remains = untorn;
  const append = async (lines: LogLines): Promise<Appended> => {
    const bytes = remains.owed.length === 0 ? lines.bytes : Buffer.concat([remains.owed, lines.bytes]);
    const { written, ...failure } = await writeAll(descriptor, bytes);
    remains = remainsOf(remains, lines, written);
    return { dropped: remains.dropped, ...failure };
  };
  return {
    append,
    close: async () => {
      const last = await append(nothing);
      const isTorn = remains.owed.length > 0;
      if (isTorn) await takeBack(descriptor, remains.taken);
      await fse.close(descriptor).catch((thrown: unknown) => log('closing a log: %s', thrown));
      return { ...last, dropped: isTorn ? 1 : 0 };
    },
  };
};

const nothing: LogLines = { bytes: Buffer.alloc(0), ends: [] };

/** The kernel may take a part, and tell why not the rest only when asked again. */
const writeAll = async (
  descriptor: number,
  bytes: Buffer,
): Promise<{ readonly written: number; readonly thrown?: unknown }> => {
  let written = 0;
  try {
    while (written < bytes.length) {
      const { bytesWritten } = await fse.write(descriptor, bytes, written, bytes.length - written, null);
      if (bytesWritten === 0) throw new Error('the disk takes nothing and gives no reason');
      written += bytesWritten;
    }
    return { written };
  } catch (thrown) {
    return { written, thrown };
  }
};

/** Nobody will come to write the rest of the line, so its beginning goes too; a full disk allows that. */
const takeBack = async (descriptor: number, taken: number): Promise<void> => {
  try {
    const { size } = await fse.fstat(descriptor);
    await fse.ftruncate(descriptor, Math.max(0, size - taken));
  } catch (thrown) {
    log('a log ends in the middle of a line: %s', thrown);
  }
};
