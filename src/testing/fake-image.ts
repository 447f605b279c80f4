/** Making fake images. */
import * as E from 'fp-ts/lib/Either.js';
import { portError } from '../ports/index.js';
import type { FakeImage } from './fake-node.js';

/** What is told of a fake image; the rest is filled in. */
export interface ImageOptions {
  readonly name: string;
  readonly id?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Digests the content store lacks. */
  readonly missing?: ReadonlyArray<string>;
  readonly unpacked?: boolean;
  /** False: the manifest cannot be read. */
  readonly readable?: boolean;
}

/** An image that the CRI plugin has adopted, whole and unpacked. */
export const fakeImage = (given: ImageOptions): FakeImage => {
  const { name, id = `sha256:config-of-${name}`, missing = [], unpacked = true, readable = true } = given;
  const unreadable = portError('NotFound', { port: 'images', operation: 'content', subject: name }, 'no manifest');
  return {
    record: {
      name,
      target: `sha256:manifest-of-${name}`,
      labels: given.labels ?? { 'io.cri-containerd.image': 'managed' },
    },
    content: readable
      ? E.right({ id, chainId: `sha256:chain-of-${name}`, size: 1_048_576, missing, unpacked })
      : E.left(unreadable),
  };
};
