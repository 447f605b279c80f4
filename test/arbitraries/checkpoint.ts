/** Checkpoints as they are stored. */
import fc from 'fast-check';
import type { Checkpoint, ContainerStatus } from '../../src/core/container-status.js';
import { arbitraryRest } from './json.js';
import { arbitraryInt32, arbitraryInt64, arbitraryUint32 } from './numbers.js';
import { arbitraryText } from './text.js';

/** A status as it is stored: the unknown flag is never set. */
export const arbitraryStatus: fc.Arbitrary<ContainerStatus> = fc.record(
  {
    pid: arbitraryUint32,
    createdAt: arbitraryInt64,
    startedAt: arbitraryInt64,
    finishedAt: arbitraryInt64,
    exitCode: arbitraryInt32,
    reason: arbitraryText,
    message: arbitraryText,
    unknown: fc.constant(false),
  },
  { noNullPrototype: true },
);

export const arbitraryCheckpoint: fc.Arbitrary<Checkpoint> = fc.record(
  {
    status: arbitraryStatus,
    rest: arbitraryRest('Version', 'Pid', 'CreatedAt', 'StartedAt', 'FinishedAt', 'ExitCode', 'Reason', 'Message'),
  },
  { noNullPrototype: true },
);
