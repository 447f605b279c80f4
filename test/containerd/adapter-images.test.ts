/**
 * The containerd adapter against every release: what there is of an image. The tests of a release run in order and take more and more of the
 * image away.
 */
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { containerdPorts } from '../../src/containerd/index.js';
import type { ImageContent, ImageRecord } from '../../src/core/observation.js';
import type { PortError } from '../../src/ports/index.js';
import { imageArchive } from './harness/image.js';
import { describeReleases, imageName, TestNode } from './harness/index.js';

describeReleases('the images of the containerd adapter', (release) => {
  let node: TestNode;

  const listed = async (name: string): Promise<ImageRecord> => {
    const { images, close } = containerdPorts({ address: node.socket, namespace: 'k8s.io' });
    const list = await images.list()(AbortSignal.timeout(5_000))();
    close();
    const image = E.isRight(list) ? list.right.find((candidate) => candidate.name === name) : undefined;
    if (image === undefined) throw new Error(`${name} is not listed`);
    return image;
  };

  const contentOf = async (name: string, snapshotter = 'overlayfs'): Promise<E.Either<PortError, ImageContent>> => {
    const { images, close } = containerdPorts({ address: node.socket, namespace: 'k8s.io', snapshotter });
    const content = await images.content(await listed(name))(AbortSignal.timeout(5_000))();
    close();
    return content;
  };

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
  });

  afterAll(() => node?.dispose());

  test('are named and labelled as containerd has them', async () => {
    const [image] = (await node.engine.images.list()).filter(({ name }) => name === imageName);
    expect(await listed(imageName)).toEqual({ name: imageName, target: image?.digest, labels: image?.labels });
  });

  test('have the id and the size that the CRI gives them', async () => {
    const [image] = await node.cri.listImages();
    expect(await contentOf(imageName)).toMatchObject({
      right: { id: image?.id, size: Number(image?.size), missing: [], unpacked: true },
    });
  });

  test('have the chain id of a snapshot', async () => {
    const content = await contentOf(imageName);
    expect(await node.ctr('snapshots', 'ls')).toContain(E.isRight(content) ? content.right.chainId : 'no content');
  });

  test('are not unpacked where another snapshotter is asked', async () => {
    expect(await contentOf(imageName, 'native')).toMatchObject({ right: { unpacked: false } });
  });

  test('cannot be told to be unpacked by a snapshotter that is not there', async () => {
    expect(await contentOf(imageName, 'absent')).toMatchObject({
      left: { _tag: 'Unexpected', message: expect.stringContaining('absent') },
    });
  });

  test('are found through an index', async () => {
    await node.ctr(
      'images',
      'import',
      '--no-unpack',
      '--index-name',
      'cri-recovery.test/index:1',
      await imageArchive(),
    );
    const [direct, through] = [await contentOf(imageName), await contentOf('cri-recovery.test/index:1')];
    expect((await listed('cri-recovery.test/index:1')).target).not.toBe((await listed(imageName)).target);
    expect(through).toMatchObject({ right: { id: E.isRight(direct) && direct.right.id, unpacked: true } });
  });

  test('have missing layers, once a layer is gone', async () => {
    const layer = (await node.engine.content.list()).reduce((most, blob) => (blob.size > most.size ? blob : most));
    await node.engine.content.delete(layer.digest);
    expect(await contentOf(imageName)).toMatchObject({ right: { missing: [layer.digest], unpacked: true } });
  });

  test('are not found, once the manifest is gone', async () => {
    const { target } = await listed(imageName);
    await node.engine.content.delete(target);
    for (const name of [imageName, 'cri-recovery.test/index:1'])
      expect(await contentOf(name)).toMatchObject({
        left: { _tag: 'NotFound', operation: 'content', subject: name, message: expect.stringContaining(target) },
      });
  });
});
