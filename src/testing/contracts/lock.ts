/** The contract of `Lock`. */
import assert from 'node:assert/strict';
import type { Lock } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { everyCall, heedsSignal } from './every-call.js';

/** What the checks need. */
export interface LockWorld {
  /** The lock of a node that nobody has locked. */
  readonly port: Lock;
  /** Lets another living process have it. */
  readonly holdElsewhere: () => Promise<void>;
  /** Lets a process have it that is dead by now. */
  readonly abandon: () => Promise<void>;
  /** Whether anybody has it, dead or alive. */
  readonly isHeld: () => Promise<boolean>;
}

/** What every `Lock` keeps. */
export const lockContract = (arrange: Arrange<LockWorld>): ReadonlyArray<Check> => [
  ...heedsSignal(arrange, acquire, ({ port }) => port.acquire()),
  ...everyCall(arrange, release, ({ port }) => port.release()),
  {
    name: 'lock acquire: takes it, and release gives it back for the next',
    run: async () => {
      const { port, isHeld } = await arrange();
      for (let round = 0; round < 2; round += 1) {
        await successOf(port.acquire());
        assert.equal(await isHeld(), true);
        await successOf(port.release());
        assert.equal(await isHeld(), false);
      }
    },
  },
  {
    name: 'lock acquire: takes nothing when the signal has fired before',
    run: async () => {
      const { port, isHeld } = await arrange();
      await errorOf(port.acquire(), { ...acquire, tag: ['TimedOut'] }, AbortSignal.abort());
      assert.equal(await isHeld(), false);
    },
  },
  {
    name: 'lock acquire: Denied while another living process has it, and names its pid',
    run: async () => {
      const { port, holdElsewhere, isHeld } = await arrange();
      await holdElsewhere();
      const { message } = await errorOf(port.acquire(), { ...acquire, tag: ['Denied'] });
      assert.match(message, /process \d+/);
      assert.equal(await isHeld(), true);
    },
  },
  {
    name: 'lock acquire: Denied the second time, as it protects from one’s own process too',
    run: async () => {
      const { port } = await arrange();
      await successOf(port.acquire());
      const { message } = await errorOf(port.acquire(), { ...acquire, tag: ['Denied'] });
      assert.match(message, /process \d+/);
      await successOf(port.release());
      await successOf(port.acquire());
    },
  },
  {
    name: 'lock acquire: takes over what a dead process left',
    run: async () => {
      const { port, abandon, isHeld } = await arrange();
      await abandon();
      await successOf(port.acquire());
      await successOf(port.release());
      assert.equal(await isHeld(), false);
    },
  },
  {
    name: 'lock release: leaves alone what another process has',
    run: async () => {
      const { port, holdElsewhere, isHeld } = await arrange();
      await holdElsewhere();
      await successOf(port.release());
      assert.equal(await isHeld(), true);
    },
  },
];

const acquire: Operation = { port: 'lock', operation: 'acquire' };
const release: Operation = { port: 'lock', operation: 'release' };
