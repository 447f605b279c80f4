/** The extension in which the CRI plugin keeps its metadata, found in a record and read. */
import type { Any } from '@bufbuild/protobuf/wkt';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { shortened } from '../codec/decode-error.js';
import {
  decodeContainerConfig,
  decodeContainerMetadata,
  decodeSandboxConfig,
  decodeSandboxMetadata,
  type Stored,
} from '../codec/metadata.js';
import type { ItemFailure } from '../core/failure.js';
import type { Kind } from '../core/identity.js';
import type { JsonObject } from '../core/json.js';
import type { ContainerMetadata, SandboxMetadata } from '../core/metadata.js';
import type { Container } from './proto/gen/containers_pb.js';

/** The label that tells what a record is of. */
export const kindLabel = 'io.cri-containerd.kind';

export interface RecordKind<M> {
  readonly kind: Kind;
  /** Key of the extension. */
  readonly extension: string;
  /** How its type URL ends; 1.6 to 2.1 all write `github.com/containerd/cri/pkg` before it, where the code no longer is. */
  readonly typeUrlEnding: string;
  readonly decode: Decode<Stored<M>>;
  readonly decodeConfig: Decode<JsonObject>;
}

type Decode<A> = (bytes: Uint8Array) => E.Either<string, A>;

export const sandboxKind: RecordKind<SandboxMetadata> = {
  kind: 'sandbox',
  extension: 'io.cri-containerd.sandbox.metadata',
  typeUrlEnding: '/store/sandbox/Metadata',
  decode: decodeSandboxMetadata,
  decodeConfig: decodeSandboxConfig,
};

export const containerKind: RecordKind<ContainerMetadata> = {
  kind: 'container',
  extension: 'io.cri-containerd.container.metadata',
  typeUrlEnding: '/store/container/Metadata',
  decode: decodeContainerMetadata,
  decodeConfig: decodeContainerConfig,
};

/** Why there is no metadata. */
export type NoMetadata = Pick<ItemFailure, 'tag' | 'message'>;

/** What recovery goes by in the metadata of a record of this kind. */
export const readStored = <M>(recordKind: RecordKind<M>, record: Container): E.Either<NoMetadata, Stored<M>> =>
  readExtension(recordKind, record, recordKind.decode);

/** The CRI config that is stored with a record of this kind. */
export const readConfig = (recordKind: RecordKind<unknown>, record: Container): E.Either<NoMetadata, JsonObject> =>
  readExtension(recordKind, record, recordKind.decodeConfig);

const readExtension = <A>(
  { extension, typeUrlEnding }: Pick<RecordKind<unknown>, 'extension' | 'typeUrlEnding'>,
  { extensions }: Container,
  decode: Decode<A>,
): E.Either<NoMetadata, A> =>
  pipe(
    extensions[extension],
    E.fromNullable<NoMetadata>({ tag: 'MetadataMissing', message: `the record has no extension ${extension}` }),
    E.chain((found) => pipe(decodeAny(found, typeUrlEnding, decode), E.mapLeft(unreadable))),
  );

const unreadable = (why: string): NoMetadata => ({
  tag: 'MetadataUnreadable',
  message: `its metadata cannot be read: ${why}`,
});

/** As in containerd, a type that is not registered for the metadata is not metadata, whatever the bytes. */
const decodeAny = <A>({ typeUrl, value }: Any, typeUrlEnding: string, decode: Decode<A>): E.Either<string, A> =>
  typeUrl.endsWith(typeUrlEnding)
    ? decode(value)
    : E.left(`the extension is of type ${JSON.stringify(shortened(typeUrl))}`);
