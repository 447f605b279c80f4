/** The contract of `Daemon`. */
import assert from 'node:assert/strict';
import type { Daemon } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { everyCall } from './every-call.js';

/** What the checks need. */
export interface DaemonWorld {
  readonly port: Daemon;
  /** A daemon that is not there. */
  readonly unreachable: Daemon;
}

/** What every `Daemon` keeps. */
export const daemonContract = (arrange: Arrange<DaemonWorld>): ReadonlyArray<Check> => [
  ...everyCall(arrange, version, ({ port }) => port.version()),
  {
    name: 'daemon version: starts with the number of the release, without a v',
    run: async () => {
      const { port } = await arrange();
      assert.match(await successOf(port.version()), /^\d+\.\d+/);
    },
  },
  {
    name: 'daemon version: Unavailable when there is no containerd to ask',
    run: async () => {
      const { unreachable } = await arrange();
      await errorOf(unreachable.version(), { ...version, tag: ['Unavailable'] });
    },
  },
];

const version: Operation = { port: 'daemon', operation: 'version' };
