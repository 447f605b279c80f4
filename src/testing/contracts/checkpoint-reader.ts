/** The contract of `CheckpointReader`. */
import assert from 'node:assert/strict';
import type { Checkpoint } from '../../core/container-status.js';
import type { Id } from '../../core/identity.js';
import type { CheckpointReader } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { everyCall } from './every-call.js';

/** What the checks need. */
export interface CheckpointReaderWorld {
  readonly port: CheckpointReader;
  /** A container with a sound checkpoint, and what that says. */
  readonly present: Id;
  readonly checkpoint: Checkpoint;
  /** A container without a checkpoint. */
  readonly absent: Id;
  /** A container whose checkpoint is none. */
  readonly corrupt: Id;
  /** A container whose checkpoint is of another version, and that version. */
  readonly foreign: Id;
  readonly foreignVersion: string;
  /** Gives the container without a checkpoint one. */
  readonly appear: () => Promise<void>;
}

/** What every `CheckpointReader` keeps. */
export const checkpointReaderContract = (arrange: Arrange<CheckpointReaderWorld>): ReadonlyArray<Check> => [
  ...everyCall(arrange, call, ({ port, present }) => port.read(present)),
  {
    name: 'checkpoints read: gives what the file says, to the nanosecond',
    run: async () => {
      const { port, present, checkpoint } = await arrange();
      assert.deepEqual(await successOf(port.read(present)), checkpoint);
    },
  },
  {
    name: 'checkpoints read: NotFound without a file',
    run: async () => {
      const { port, absent } = await arrange();
      await errorOf(port.read(absent), { ...call, tag: ['NotFound'], subject: absent });
    },
  },
  {
    name: 'checkpoints read: Corrupt, of no version, for what is no checkpoint',
    run: async () => {
      const { port, corrupt } = await arrange();
      const error = await errorOf(port.read(corrupt), { ...call, tag: ['Corrupt'], subject: corrupt });
      assert.ok(!('foreignVersion' in error));
    },
  },
  {
    name: 'checkpoints read: Corrupt, with its version, for a checkpoint of another version',
    run: async () => {
      const { port, foreign, foreignVersion } = await arrange();
      const error = await errorOf(port.read(foreign), { ...call, tag: ['Corrupt'], subject: foreign });
      assert.equal(error._tag === 'Corrupt' && error.foreignVersion, foreignVersion);
    },
  },
  {
    name: 'checkpoints read: is lazy: what is written before it is run is read',
    run: async () => {
      const { port, absent, appear } = await arrange();
      const task = port.read(absent)(new AbortController().signal);
      await appear();
      await successOf(() => task);
    },
  },
];

const call: Operation = { port: 'checkpoints', operation: 'read' };
