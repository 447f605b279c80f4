/**
 * Reading a FIFO piece by piece, by hand: nothing is taken out of the pipe but what is asked for and one piece in advance, so that a reader
 * that does not keep up holds back the writer. The waiting is the kernel's and takes no thread.
 */
import { Socket } from 'node:net';
import fse from 'fs-extra';
import { errnoOf } from '../ports/index.js';
import { log } from './io-call.js';

export interface FifoReader {
  /** What is written to the FIFO, as it comes, until its last writer has closed it or `stop` is called. To be gone through once. */
  readonly chunks: AsyncIterable<Buffer>;
  /**
   * Closes the read end in one step with taking what was read in advance and what is left in the pipe, which still come: with its last reader
   * a pipe that nobody writes to any more is gone.
   */
  readonly stop: () => void;
}

/** Reads from an open descriptor, which it closes when it stops or the FIFO ends. */
export const readFifo = (descriptor: number, path: string): FifoReader => {
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  const ready: Buffer[] = [];
  let hasEnded = false;
  let wake: () => void = () => undefined;
  const take = (): Buffer | null => socket.read();
  const finish = (rest: () => ReadonlyArray<Buffer>): void => {
    if (hasEnded) return;
    hasEnded = true;
    for (let chunk = take(); chunk !== null; chunk = take()) ready.push(chunk);
    ready.push(...rest());
    socket.destroy();
    wake();
  };
  socket.on('readable', () => wake());
  socket.on('end', () => finish(nothing));
  socket.on('close', () => finish(nothing));
  socket.on('error', (error) => {
    log('reading %s: %s', path, error.message);
    finish(nothing);
  });
  const next = async (): Promise<Buffer | undefined> => {
    for (;;) {
      const chunk = hasEnded ? ready.shift() : take();
      if (chunk !== null) return chunk;
      if (!hasEnded)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  };
  return { chunks: chunksOf(next), stop: () => finish(() => restOf(descriptor)) };
};

const nothing = (): ReadonlyArray<Buffer> => [];

/** The most that a pipe holds, unless root has made it larger: somebody who writes on and on is not followed for ever. */
const mostInPipe = 1024 * 1024;
const pieceLength = 64 * 1024;

const restOf = (descriptor: number): ReadonlyArray<Buffer> => {
  const pieces: Buffer[] = [];
  try {
    for (let left = mostInPipe; left > 0; ) {
      const piece = Buffer.allocUnsafe(pieceLength);
      const length = fse.readSync(descriptor, piece, 0, pieceLength, null);
      if (length === 0) break;
      pieces.push(piece.subarray(0, length));
      left -= length;
    }
  } catch (thrown) {
    // EAGAIN: the pipe is empty, and somebody may write to it yet.
    if (errnoOf(thrown) !== 'EAGAIN') log('reading the rest: %s', thrown);
  }
  return pieces;
};

const chunksOf = async function* (next: () => Promise<Buffer | undefined>): AsyncGenerator<Buffer> {
  for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield chunk;
};
