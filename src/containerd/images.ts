/** containerd's images, and what the content store and the snapshotter hold of them for this machine. */
import { pipe } from 'fp-ts/lib/function.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import * as S from 'fp-ts/lib/string.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ImageContent, ImageRecord } from '../core/observation.js';
import type { ImageReader, PortCall, PortError } from '../ports/index.js';
import { ask } from './ask.js';
import { blobsOf, isFound } from './blobs.js';
import { chainIdOf } from './chain-id.js';
import type { ContainerdConnection } from './connect.js';
import { resolveImage } from './resolve-image.js';

/** Reads images; `snapshotter` is the one that the CRI plugin unpacks them in. */
export const imageReader = (connection: ContainerdConnection, snapshotter: string): ImageReader => {
  const blobs = blobsOf(connection);

  const list = ask(connection, { port: 'images', operation: 'list', subject: '' }, async ({ images }, options) =>
    (await images.list({}, options)).images.map(
      ({ name, target, labels }): ImageRecord => ({ name, target: target?.digest ?? '', labels }),
    ),
  );

  const isUnpacked = (chainId: string): PortCall<boolean> => {
    const call = { port: 'images', operation: 'stat', subject: chainId } as const;
    const stat = ask(connection, call, ({ snapshots }, options) =>
      snapshots.stat({ snapshotter, key: chainId }, options),
    );
    // An image without layers has nothing to unpack.
    return (signal) => (chainId === '' ? TE.right(true) : isFound(stat(signal)));
  };

  const lacking =
    (digests: ReadonlyArray<string>): PortCall<ReadonlyArray<string>> =>
    (signal) =>
      pipe(
        RA.uniq(S.Eq)(digests),
        TE.traverseSeqArray((digest) =>
          pipe(
            blobs.has(digest)(signal),
            TE.map((has) => (has ? [] : [digest])),
          ),
        ),
        TE.map(RA.flatten),
      );

  const contentOf =
    ({ name, target }: ImageRecord): PortCall<ImageContent> =>
    (signal) =>
      pipe(
        resolveImage(blobs)(target)(signal),
        TE.chain(({ manifest, config, size }) => {
          const chainId = chainIdOf(config.diffIds);
          return pipe(
            TE.Do,
            TE.apS('missing', lacking(manifest.layers.map(({ digest }) => digest))(signal)),
            TE.bind('unpacked', () => isUnpacked(chainId)(signal)),
            TE.map((held) => ({ id: manifest.config.digest, chainId, size, ...held })),
          );
        }),
        TE.mapLeft((step) => ofImage(name, step)),
      );

  return { list: () => list, content: contentOf };
};

/** The error of a step on the way, as the error of the call for the image. */
const ofImage = (name: string, step: PortError): PortError => ({
  ...step,
  operation: 'content',
  subject: name,
  message: `${step.operation} ${step.subject}: ${step.message}`,
});
