/**
 * Making an image CRI's own (containerd `UpdateImage` and `createImageReference`, `internal/cri/server/images/image_pull.go`).
 */
import { Code, ConnectError } from '@connectrpc/connect';
import type { ImageMarker } from '../ports/index.js';
import { ask, type RequestOptions } from './ask.js';
import type { Clients } from './clients.js';
import type { ContainerdConnection } from './connect.js';
import type { Image } from './proto/gen/images_pb.js';

const label = 'io.cri-containerd.image';

/** Marks images; doing it again changes nothing. */
export const imageMarker = (connection: ContainerdConnection): ImageMarker => ({
  adopt: ({ name }, id) =>
    ask(connection, { port: 'images', operation: 'adopt', subject: name }, async (clients, options) => {
      const { image } = await clients.images.get({ name }, options);
      const target = image?.target;
      // The label on the name says that all is done, so it comes last.
      await refer(clients, options, id, target);
      await refer(clients, options, name, target);
    }),
});

/** Makes a reference with the label, or gives it to the one there is. */
const refer = async (
  clients: Clients,
  options: RequestOptions,
  name: string,
  target: Image['target'],
): Promise<void> => {
  const image = { name, labels: { [label]: 'managed' }, ...(target === undefined ? {} : { target }) };
  try {
    await clients.images.create({ image }, options);
  } catch (thrown) {
    if (!(thrown instanceof ConnectError) || thrown.code !== Code.AlreadyExists) throw thrown;
    await clients.images.update({ image, updateMask: { paths: ['target', `labels.${label}`] } }, options);
  }
};
