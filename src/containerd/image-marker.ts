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
const labels = { [label]: 'managed' };
const labelPath = `labels.${label}`;

/** Marks images; doing it again changes nothing. */
export const imageMarker = (connection: ContainerdConnection): ImageMarker => ({
  adopt: (decided, id) =>
    ask(connection, { port: 'images', operation: 'adopt', subject: decided.name }, async (clients, options) => {
      const { name } = decided;
      const { image } = await clients.images.get({ name }, options);
      const target = image?.target;
      if (target?.digest !== decided.target)
        throw new ConnectError(`it is another image by now: ${target?.digest}`, Code.NotFound);
      await refer(clients, options, id, target);
      // The label on the name says that all is done, so it comes last. The target is not in the mask, but 1.7 and later panic where it is not in the image.
      await clients.images.update({ image: { name, labels, target }, updateMask: { paths: [labelPath] } }, options);
    }),
});

/** Makes a reference with the label, or gives it to the one there is. */
const refer = async (
  clients: Clients,
  options: RequestOptions,
  name: string,
  target: NonNullable<Image['target']>,
): Promise<void> => {
  const image = { name, labels, target };
  try {
    await clients.images.create({ image }, options);
  } catch (thrown) {
    if (!(thrown instanceof ConnectError) || thrown.code !== Code.AlreadyExists) throw thrown;
    await clients.images.update({ image, updateMask: { paths: ['target', labelPath] } }, options);
  }
};
