/** containerd's records of sandboxes and containers, with the metadata that the CRI plugin keeps in them. */
import type { Any } from '@bufbuild/protobuf/wkt';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { shortened } from '../codec/decode-error.js';
import { type Attempted, decodeContainerMetadata, decodeSandboxMetadata } from '../codec/metadata.js';
import type { ItemFailure } from '../core/failure.js';
import { type Kind, parseId } from '../core/identity.js';
import type { ContainerMetadata, RecordFields, SandboxMetadata } from '../core/metadata.js';
import { type Call, type ContainerLister, type PortCall, portError } from '../ports/index.js';
import { ask } from './ask.js';
import type { ContainerdConnection } from './connect.js';
import type { Container } from './proto/gen/containers_pb.js';
import { toNanoseconds } from './time.js';

/** Lists records as a stream, so that no number of them is too many for one message. */
export const containerLister = (connection: ContainerdConnection): ContainerLister => {
  const sandboxes = list(connection, 'listSandboxes', sandboxKind);
  const containers = list(connection, 'listContainers', containerKind);
  return { listSandboxes: () => sandboxes, listContainers: () => containers };
};

interface RecordKind<M> {
  readonly kind: Kind;
  /** Key of the extension. */
  readonly extension: string;
  /** How its type URL ends; 1.6 to 2.1 all write `github.com/containerd/cri/pkg` before it, where the code no longer is. */
  readonly typeUrlEnding: string;
  readonly decode: (bytes: Uint8Array) => E.Either<string, Attempted<M>>;
}

const sandboxKind: RecordKind<SandboxMetadata> = {
  kind: 'sandbox',
  extension: 'io.cri-containerd.sandbox.metadata',
  typeUrlEnding: '/store/sandbox/Metadata',
  decode: decodeSandboxMetadata,
};

const containerKind: RecordKind<ContainerMetadata> = {
  kind: 'container',
  extension: 'io.cri-containerd.container.metadata',
  typeUrlEnding: '/store/container/Metadata',
  decode: decodeContainerMetadata,
};

type Listed<M> = E.Either<ItemFailure, RecordFields & { readonly metadata: M }>;

const list = <M extends { readonly name: string }>(
  connection: ContainerdConnection,
  operation: string,
  recordKind: RecordKind<M>,
): PortCall<ReadonlyArray<Listed<M>>> => {
  const call: Call = { port: 'containers', operation, subject: '' };
  const listed = ask(connection, call, async ({ containers }, options) => {
    const filters = [`labels."io.cri-containerd.kind"==${recordKind.kind}`];
    const records: Array<Listed<M>> = [];
    let size = 0;
    // Decoded as they come: an extension is a view of its whole message, and would keep that in memory.
    for await (const { container } of containers.listStream({ filters }, options)) {
      if (container === undefined) continue;
      size += sizeOf(recordKind, container);
      if (records.length === mostRecords || size > largestList) return undefined;
      records.push(toRecord(recordKind, container));
    }
    return records;
  });
  const endless = portError('Unexpected', call, `more than ${mostRecords} records, or ${largestList} bytes of them`);
  return (signal) => pipe(listed(signal), TE.chainEitherK(E.fromNullable(endless)));
};

/** Ten times what any node has; a list that is longer may have no end. */
const mostRecords = 100_000;
/** Metadata of 13 kB for 10,000 records. */
const largestList = 128 * 1024 * 1024;

/** About how many bytes of a record are kept. */
const sizeOf = <M>({ extension }: RecordKind<M>, { id, snapshotKey, labels, extensions }: Container): number =>
  Object.entries(labels).reduce(
    (sum, [key, value]) => sum + key.length + value.length,
    id.length + snapshotKey.length + (extensions[extension]?.value.length ?? 0),
  );

const toRecord = <M extends { readonly name: string }>(recordKind: RecordKind<M>, container: Container): Listed<M> => {
  const failed =
    (tag: ItemFailure['tag']) =>
    (message: string): ItemFailure => ({ kind: recordKind.kind, id: container.id, tag, message });
  return pipe(
    E.Do,
    E.apS('id', pipe(parseId(container.id), E.mapLeft(failed('UnsafeId')))),
    E.bind('extension', () => pipe(findExtension(recordKind, container), E.mapLeft(failed('MetadataMissing')))),
    E.bind('decoded', ({ extension }) =>
      pipe(
        decodeExtension(recordKind, extension),
        E.mapLeft((why) => failed('MetadataUnreadable')(`its metadata cannot be read: ${why}`)),
      ),
    ),
    E.map(({ id, decoded: { metadata, attempt } }) => ({
      id,
      name: metadata.name,
      createdAt: toNanoseconds(container.createdAt),
      attempt,
      labels: container.labels,
      snapshotter: container.snapshotter,
      snapshotKey: container.snapshotKey,
      runtime: container.runtime?.name ?? '',
      metadata,
    })),
  );
};

const findExtension = <M>({ extension }: RecordKind<M>, { extensions }: Container): E.Either<string, Any> =>
  pipe(extensions[extension], E.fromNullable(`the record has no extension ${extension}`));

/** As in containerd, a type that is not registered for the metadata is not metadata, whatever the bytes. */
const decodeExtension = <M>(
  { typeUrlEnding, decode }: RecordKind<M>,
  { typeUrl, value }: Any,
): E.Either<string, Attempted<M>> =>
  typeUrl.endsWith(typeUrlEnding)
    ? decode(value)
    : E.left(`the extension is of type ${JSON.stringify(shortened(typeUrl))}`);
