/** The contract of `DirectoryReader`. */
import assert from 'node:assert/strict';
import type { Base, DirectoryEntry } from '../../core/observation.js';
import type { DirectoryReader } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { everyCall } from './every-call.js';

/** What the checks need. */
export interface DirectoryReaderWorld {
  readonly port: DirectoryReader;
  /** A base directory, and all that is in it. */
  readonly base: Base;
  readonly entries: ReadonlyArray<DirectoryEntry>;
  /** A base directory that does not exist. */
  readonly missing: Base;
  /** Makes the one that does not exist, empty. */
  readonly appear: () => Promise<void>;
  /** A namespace, and the ids that containerd keeps bundles for in it. */
  readonly namespace: string;
  readonly bundles: ReadonlyArray<string>;
}

/** What every `DirectoryReader` keeps. */
export const directoryReaderContract = (arrange: Arrange<DirectoryReaderWorld>): ReadonlyArray<Check> => [
  ...everyCall(arrange, call, ({ port, base }) => port.list(base)),
  {
    name: 'directories list: gives every entry by its own type, with what is mounted there',
    run: async () => {
      const { port, base, entries } = await arrange();
      const listed = await successOf(port.list(base));
      assert.deepEqual(sorted(listed), sorted(entries));
    },
  },
  {
    name: 'directories list: NotFound for a base directory that does not exist, until it does',
    run: async () => {
      const { port, missing, appear } = await arrange();
      await errorOf(port.list(missing), { ...call, tag: ['NotFound'], subject: port.path(missing) });
      const task = port.list(missing)(new AbortController().signal);
      await appear();
      assert.deepEqual(await successOf(() => task), []);
    },
  },
  ...everyCall(arrange, bundlesCall, ({ port, namespace }) => port.taskBundles(namespace)),
  {
    name: 'directories taskBundles: gives every id that there is a bundle of',
    run: async () => {
      const { port, namespace, bundles } = await arrange();
      assert.deepEqual([...(await successOf(port.taskBundles(namespace)))].sort(), [...bundles].sort());
    },
  },
  {
    name: 'directories path: absolute, and below root and state called sandboxes and containers',
    run: async () => {
      const { port } = await arrange();
      for (const area of ['root', 'state'] as const) {
        assert.match(port.path({ kind: 'sandbox', area }), /^\/.*\/sandboxes$/);
        assert.match(port.path({ kind: 'container', area }), /^\/.*\/containers$/);
      }
      assert.notEqual(port.path({ kind: 'sandbox', area: 'root' }), port.path({ kind: 'sandbox', area: 'state' }));
    },
  },
];

const sorted = (entries: ReadonlyArray<DirectoryEntry>): ReadonlyArray<DirectoryEntry> =>
  entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));

const call: Operation = { port: 'directories', operation: 'list' };
const bundlesCall: Operation = { port: 'directories', operation: 'taskBundles' };
