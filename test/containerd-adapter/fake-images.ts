/** Images as documents in a content store that is a map. */
import { createHash } from 'node:crypto';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import type * as E from 'fp-ts/lib/Either.js';
import type { ContainerdPorts } from '../../src/containerd/index.js';
import { Content } from '../../src/containerd/proto/gen/content_pb.js';
import { Images } from '../../src/containerd/proto/gen/images_pb.js';
import { Snapshots } from '../../src/containerd/proto/gen/snapshots_pb.js';
import type { ImageContent } from '../../src/core/observation.js';
import type { PortError } from '../../src/ports/index.js';
import { outcomeOf, portsOf } from './fake-containerd.js';

export const sha256 = (content: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** A content store, the snapshots there are, and the reference to a blob that was just put in. */
export class FakeStore {
  readonly blobs = new Map<string, Uint8Array>();
  readonly snapshots = new Set<string>();
  /** Digests that were asked for, to be read. */
  readonly reads: string[] = [];

  add(content: unknown) {
    const bytes = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
    const digest = sha256(bytes);
    this.blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  }

  readonly routes = (router: ConnectRouter): void => {
    const { blobs, reads, snapshots } = this;
    const find = (digest: string): Uint8Array => {
      const bytes = blobs.get(digest);
      if (bytes === undefined) throw new ConnectError(`content ${digest}: not found`, Code.NotFound);
      return bytes;
    };
    router.service(Content, {
      info: ({ digest }) => {
        find(digest);
        return {};
      },
      async *read({ digest }) {
        reads.push(digest);
        const bytes = find(digest);
        for (let start = 0; start < bytes.length; start += 1024 * 1024)
          yield { data: bytes.subarray(start, start + 1024 * 1024) };
      },
    });
    router.service(Snapshots, {
      stat: ({ snapshotter, key }) => {
        if (!snapshots.has(`${snapshotter} ${key}`)) throw new ConnectError('no such snapshot', Code.NotFound);
        return {};
      },
    });
    router.service(Images, {
      list: () => ({
        images: [{ name: 'named', labels: { a: 'b' }, target: { digest: sha256('') } }, { name: 'bare' }],
      }),
    });
  };

  readonly ports = (): Promise<ContainerdPorts> => portsOf(this.routes);
}

export const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
export const own = { os: 'linux', architecture };
export const foreign = { os: 'linux', architecture: 'riscv64' };

/** What the adapter finds in the store for an image with this target. */
export const contentIn = async (store: FakeStore, target: string): Promise<E.Either<PortError, ImageContent>> =>
  outcomeOf((await store.ports()).images.content({ name: 'image', target, labels: {} }));

export const diffIds = [sha256('lower'), sha256('middle'), sha256('upper')];

/** Puts in an image with as many of `diffIds` as it has layers; `size` is that of all its documents and layers. */
export const addManifest = (store: FakeStore, { layers = ['a', 'b', 'c'], platform = own } = {}) => {
  const config = store.add({ ...platform, rootfs: { type: 'layers', diff_ids: diffIds.slice(0, layers.length) } });
  const blobs = layers.map((layer) => store.add(`layer ${layer}`));
  const manifest = store.add({ schemaVersion: 2, config, layers: blobs });
  return { config, blobs, manifest, size: [config, manifest, ...blobs].reduce((sum, { size }) => sum + size, 0) };
};
