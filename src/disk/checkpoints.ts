/** The status checkpoints of containers: `<root>/containers/<id>/status`. */
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { decodeCheckpoint } from '../codec/checkpoint.js';
import type { Checkpoint } from '../core/container-status.js';
import type { PortError } from '../core/failure.js';
import { baseNames, type Call, type CheckpointReader, portError } from '../ports/index.js';
import { diskCall } from './disk-call.js';
import { readRegularFile } from './regular-file.js';

/** A checkpoint has a few hundred bytes; more than this is none. */
const longestCheckpoint = 1024 * 1024;

/** A reader of the checkpoints below an absolute root directory. */
export const diskCheckpoints = (root: string): CheckpointReader => {
  const base = join(root, baseNames.container);
  return {
    read: (id) => {
      const call: Call = { port: 'checkpoints', operation: 'read', subject: id };
      return diskCall(call, () => read(call, `${base}/${id}/status`));
    },
  };
};

const read = async (call: Call, path: string): Promise<E.Either<PortError, Checkpoint>> => {
  const file = await readRegularFile(path, longestCheckpoint);
  if (E.isLeft(file)) return E.left(portError('Corrupt', call, file.left));
  const decoded = decodeCheckpoint(file.right);
  if (E.isRight(decoded)) return decoded;
  const { left } = decoded;
  const corrupt = portError('Corrupt', call, left.message);
  return E.left(left._tag === 'ForeignVersion' ? { ...corrupt, foreignVersion: left.version } : corrupt);
};
