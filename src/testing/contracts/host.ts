/** The contract of `Host`. */
import assert from 'node:assert/strict';
import type { Host } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { everyCall } from './every-call.js';

/** What the checks need. */
export interface HostWorld {
  readonly port: Host;
  /** A process, when it started in nanoseconds since 1970, and by how much that may be off. */
  readonly pid: number;
  readonly startedAt: bigint;
  readonly tolerance: bigint;
  /** A pid that no process has. */
  readonly absentPid: number;
  /** A path with a network namespace; none where none can be made here. */
  readonly networkNamespace: string | undefined;
  /** Paths without one: missing ones, files, directories. */
  readonly otherPaths: ReadonlyArray<string>;
}

/** What every `Host` keeps. */
export const hostContract = (arrange: Arrange<HostWorld>): ReadonlyArray<Check> => [
  ...everyCall(arrange, processStartedAt, ({ port, pid }) => port.processStartedAt(pid)),
  ...everyCall(arrange, hasNetworkNamespace, ({ port, otherPaths }) =>
    port.hasNetworkNamespace(otherPaths[0] ?? '/none'),
  ),
  {
    name: 'host processStartedAt: tells when a process started',
    run: async () => {
      const { port, pid, startedAt, tolerance } = await arrange();
      const difference = (await successOf(port.processStartedAt(pid))) - startedAt;
      assert.ok(difference <= tolerance && -difference <= tolerance, `${difference} ns off`);
    },
  },
  {
    name: 'host processStartedAt: NotFound for a process that does not exist',
    run: async () => {
      const { port, absentPid } = await arrange();
      await errorOf(port.processStartedAt(absentPid), {
        ...processStartedAt,
        tag: ['NotFound'],
        subject: String(absentPid),
      });
    },
  },
  {
    name: 'host hasNetworkNamespace: true where one is mounted and false everywhere else, missing paths included',
    run: async () => {
      const { port, networkNamespace, otherPaths } = await arrange();
      if (networkNamespace !== undefined)
        assert.equal(await successOf(port.hasNetworkNamespace(networkNamespace)), true, networkNamespace);
      for (const path of otherPaths) assert.equal(await successOf(port.hasNetworkNamespace(path)), false, path);
    },
  },
];

const processStartedAt: Operation = { port: 'host', operation: 'processStartedAt' };
const hasNetworkNamespace: Operation = { port: 'host', operation: 'hasNetworkNamespace' };
