/** The contract of `ContainerIo`. What the logs hold is not part of it: a fake has none. */
import assert from 'node:assert/strict';
import type { PortError } from '../../core/failure.js';
import type { Id } from '../../core/identity.js';
import type { TaskStdio } from '../../core/task.js';
import type { ContainerIo } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { everyCall, heedsSignal } from './every-call.js';

/** What the checks need. */
export interface ContainerIoWorld {
  readonly port: ContainerIo;
  /** A container with a running task that nobody reads yet, its streams, and a place for its log. */
  readonly running: Id;
  readonly stdio: TaskStdio;
  readonly logPath: string;
  /** Whether the streams of that task are being read. */
  readonly isRead: () => Promise<boolean>;
  /** Streams that cannot be attached, and why; a fake that knows of no FIFOs has none. */
  readonly broken: ReadonlyArray<{ readonly stdio: TaskStdio; readonly tag: PortError['_tag'] }>;
  /** A container that has not started and has no FIFOs. */
  readonly created: Id;
  /** The paths of all FIFOs made for that container that are still there. */
  readonly fifos: () => Promise<ReadonlyArray<string>>;
}

/** What every `ContainerIo` keeps. */
export const containerIoContract = (arrange: Arrange<ContainerIoWorld>): ReadonlyArray<Check> => [
  ...everyCall(arrange, attach, ({ port, running, stdio, logPath }) => port.attach(running, stdio, logPath)),
  ...heedsSignal(arrange, create, ({ port, created }) => port.create(created, { tty: false, stdin: false })),
  ...heedsSignal(arrange, reopenLog, ({ port, running }) => port.reopenLog(running)),
  ...everyCall(arrange, detach, ({ port, running }) => port.detach(running)),
  {
    name: 'container-io attach: reads until it is detached, however often',
    run: async () => {
      const { port, running, stdio, logPath, isRead } = await arrange();
      for (let round = 0; round < 3; round += 1) {
        assert.equal(await isRead(), false);
        await successOf(port.attach(running, stdio, logPath));
        assert.equal(await isRead(), true);
        await successOf(port.detach(running));
      }
      assert.equal(await isRead(), false);
    },
  },
  {
    name: 'container-io attach: what is attached stays so, and one detach ends it',
    run: async () => {
      const { port, running, stdio, logPath, isRead } = await arrange();
      await Promise.all([1, 2, 3].map(() => successOf(port.attach(running, stdio, logPath))));
      assert.equal(await isRead(), true);
      await successOf(port.detach(running));
      assert.equal(await isRead(), false);
    },
  },
  {
    name: 'container-io attach: reads nothing when the signal has fired before',
    run: async () => {
      const { port, running, stdio, logPath, isRead } = await arrange();
      const gaveUp = { ...attach, tag: ['TimedOut'], subject: running } as const;
      await errorOf(port.attach(running, stdio, logPath), gaveUp, AbortSignal.abort());
      assert.equal(await isRead(), false);
    },
  },
  {
    name: 'container-io attach: NotFound for a FIFO that is gone, Corrupt for what is none',
    run: async () => {
      const { port, running, logPath, broken } = await arrange();
      for (const { stdio, tag } of broken) {
        await errorOf(port.attach(running, stdio, logPath), { ...attach, tag: [tag], subject: running });
        await errorOf(port.reopenLog(running), { ...reopenLog, tag: ['NotFound'] });
      }
    },
  },
  {
    name: 'container-io reopenLog: NotFound for what is not attached, before and after',
    run: async () => {
      const { port, running, stdio, logPath } = await arrange();
      const notAttached = { ...reopenLog, tag: ['NotFound'], subject: running } as const;
      await errorOf(port.reopenLog(running), notAttached);
      await successOf(port.attach(running, stdio, logPath));
      await successOf(port.reopenLog(running));
      await successOf(port.reopenLog(running));
      await successOf(port.detach(running));
      await errorOf(port.reopenLog(running), notAttached);
    },
  },
  {
    name: 'container-io create: an output and an error FIFO always, stdin when asked for, and the terminal as asked',
    run: async () => {
      const { port, created, fifos } = await arrange();
      for (const tty of [false, true])
        for (const stdin of [false, true]) {
          const stdio = await successOf(port.create(created, { tty, stdin }));
          assert.equal(stdio.terminal, tty);
          assert.equal(stdio.stdin !== '', stdin);
          const made = [...(stdin ? [stdio.stdin] : []), stdio.stdout, stdio.stderr];
          const names = (stdin ? ['stdin', 'stdout', 'stderr'] : ['stdout', 'stderr']).map(
            (stream) => `${created}-${stream}`,
          );
          assert.deepStrictEqual(
            made.map((path) => path.split('/').at(-1)),
            names,
          );
          assert.deepStrictEqual([...(await fifos())].sort(), [...made].sort());
        }
    },
  },
  {
    name: 'container-io create: every set is a new one, and only the last stays',
    run: async () => {
      const { port, created, fifos } = await arrange();
      const sets = [];
      for (let round = 0; round < 4; round += 1)
        sets.push(await successOf(port.create(created, { tty: false, stdin: false })));
      const paths = sets.flatMap(({ stdout, stderr }) => [stdout, stderr]);
      assert.equal(new Set(paths).size, 8);
      assert.deepStrictEqual([...(await fifos())].sort(), paths.slice(-2).sort());
    },
  },
  {
    name: 'container-io create: makes nothing when the signal has fired before',
    run: async () => {
      const { port, created, fifos } = await arrange();
      const gaveUp = { ...create, tag: ['TimedOut'], subject: created } as const;
      await errorOf(port.create(created, { tty: false, stdin: false }), gaveUp, AbortSignal.abort());
      assert.deepStrictEqual(await fifos(), []);
    },
  },
];

const attach: Operation = { port: 'container-io', operation: 'attach' };
const create: Operation = { port: 'container-io', operation: 'create' };
const reopenLog: Operation = { port: 'container-io', operation: 'reopenLog' };
const detach: Operation = { port: 'container-io', operation: 'detach' };
