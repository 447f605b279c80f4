/** From an image's target to the manifest and config for this machine, through an index where there is one. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type PortCall, type PortError, portError } from '../ports/index.js';
import type { Blobs } from './blobs.js';
import { decodeImageConfig, decodeTarget, type ImageConfig, type Index, type Manifest } from './image-documents.js';
import { isOwnPlatform, ownArchitecture } from './platform.js';

/** An image as it is on this machine. */
export interface ResolvedImage {
  readonly manifest: Manifest;
  readonly config: ImageConfig;
  /** Bytes of indexes and manifest as they are, of config and layers as the manifest states them. */
  readonly size: number;
}

type Resolution = TE.TaskEither<PortError, ResolvedImage>;

/**
 * Follows a digest as containerd does: a manifest is taken as it is; of an index, the first entry for this machine, or if no entry says
 * what it is for, the first whose config does. `NotFound` where there is none, or a document is missing.
 */
export const resolveImage =
  (blobs: Blobs) =>
  (target: string): PortCall<ResolvedImage> =>
  (signal) => {
    const readAs = <A>(digest: string, decode: (bytes: Uint8Array) => E.Either<string, A>) =>
      pipe(
        blobs.read(digest)(signal),
        TE.chainEitherK((bytes) =>
          pipe(
            decode(bytes),
            E.bimap(
              (message) => portError('Corrupt', callFor(digest), message),
              (document) => ({ document, length: bytes.length }),
            ),
          ),
        ),
      );

    const resolve = (digest: string): Resolution =>
      pipe(
        readAs(digest, decodeTarget),
        TE.chain(({ document, length }) =>
          pipe(
            document._tag === 'Index' ? choose(digest, document) : withConfig(document),
            TE.map((image) => ({ ...image, size: image.size + length })),
          ),
        ),
      );

    const withConfig = (manifest: Manifest): Resolution =>
      pipe(
        readAs(manifest.config.digest, decodeImageConfig),
        TE.map(({ document }) => ({ manifest, config: document, size: statedSize(manifest) })),
      );

    const choose = (digest: string, { manifests }: Index): Resolution => {
      const own = manifests.find(({ platform }) => platform && isOwnPlatform(platform));
      if (own !== undefined) return resolve(own.digest);
      const none: Resolution = TE.left(
        portError('NotFound', callFor(digest), `the index lists no manifest for linux/${ownArchitecture}`),
      );
      const unnamed = manifests.filter(({ platform }) => !platform);
      return unnamed.reduceRight((otherwise, candidate) => firstOwn(resolve(candidate.digest), otherwise), none);
    };

    return resolve(target);
  };

/** The first if it is for this machine, else the other, which is not asked before. */
const firstOwn = (first: Resolution, otherwise: Resolution): Resolution =>
  pipe(
    first,
    TE.chain((image) => (isOwnPlatform(image.config.platform) ? TE.right(image) : otherwise)),
  );

const statedSize = ({ config, layers }: Manifest): number => layers.reduce((sum, { size }) => sum + size, config.size);

const callFor = (digest: string) => ({ port: 'images', operation: 'read', subject: digest }) as const;
