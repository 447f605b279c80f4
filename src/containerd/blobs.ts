/** containerd's content store, as far as images need it: small documents, and whether a blob is there. */
import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type PortCall, type PortError, portError } from '../ports/index.js';
import { ask } from './ask.js';
import type { ContainerdConnection } from './connect.js';
import { isDigest } from './image-documents.js';

/** containerd's own limit for a manifest. */
const longestDocument = 8 * 1024 * 1024;

export interface Blobs {
  /** A manifest, index or config, whole and true to its digest; `Corrupt` when it is not, or longer than 8 MiB. */
  readonly read: (digest: string) => PortCall<Uint8Array>;
  readonly has: (digest: string) => PortCall<boolean>;
}

export const blobsOf = (connection: ContainerdConnection): Blobs => ({
  read: (digest) => (signal) => {
    const call = { port: 'images', operation: 'read', subject: digest } as const;
    const corrupt = (message: string): PortError => portError('Corrupt', call, message);
    const read = ask(connection, call, async ({ content }, options) => {
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const { data } of content.read({ digest }, options)) {
        chunks.push(data);
        length += data.length;
        if (length > longestDocument) break;
      }
      return Buffer.concat(chunks);
    });
    return pipe(
      TE.fromEither(isDigest(digest) ? E.right(signal) : E.left(corrupt('not a digest'))),
      TE.chain(read),
      TE.filterOrElse(
        ({ length }) => length <= longestDocument,
        () => corrupt('longer than 8 MiB'),
      ),
      TE.filterOrElse(
        (bytes) => digestOf(bytes, digest) === digest,
        () => corrupt('the content is not what its digest says'),
      ),
    );
  },
  has: (digest) => (signal) => {
    const call = { port: 'images', operation: 'has', subject: digest } as const;
    const info = ask(connection, call, ({ content }, options) => content.info({ digest }, options));
    return pipe(info(signal), isFound);
  },
});

/** Whether there was something to answer with. */
export const isFound = (answer: TE.TaskEither<PortError, unknown>): TE.TaskEither<PortError, boolean> =>
  pipe(
    answer,
    TE.map(() => true),
    TE.orElse((error) => (error._tag === 'NotFound' ? TE.right(false) : TE.left(error))),
  );

/** The digest of the bytes by the algorithm of another. */
const digestOf = (bytes: Uint8Array, like: string): string => {
  const algorithm = like.slice(0, like.indexOf(':'));
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
};
