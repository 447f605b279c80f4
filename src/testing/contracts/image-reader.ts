/** The contract of `ImageReader`. */
import assert from 'node:assert/strict';
import type { ImageRecord } from '../../core/observation.js';
import type { ImageReader } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { everyCall } from './every-call.js';

/** What the checks need. */
export interface ImageReaderWorld {
  readonly port: ImageReader;
  /** An image that is whole and unpacked, and its CRI id. */
  readonly present: ImageRecord;
  readonly id: string;
  /** An image whose manifest is not there, listed or not. */
  readonly unreadable: ImageRecord;
}

/** What every `ImageReader` keeps. */
export const imageReaderContract = (arrange: Arrange<ImageReaderWorld>): ReadonlyArray<Check> => [
  ...everyCall(arrange, list, ({ port }) => port.list()),
  ...everyCall(arrange, content, ({ port, present }) => port.content(present)),
  {
    name: 'images list: gives the image as containerd has it, once',
    run: async () => {
      const { port, present } = await arrange();
      const images = await successOf(port.list());
      assert.deepEqual(
        images.filter(({ name }) => name === present.name),
        [present],
      );
    },
  },
  {
    name: 'images content: knows a whole image by its id, its blobs and its snapshot',
    run: async () => {
      const { port, present, id } = await arrange();
      const found = await successOf(port.content(present));
      assert.equal(found.id, id);
      assert.deepEqual(found.missing, []);
      assert.equal(found.unpacked, true);
      assert.match(found.chainId, /^sha256:./);
      assert.ok(found.size > 0);
    },
  },
  {
    name: 'images content: NotFound or Corrupt when the manifest cannot be read',
    run: async () => {
      const { port, unreadable } = await arrange();
      await errorOf(port.content(unreadable), { ...content, tag: ['NotFound', 'Corrupt'] });
    },
  },
];

const list: Operation = { port: 'images', operation: 'list' };
const content: Operation = { port: 'images', operation: 'content' };
