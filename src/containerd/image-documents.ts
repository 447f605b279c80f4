/**
 * The JSON documents that an image consists of, OCI's and Docker's alike (schema 2): index, manifest, config. What Go leaves out or writes as
 * `null` for an empty list is an empty list.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { describeErrors } from '../codec/decode-error.js';

const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/** True for a digest by one of containerd's algorithms, as in `sha256:…`. */
export const isDigest = (value: unknown): value is string => typeof value === 'string' && digestPattern.test(value);

const refined = <A>(name: string, is: t.Is<A>) =>
  new t.Type<A>(name, is, (value, context) => (is(value) ? t.success(value) : t.failure(value, context)), t.identity);

const digest = refined('a digest', isDigest);
const byteCount = refined(
  'a number of bytes',
  (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0,
);

/** What may be left out or `null`; with an error of its own and none for having been neither. */
const optional = <A>(codec: t.Type<A>) =>
  new t.Type<A | undefined, A | undefined, unknown>(
    codec.name,
    (value): value is A | undefined => value === undefined || codec.is(value),
    (value, context) => (value === undefined || value === null ? t.success(undefined) : codec.validate(value, context)),
    t.identity,
  );
const text = refined('a string', t.string.is);
const object = <P extends t.Props>(fields: P) => t.type(fields, 'an object');
const list = <A>(item: t.Type<A>) => optional(t.array(item, 'a list'));

const platformFields = { os: optional(text), architecture: optional(text), variant: optional(text) };
const platform = object(platformFields);
const listed = object({ digest, platform: optional(platform) });
const blob = object({ digest, size: byteCount });

const index = object({ manifests: list(listed) });
const manifest = object({ config: blob, layers: list(blob) });
const config = object({ ...platformFields, rootfs: object({ diff_ids: list(digest) }) });

/** What an image is made for. */
export type Platform = t.TypeOf<typeof platform>;
/** A manifest, or another index, as an index lists it. */
export type ListedManifest = t.TypeOf<typeof listed>;
/** A blob as a manifest names it; `size` in bytes. */
export type Blob = t.TypeOf<typeof blob>;

export interface Index {
  readonly _tag: 'Index';
  readonly manifests: ReadonlyArray<ListedManifest>;
}

export interface Manifest {
  readonly _tag: 'Manifest';
  readonly config: Blob;
  readonly layers: ReadonlyArray<Blob>;
}

export interface ImageConfig {
  readonly platform: Platform;
  /** The digests of the layers unpacked, in order. */
  readonly diffIds: ReadonlyArray<string>;
}

/** Reads an index or a manifest, told apart by what they hold; the left is one line. */
export const decodeTarget = (bytes: Uint8Array): E.Either<string, Index | Manifest> =>
  pipe(
    parse(bytes),
    E.chain((json) => decode(t.UnknownRecord, json)),
    E.chain((json): E.Either<string, Index | Manifest> => {
      if (!('manifests' in json)) return pipe(decode(manifest, json), E.map(toManifest));
      if ('config' in json || 'layers' in json) return E.left('both an index and a manifest');
      return pipe(decode(index, json), E.map(toIndex));
    }),
  );

/** Reads an image's config; the left is one line. */
export const decodeImageConfig = (bytes: Uint8Array): E.Either<string, ImageConfig> =>
  pipe(
    parse(bytes),
    E.chain((json) => decode(config, json)),
    E.map(({ rootfs, ...platform }) => ({ platform, diffIds: rootfs.diff_ids ?? [] })),
  );

const toIndex = ({ manifests }: t.TypeOf<typeof index>): Index => ({ _tag: 'Index', manifests: manifests ?? [] });

const toManifest = ({ config, layers }: t.TypeOf<typeof manifest>): Manifest => ({
  _tag: 'Manifest',
  config,
  layers: layers ?? [],
});

const parse = (bytes: Uint8Array): E.Either<string, unknown> =>
  E.tryCatch(
    (): unknown => JSON.parse(new TextDecoder().decode(bytes)),
    () => 'not JSON',
  );

const decode = <A>(codec: t.Decoder<unknown, A>, json: unknown): E.Either<string, A> =>
  pipe(codec.decode(json), E.mapLeft(describeErrors));
