/** The contract of `ImageMarker`, seen through the reader beside it. */
import assert from 'node:assert/strict';
import type { ImageRecord } from '../../core/observation.js';
import type { ImageMarker, ImageReader } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { heedsSignal } from './every-call.js';

/** What the checks need. */
export interface ImageMarkerWorld {
  readonly port: ImageReader & ImageMarker;
  /** An image that is whole, has a label, but not that of the CRI plugin, and no reference named by its id. */
  readonly image: ImageRecord;
  /** Its CRI id, `sha256:` and 64 hex digits. */
  readonly id: string;
  /** A name that there is no image under. */
  readonly absent: ImageRecord;
}

/** What every `ImageMarker` keeps. */
export const imageMarkerContract = (arrange: Arrange<ImageMarkerWorld>): ReadonlyArray<Check> => [
  ...heedsSignal(arrange, adopt, ({ port, image, id }) => port.adopt(image, id)),
  {
    name: 'images adopt: adds the label and a reference named by the id, and nothing else',
    run: async () => {
      const { port, image, id } = await arrange();
      const before = await listed(port);
      await successOf(port.adopt(image, id));
      const after = await listed(port);
      assert.deepEqual(after.get(image.name), { ...image, labels: { ...image.labels, [label]: 'managed' } });
      assert.equal(after.get(id)?.target, image.target);
      assert.equal(after.get(id)?.labels[label], 'managed');
      assert.deepEqual(without(after, image.name, id), without(before, image.name, id));
    },
  },
  {
    name: 'images adopt: changes nothing when it is done again',
    run: async () => {
      const { port, image, id } = await arrange();
      await successOf(port.adopt(image, id));
      const once = await listed(port);
      await successOf(port.adopt(image, id));
      assert.deepEqual(await listed(port), once);
    },
  },
  {
    name: 'images adopt: makes no second reference of one that is named by its id',
    run: async () => {
      const { port, image, id } = await arrange();
      await successOf(port.adopt(image, id));
      const once = await listed(port);
      const reference = once.get(id) ?? assert.fail('there is one');
      await successOf(port.adopt(reference, id));
      assert.deepEqual(await listed(port), once);
    },
  },
  {
    name: 'images adopt: NotFound for a name that has no image, or another one by now, and nothing is made or changed',
    run: async () => {
      const { port, image, absent, id } = await arrange();
      const before = await listed(port);
      for (const gone of [absent, { ...image, target: `sha256:${'0'.repeat(64)}` }])
        await errorOf(port.adopt(gone, id), { ...adopt, tag: ['NotFound'], subject: gone.name });
      assert.deepEqual(await listed(port), before);
    },
  },
  {
    name: 'images adopt: changes nothing when the signal has fired before',
    run: async () => {
      const { port, image, id } = await arrange();
      const before = await listed(port);
      await errorOf(port.adopt(image, id), { ...adopt, tag: ['TimedOut'], subject: image.name }, AbortSignal.abort());
      assert.deepEqual(await listed(port), before);
    },
  },
];

const adopt: Operation = { port: 'images', operation: 'adopt' };
const label = 'io.cri-containerd.image';

const listed = async (port: ImageReader): Promise<ReadonlyMap<string, ImageRecord>> =>
  new Map((await successOf(port.list())).map((image) => [image.name, image]));

const without = (
  images: ReadonlyMap<string, ImageRecord>,
  ...names: ReadonlyArray<string>
): ReadonlyMap<string, ImageRecord> => new Map([...images].filter(([name]) => !names.includes(name)));
