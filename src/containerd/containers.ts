/** containerd's records of sandboxes and containers, with the metadata that the CRI plugin keeps in them. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ItemFailure } from '../core/failure.js';
import { parseId } from '../core/identity.js';
import type { RecordFields } from '../core/metadata.js';
import { type Call, type ContainerLister, type PortCall, portError } from '../ports/index.js';
import { ask } from './ask.js';
import type { ContainerdConnection } from './connect.js';
import type { Container } from './proto/gen/containers_pb.js';
import { recordConfig } from './record-config.js';
import { type Share, shareStrings, sharing } from './shared-strings.js';
import { containerKind, kindLabel, type RecordKind, readStored, sandboxKind } from './stored-metadata.js';
import { toNanoseconds } from './time.js';

/** Lists records as a stream, so that no number of them is too many for one message. */
export const containerLister = (connection: ContainerdConnection): ContainerLister => {
  const sandboxes = list(connection, 'listSandboxes', sandboxKind);
  const containers = list(connection, 'listContainers', containerKind);
  return { listSandboxes: () => sandboxes, listContainers: () => containers, config: recordConfig(connection) };
};

type Listed<M> = E.Either<ItemFailure, RecordFields & { readonly metadata: M }>;

const list = <M extends { readonly name: string }>(
  connection: ContainerdConnection,
  operation: string,
  recordKind: RecordKind<M>,
): PortCall<ReadonlyArray<Listed<M>>> => {
  const call: Call = { port: 'containers', operation, subject: '' };
  const listed = ask(connection, call, async ({ containers }, options) => {
    const filters = [`labels."${kindLabel}"==${recordKind.kind}`];
    const records: Array<Listed<M>> = [];
    const share = shareStrings();
    let size = 0;
    // Decoded as they come: an extension is a view of its whole message, and would keep that in memory.
    for await (const { container } of containers.listStream({ filters }, options)) {
      if (container === undefined) continue;
      size += sizeOf(recordKind, container);
      if (records.length === mostRecords || size > largestList) return undefined;
      records.push(toRecord(recordKind, container, share));
    }
    return records;
  });
  const endless = portError('Unexpected', call, `more than ${mostRecords} records, or ${largestList} bytes of them`);
  return (signal) => pipe(listed(signal), TE.chainEitherK(E.fromNullable(endless)));
};

/** Ten times what any node has; a list that is longer may have no end. */
const mostRecords = 100_000;
/** Metadata of 50 kB for 10,000 records. */
const largestList = 512 * 1024 * 1024;

/** About how many bytes of a record are read. */
const sizeOf = <M>({ extension }: RecordKind<M>, { id, snapshotKey, labels, extensions }: Container): number => {
  let size = id.length + snapshotKey.length + (extensions[extension]?.value.length ?? 0);
  for (const key in labels) size += key.length + (labels[key]?.length ?? 0);
  return size;
};

const toRecord = <M extends { readonly name: string }>(
  recordKind: RecordKind<M>,
  container: Container,
  share: Share,
): Listed<M> => {
  const failed = ({ tag, message }: Pick<ItemFailure, 'tag' | 'message'>): E.Either<ItemFailure, never> =>
    E.left({ kind: recordKind.kind, id: container.id, tag, message });
  const id = parseId(container.id);
  if (E.isLeft(id)) return failed({ tag: 'UnsafeId', message: id.left });
  const stored = readStored(recordKind, container);
  if (E.isLeft(stored)) return failed(stored.left);
  const { metadata, attempt } = stored.right;
  const record = {
    id: id.right,
    name: metadata.name,
    createdAt: toNanoseconds(container.createdAt),
    attempt,
    labels: sharing(share, container.labels),
    snapshotter: container.snapshotter,
    snapshotKey: container.snapshotKey,
    runtime: container.runtime?.name ?? '',
    metadata: sharing(share, metadata),
  };
  return E.right(sharing(share, record));
};
