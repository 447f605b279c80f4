/** An image of one tiny layer, imported without the CRI plugin's knowledge, complete and unpacked or not. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../harness/command.js';
import type { TestNode } from '../harness/index.js';

const tar = (from: string, to: string): Promise<string> => command('tar', ['-cf', to, '-C', from, '.']);
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

interface SmallImage {
  readonly name: string;
  /** Whether the snapshotter gets a snapshot of it. */
  readonly unpacked: boolean;
}

/** Digests of what the image consists of. */
export interface SmallImageParts {
  readonly manifest: string;
  readonly config: string;
  readonly layer: string;
}

/** Imports the image; no two of different names share a blob. */
export const importSmallImage = async (node: TestNode, image: SmallImage): Promise<SmallImageParts> => {
  const work = await mkdtemp(join(tmpdir(), 'cri-recovery-image-'));
  try {
    const parts = await buildArchive(work, image.name);
    const flags = image.unpacked ? [] : ['--no-unpack'];
    await node.ctr('images', 'import', ...flags, join(work, 'image.tar'));
    return parts;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

const buildArchive = async (work: string, name: string): Promise<SmallImageParts> => {
  const files = join(work, 'files');
  const layout = join(work, 'layout');
  const blobs = join(layout, 'blobs', 'sha256');
  await mkdir(files, { recursive: true });
  await mkdir(blobs, { recursive: true });
  const add = async (mediaType: string, content: Buffer) => {
    const digest = createHash('sha256').update(content).digest('hex');
    await writeFile(join(blobs, digest), content);
    return { mediaType: `application/vnd.oci.image.${mediaType}`, digest: `sha256:${digest}`, size: content.length };
  };
  await writeFile(join(files, 'name'), name);
  await tar(files, join(work, 'layer.tar'));
  const platform = { architecture: process.arch === 'x64' ? 'amd64' : process.arch, os: 'linux' };
  const layer = await add('layer.v1.tar', await readFile(join(work, 'layer.tar')));
  const config = await add(
    'config.v1+json',
    json({ ...platform, config: {}, rootfs: { type: 'layers', diff_ids: [layer.digest] } }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = await add('manifest.v1+json', json({ schemaVersion: 2, mediaType, config, layers: [layer] }));
  const annotations = { 'io.containerd.image.name': name };
  await writeFile(
    join(layout, 'index.json'),
    json({ schemaVersion: 2, manifests: [{ ...manifest, annotations, platform }] }),
  );
  await writeFile(join(layout, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
  await tar(layout, join(work, 'image.tar'));
  return { manifest: manifest.digest, config: config.digest, layer: layer.digest };
};
