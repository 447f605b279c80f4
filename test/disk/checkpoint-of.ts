/** Checkpoints for tests of the disk. */
import * as E from 'fp-ts/lib/Either.js';
import { decodeCheckpoint } from '../../src/codec/checkpoint.js';
import type { Checkpoint } from '../../src/core/container-status.js';
import { soundCheckpoint } from './temporary-node.js';

/** The checkpoint that a text says. */
export const checkpointOf = (text: string): Checkpoint => {
  const decoded = decodeCheckpoint(Buffer.from(text));
  if (E.isLeft(decoded)) throw new Error(decoded.left.message);
  return decoded.right;
};

/** The text of a checkpoint that differs from others by its pid, and has a field that this library does not know. */
export const checkpointText = (pid: number): string =>
  soundCheckpoint.replace('"Pid":4711', `"Pid":${pid}`).replace('}', ',"Resources":null}');
