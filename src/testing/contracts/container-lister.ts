/** The contract of `ContainerLister`. */
import assert from 'node:assert/strict';
import * as E from 'fp-ts/lib/Either.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import type { ItemFailure } from '../../core/failure.js';
import { type Id, type Kind, parseId } from '../../core/identity.js';
import type { JsonObject } from '../../core/json.js';
import type { RecordFields } from '../../core/metadata.js';
import type { ContainerLister } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { everyCall } from './every-call.js';

/** What the checks need. */
export interface ContainerListerWorld {
  readonly port: ContainerLister;
  /** A readable record of each kind, and the CRI configs stored with them. */
  readonly sandbox: Id;
  readonly sandboxConfig: JsonObject;
  readonly container: Id;
  readonly containerConfig: JsonObject;
  /** A container record whose metadata cannot be read. */
  readonly unreadable: Id;
  /** There is no such record. */
  readonly absent: Id;
}

/** What every `ContainerLister` keeps. */
export const containerListerContract = (arrange: Arrange<ContainerListerWorld>): ReadonlyArray<Check> => [
  ...everyCall(arrange, listSandboxes, ({ port }) => port.listSandboxes()),
  ...everyCall(arrange, listContainers, ({ port }) => port.listContainers()),
  ...everyCall(arrange, config, ({ port, container }) => port.config(container)),
  {
    name: 'containers listSandboxes: lists sandboxes and no containers',
    run: async () => {
      const { port, sandbox, container } = await arrange();
      assertLists(await successOf(port.listSandboxes()), 'sandbox', sandbox, container);
    },
  },
  {
    name: 'containers listContainers: lists containers and no sandboxes',
    run: async () => {
      const { port, sandbox, container } = await arrange();
      assertLists(await successOf(port.listContainers()), 'container', container, sandbox);
    },
  },
  {
    name: 'containers listContainers: keeps a record that cannot be read, on the left under its id',
    run: async () => {
      const { port, unreadable } = await arrange();
      const failure = RA.lefts(await successOf(port.listContainers())).find(({ id }) => id === unreadable);
      assert.ok(failure !== undefined, `${unreadable} is not among the unreadable`);
      assert.notEqual(failure.message, '');
    },
  },
  {
    name: 'containers config: gives what is stored with a record of either kind, to the last digit',
    run: async () => {
      const { port, sandbox, sandboxConfig, container, containerConfig } = await arrange();
      assert.deepEqual(await successOf(port.config(sandbox)), sandboxConfig);
      assert.deepEqual(await successOf(port.config(container)), containerConfig);
    },
  },
  {
    name: 'containers config: NotFound without a record',
    run: async () => {
      const { port, absent } = await arrange();
      await errorOf(port.config(absent), { ...config, tag: ['NotFound'], subject: absent });
    },
  },
  {
    name: 'containers config: Corrupt where the metadata cannot be read',
    run: async () => {
      const { port, unreadable } = await arrange();
      await errorOf(port.config(unreadable), { ...config, tag: ['Corrupt'], subject: unreadable });
    },
  },
];

const assertLists = (
  listed: ReadonlyArray<E.Either<ItemFailure, RecordFields>>,
  kind: Kind,
  present: Id,
  ofTheOtherKind: Id,
): void => {
  const records = RA.rights(listed);
  const ids = records.map(({ id }) => id);
  assert.equal(ids.filter((id) => id === present).length, 1, `${present} is listed once`);
  assert.ok(!ids.includes(ofTheOtherKind), `${ofTheOtherKind} is of the other kind`);
  for (const record of records) {
    assert.ok(E.isRight(parseId(record.id)), `${record.id} is an id`);
    assert.equal(record.labels['io.cri-containerd.kind'], kind);
  }
  for (const failure of RA.lefts(listed)) assert.equal(failure.kind, kind);
};

const listSandboxes: Operation = { port: 'containers', operation: 'listSandboxes' };
const listContainers: Operation = { port: 'containers', operation: 'listContainers' };
const config: Operation = { port: 'containers', operation: 'config' };
