/** From an image's target to what there is of it, over every shape of image that OCI and Docker have. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { answerOf } from './fake-containerd.js';
import { addManifest, architecture, contentIn, diffIds, FakeStore, foreign, own, sha256 } from './fake-images.js';

test('lists images by name and target', async () => {
  const { images } = await new FakeStore().ports();
  expect(await answerOf(images.list())).toEqual([
    { name: 'named', target: sha256(''), labels: { a: 'b' } },
    { name: 'bare', target: '', labels: {} },
  ]);
});

describe('a manifest', () => {
  test('tells id, size and chain id', async () => {
    const store = new FakeStore();
    const { config, manifest, size } = addManifest(store);
    const chainId = sha256(`${sha256(`${diffIds[0]} ${diffIds[1]}`)} ${diffIds[2]}`);
    store.snapshots.add(`overlayfs ${chainId}`);
    const expected = { id: config.digest, chainId, size, missing: [], unpacked: true };
    expect(await contentIn(store, manifest.digest)).toEqual(E.right(expected));
  });

  test('with one layer has its diff id for chain id', async () => {
    const store = new FakeStore();
    const { manifest } = addManifest(store, { layers: ['a'] });
    expect(await contentIn(store, manifest.digest)).toMatchObject({ right: { chainId: diffIds[0], unpacked: false } });
  });

  test.each([
    [[], []],
    [null, null],
    [undefined, undefined],
  ])('without layers (%j) has nothing to unpack', async (layers, diff_ids) => {
    const store = new FakeStore();
    const config = store.add({ ...own, rootfs: { diff_ids } });
    const manifest = store.add({ config, layers });
    expect(await contentIn(store, manifest.digest)).toMatchObject({
      right: { chainId: '', missing: [], unpacked: true, size: config.size + manifest.size },
    });
  });

  test('names each missing layer once', async () => {
    const store = new FakeStore();
    const { blobs, manifest } = addManifest(store, { layers: ['a', 'b', 'a'] });
    for (const { digest } of blobs) store.blobs.delete(digest);
    expect(await contentIn(store, manifest.digest)).toMatchObject({
      right: { missing: [blobs[0]?.digest, blobs[1]?.digest] },
    });
  });

  test('that is the target itself may be for any platform', async () => {
    const store = new FakeStore();
    const { manifest } = addManifest(store, { platform: foreign });
    expect(await contentIn(store, manifest.digest)).toMatchObject({ _tag: 'Right' });
  });

  test('without its config is not found', async () => {
    const store = new FakeStore();
    const { config, manifest } = addManifest(store);
    store.blobs.delete(config.digest);
    expect(await contentIn(store, manifest.digest)).toMatchObject({
      left: { _tag: 'NotFound', message: expect.stringContaining(config.digest) },
    });
  });
});

describe('an index', () => {
  test('leads to the manifest for this machine, and counts with it', async () => {
    const store = new FakeStore();
    const other = addManifest(store, { platform: foreign });
    const ours = addManifest(store, { layers: ['x'] });
    const index = store.add({
      manifests: [
        { ...other.manifest, platform: foreign },
        { ...ours.manifest, platform: { os: 'windows', architecture } },
        { ...other.manifest, platform: { ...own, variant: 'v9' } },
        { ...ours.manifest, platform: own },
      ],
    });
    expect(await contentIn(store, index.digest)).toMatchObject({
      right: { id: ours.config.digest, size: ours.size + index.size },
    });
    expect(store.reads).not.toContain(other.manifest.digest);
  });

  test('within an index is followed', async () => {
    const store = new FakeStore();
    const ours = addManifest(store);
    const inner = store.add({ manifests: [{ ...ours.manifest, platform: own }] });
    const outer = store.add({ manifests: [{ ...inner, platform: own }] });
    expect(await contentIn(store, outer.digest)).toMatchObject({
      right: { id: ours.config.digest, size: ours.size + inner.size + outer.size },
    });
  });

  test.each([undefined, null])('without platforms (%j) is searched by the configs', async (platform) => {
    const store = new FakeStore();
    const other = addManifest(store, { platform: foreign });
    const ours = addManifest(store, { layers: ['x'] });
    const last = addManifest(store, { layers: ['y'] });
    const index = store.add({
      manifests: [other, ours, last].map(({ manifest }) => ({ ...manifest, platform })),
    });
    expect(await contentIn(store, index.digest)).toMatchObject({ right: { id: ours.config.digest } });
    expect(store.reads).not.toContain(last.manifest.digest);
  });

  test.each([
    ['has no entry', []],
    ['has null', null],
    ['has entries for others', [{ digest: sha256('a'), platform: foreign }]],
  ])('that %s leads nowhere', async (_, manifests) => {
    const store = new FakeStore();
    const index = store.add({ manifests });
    expect(await contentIn(store, index.digest)).toMatchObject({
      left: { _tag: 'NotFound', message: expect.stringContaining(`linux/${architecture}`) },
    });
  });

  test('whose manifest is missing is not found, though another would do', async () => {
    const store = new FakeStore();
    const [gone, there] = [addManifest(store, { layers: ['x'] }), addManifest(store)];
    const index = store.add({ manifests: [gone, there].map(({ manifest }) => ({ ...manifest, platform: own })) });
    store.blobs.delete(gone.manifest.digest);
    expect(await contentIn(store, index.digest)).toMatchObject({
      left: { _tag: 'NotFound', message: expect.stringContaining(gone.manifest.digest) },
    });
  });
});
