/** The documents of an image as they should not be. */
import { createHash } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { Content } from '../../src/containerd/proto/gen/content_pb.js';
import { failureOf, portsOf } from './fake-containerd.js';
import { addManifest, contentIn, FakeStore, own, sha256 } from './fake-images.js';

describe('a document', () => {
  const digest = sha256('x');
  test.each([
    ['that is no JSON', 'garbage'],
    ['that is empty', ''],
    ['that is no object', '[]'],
    ['of schema 1', { schemaVersion: 1, fsLayers: [] }],
    ['that is both index and manifest', { manifests: [], config: { digest, size: 1 } }],
    ['with a digest that is none', { config: { digest: 'sha256:../../x', size: 1 } }],
    ['with a digest that is too short', { config: { digest: 'sha256:ab', size: 1 } }],
    ['with a negative size', { config: { digest, size: -1 } }],
    ['with half a byte', { config: { digest, size: 0.5 } }],
    ['with layers that are none', { config: { digest, size: 1 }, layers: 'none' }],
    ['with manifests that are none', { manifests: [{ platform: own }] }],
  ])('%s is corrupt', async (_, document) => {
    const store = new FakeStore();
    const target = store.add(document).digest;
    const failure = await contentIn(store, target);
    expect(failure).toMatchObject({
      left: {
        _tag: 'Corrupt',
        port: 'images',
        operation: 'content',
        subject: 'image',
        message: expect.stringContaining(target),
      },
    });
  });

  test.each([
    ['without rootfs', {}],
    ['with a diff id that is none', { rootfs: { diff_ids: ['a'] } }],
  ])('that is a config %s is corrupt', async (_, document) => {
    const store = new FakeStore();
    const config = store.add(document);
    const manifest = store.add({ config, layers: [] });
    expect(await contentIn(store, manifest.digest)).toMatchObject({
      left: { _tag: 'Corrupt', message: expect.stringContaining(config.digest) },
    });
  });

  test('that is not what its digest says is corrupt', async () => {
    const store = new FakeStore();
    const { manifest } = addManifest(store);
    store.blobs.set(manifest.digest, Buffer.from(JSON.stringify({ manifests: [] })));
    expect(await contentIn(store, manifest.digest)).toMatchObject({
      left: { _tag: 'Corrupt', message: expect.stringContaining('not what its digest says') },
    });
  });

  test('longer than 8 MiB is corrupt, one of 8 MiB is not', async () => {
    const store = new FakeStore();
    const config = store.add({ ...own, rootfs: {} });
    const padded = (length: number) => {
      const text = JSON.stringify({ config, padding: '' });
      return store.add(text.replace('"padding":""', `"padding":"${' '.repeat(length - text.length)}"`)).digest;
    };
    expect(await contentIn(store, padded(8 * 1024 * 1024))).toMatchObject({ _tag: 'Right' });
    expect(await contentIn(store, padded(8 * 1024 * 1024 + 1))).toMatchObject({
      left: { _tag: 'Corrupt', message: expect.stringContaining('longer than 8 MiB') },
    });
  });

  test('that has no end is not read to it', async () => {
    let ended = false;
    const { images } = await portsOf((router) =>
      router.service(Content, {
        async *read(_, { signal }) {
          signal.addEventListener('abort', () => {
            ended = true;
          });
          while (!signal.aborted) yield { data: Buffer.alloc(1024 * 1024) };
        },
      }),
    );
    const call = images.content({ name: 'endless', target: digest, labels: {} });
    expect(await failureOf(call)).toMatchObject({
      _tag: 'Corrupt',
      message: expect.stringContaining('longer than 8 MiB'),
    });
    await vi.waitFor(() => expect(ended).toBe(true));
  });

  test.each(['', 'sha256:abc', 'md5:d41d8cd98f00b204e9800998ecf8427e', '../../etc/passwd'])(
    'is not asked for by %j, which is no digest',
    async (target) => {
      const store = new FakeStore();
      expect(await contentIn(store, target)).toMatchObject({
        left: { _tag: 'Corrupt', message: `read ${target}: not a digest` },
      });
      expect(store.reads).toEqual([]);
    },
  );

  test('may be named by SHA-512', async () => {
    const store = new FakeStore();
    const { config, manifest } = addManifest(store);
    const bytes = store.blobs.get(manifest.digest) ?? Buffer.of();
    const target = `sha512:${createHash('sha512').update(bytes).digest('hex')}`;
    store.blobs.set(target, bytes);
    expect(await contentIn(store, target)).toMatchObject({ right: { id: config.digest } });
  });
});
