/** The contract of `CheckpointWriter`, seen through the reader beside it. */
import assert from 'node:assert/strict';
import type { Checkpoint } from '../../core/container-status.js';
import type { Id } from '../../core/identity.js';
import type { CheckpointReader, CheckpointWriter } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { everyCall, heedsSignal } from './every-call.js';

/** What the checks need. */
export interface CheckpointWriterWorld {
  readonly port: CheckpointReader & CheckpointWriter;
  /** A container with a sound checkpoint, and what that says. */
  readonly present: Id;
  readonly checkpoint: Checkpoint;
  /** Another checkpoint than that. */
  readonly other: Checkpoint;
  /** A container without a checkpoint, on a disk without a directory for it. */
  readonly absent: Id;
  /** A container whose checkpoint is none. */
  readonly corrupt: Id;
  /** Makes that checkpoint none again. */
  readonly spoil: () => Promise<void>;
  /** How many files are kept aside for a container. */
  readonly keptAside: (id: Id) => Promise<number>;
  /** Leaves what a killed write of a container's checkpoint does. */
  readonly leaveStale: (id: Id) => Promise<void>;
  /** Whether there is such a thing of a container. */
  readonly hasStale: (id: Id) => Promise<boolean>;
}

/** What every `CheckpointWriter` keeps. */
export const checkpointWriterContract = (arrange: Arrange<CheckpointWriterWorld>): ReadonlyArray<Check> => [
  ...everyCall(arrange, write, ({ port, present, other }) => port.write(present, other)),
  ...heedsSignal(arrange, keepAside, ({ port, corrupt }) => port.keepAside(corrupt)),
  ...everyCall(arrange, collectStale, ({ port }) => port.collectStale()),
  {
    name: 'checkpoints write: what is written is read back, in place of what there was',
    run: async () => {
      const { port, present, other } = await arrange();
      await successOf(port.write(present, other));
      assert.deepEqual(await successOf(port.read(present)), other);
    },
  },
  {
    name: 'checkpoints write: makes the first checkpoint of a container, and its directory',
    run: async () => {
      const { port, absent, other } = await arrange();
      await successOf(port.write(absent, other));
      assert.deepEqual(await successOf(port.read(absent)), other);
    },
  },
  {
    name: 'checkpoints write: replaces what is no checkpoint, and keeps nothing aside by itself',
    run: async () => {
      const { port, corrupt, other, keptAside } = await arrange();
      await successOf(port.write(corrupt, other));
      assert.deepEqual(await successOf(port.read(corrupt)), other);
      assert.equal(await keptAside(corrupt), 0);
    },
  },
  {
    name: 'checkpoints write: writes nothing when the signal has fired before',
    run: async () => {
      const { port, present, checkpoint, other } = await arrange();
      await errorOf(port.write(present, other), { ...write, tag: ['TimedOut'] }, AbortSignal.abort());
      assert.deepEqual(await successOf(port.read(present)), checkpoint);
    },
  },
  {
    name: 'checkpoints write: leaves nothing behind, and goes over what a killed write left',
    run: async () => {
      const { port, present, other, leaveStale, hasStale } = await arrange();
      await leaveStale(present);
      await successOf(port.write(present, other));
      assert.equal(await hasStale(present), false);
      assert.deepEqual(await successOf(port.read(present)), other);
    },
  },
  {
    name: 'checkpoints keepAside: keeps the file and leaves none in its place, however often',
    run: async () => {
      const { port, corrupt, spoil, keptAside } = await arrange();
      for (const times of [1, 2, 3]) {
        await successOf(port.keepAside(corrupt));
        await errorOf(port.read(corrupt), { port: 'checkpoints', operation: 'read', tag: ['NotFound'] });
        assert.equal(await keptAside(corrupt), times);
        await spoil();
      }
    },
  },
  {
    name: 'checkpoints keepAside: NotFound without a file',
    run: async () => {
      const { port, absent } = await arrange();
      await errorOf(port.keepAside(absent), { ...keepAside, tag: ['NotFound'], subject: absent });
    },
  },
  {
    name: 'checkpoints collectStale: takes away all that killed writes left, and nothing else',
    run: async () => {
      const { port, present, corrupt, checkpoint, leaveStale, hasStale } = await arrange();
      await leaveStale(present);
      await leaveStale(corrupt);
      await successOf(port.collectStale());
      assert.equal(await hasStale(present), false);
      assert.equal(await hasStale(corrupt), false);
      assert.deepEqual(await successOf(port.read(present)), checkpoint);
    },
  },
  {
    name: 'checkpoints collectStale: there being nothing is fine, and nothing is made by it',
    run: async () => {
      const { port, absent } = await arrange();
      await successOf(port.collectStale());
      await errorOf(port.read(absent), { port: 'checkpoints', operation: 'read', tag: ['NotFound'] });
    },
  },
];

const write: Operation = { port: 'checkpoints', operation: 'write' };
const keepAside: Operation = { port: 'checkpoints', operation: 'keepAside' };
const collectStale: Operation = { port: 'checkpoints', operation: 'collectStale' };
