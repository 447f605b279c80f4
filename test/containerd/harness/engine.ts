/** containerd's own API, below the CRI: with it tests change what lies behind the back of whoever recovers a node. */
import { createClient, type Transport } from '@connectrpc/connect';
import { Content } from '../proto/gen/content_pb.js';
import { Images } from '../proto/gen/images_pb.js';
import { recordApi } from './records.js';
import { taskApi } from './tasks.js';

export type Engine = ReturnType<typeof engineClient>;

export const engineClient = (transport: Transport) => {
  const images = createClient(Images, transport);
  const content = createClient(Content, transport);

  return {
    tasks: taskApi(transport),
    containers: recordApi(transport),
    images: {
      list: async () =>
        (await images.list({})).images.map(({ name, labels, target }) => ({
          name,
          labels,
          digest: target?.digest ?? '',
          mediaType: target?.mediaType ?? '',
        })),
      /** Returns when what only this image held has been collected. */
      delete: async (name: string): Promise<void> => {
        await images.delete({ name, sync: true });
      },
    },
    content: {
      list: async () => {
        const blobs: Array<{ digest: string; size: bigint }> = [];
        for await (const { info } of content.list({}))
          blobs.push(...info.map(({ digest, size }) => ({ digest, size })));
        return blobs;
      },
      delete: async (digest: string): Promise<void> => {
        await content.delete({ digest });
      },
    },
  };
};
