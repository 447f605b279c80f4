/** The extension in which the CRI plugin keeps its metadata, found in a record and read. */
import type { Any } from '@bufbuild/protobuf/wkt';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { shortened } from '../codec/decode-error.js';
import { decodeContainerMetadata, decodeSandboxMetadata, type Stored } from '../codec/metadata.js';
import type { ItemFailure } from '../core/failure.js';
import type { Kind } from '../core/identity.js';
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
  readonly decode: (bytes: Uint8Array) => E.Either<string, Stored<M>>;
}

export const sandboxKind: RecordKind<SandboxMetadata> = {
  kind: 'sandbox',
  extension: 'io.cri-containerd.sandbox.metadata',
  typeUrlEnding: '/store/sandbox/Metadata',
  decode: decodeSandboxMetadata,
};

export const containerKind: RecordKind<ContainerMetadata> = {
  kind: 'container',
  extension: 'io.cri-containerd.container.metadata',
  typeUrlEnding: '/store/container/Metadata',
  decode: decodeContainerMetadata,
};

/** Why there is no metadata. */
export type NoMetadata = Pick<ItemFailure, 'tag' | 'message'>;

/** The metadata of a record of this kind. */
export const readStored = <M>(recordKind: RecordKind<M>, { extensions }: Container): E.Either<NoMetadata, Stored<M>> =>
  pipe(
    extensions[recordKind.extension],
    E.fromNullable<NoMetadata>({
      tag: 'MetadataMissing',
      message: `the record has no extension ${recordKind.extension}`,
    }),
    E.chain((extension) => pipe(decodeExtension(recordKind, extension), E.mapLeft(unreadable))),
  );

const unreadable = (why: string): NoMetadata => ({
  tag: 'MetadataUnreadable',
  message: `its metadata cannot be read: ${why}`,
});

/** As in containerd, a type that is not registered for the metadata is not metadata, whatever the bytes. */
const decodeExtension = <M>(
  { typeUrlEnding, decode }: RecordKind<M>,
  { typeUrl, value }: Any,
): E.Either<string, Stored<M>> =>
  typeUrl.endsWith(typeUrlEnding)
    ? decode(value)
    : E.left(`the extension is of type ${JSON.stringify(shortened(typeUrl))}`);
