/** The reads that an image costs: its documents down to the config, and whether layers and snapshot are there. */

import { chainIdOf } from '../../../src/containerd/chain-id.js';
import type { Clients } from './clients.js';

interface Documents {
  readonly manifests?: ReadonlyArray<{ readonly digest: string }>;
  readonly config?: { readonly digest: string };
  readonly layers?: ReadonlyArray<{ readonly digest: string }>;
  readonly rootfs?: { readonly diff_ids: ReadonlyArray<string> };
}

/** Of an index the first manifest is taken: these images have one. */
export const readImage = async (clients: Clients, target: string): Promise<void> => {
  const document = await readDocument(clients, target);
  const index = document.manifests?.[0];
  if (index !== undefined) return readImage(clients, index.digest);
  const { rootfs } = await readDocument(clients, document.config?.digest ?? '');
  const checks = (document.layers ?? []).map(({ digest }) => clients.content.info({ digest }));
  const key = chainIdOf(rootfs?.diff_ids ?? []);
  await Promise.all([...checks, clients.snapshots.stat({ snapshotter: 'overlayfs', key })]);
};

// What to read next stands in what was read, so this much has to be decoded.
const readDocument = async ({ content }: Clients, digest: string): Promise<Documents> => {
  const chunks: Uint8Array[] = [];
  for await (const { data } of content.read({ digest })) chunks.push(data);
  return JSON.parse(Buffer.concat(chunks).toString());
};
