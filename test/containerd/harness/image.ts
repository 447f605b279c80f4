/**
 * The one image of the tests: the machine's static busybox and links to it, as an OCI archive. The same bytes every
 * time, built once and kept in the folder for temporary files.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './command.js';
import { imageName } from './config.js';

const applets = (
  'sh sleep echo cat true false seq kill head tail date yes dd printf env ls ps mkdir rm touch test wc tr tee od ' +
  'stty usleep id hostname ip'
).split(' ');

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

const tar = (from: string, to: string): Promise<string> =>
  command('tar', [
    '--create',
    '--sort=name',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--format=gnu',
    `--file=${to}`,
    `--directory=${from}`,
    '.',
  ]);

const architecture = (): string => (process.arch === 'x64' ? 'amd64' : process.arch);

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const addBlob = async (blobs: string, mediaType: string, content: Uint8Array): Promise<Descriptor> => {
  const digest = sha256(content);
  await writeFile(join(blobs, digest), content);
  return { mediaType: `application/vnd.oci.image.${mediaType}`, digest: `sha256:${digest}`, size: content.length };
};

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const buildLayer = async (work: string, busybox: string): Promise<Buffer> => {
  const files = join(work, 'files');
  await mkdir(join(files, 'bin'), { recursive: true });
  for (const directory of ['etc', 'tmp', 'proc', 'sys', 'dev']) await mkdir(join(files, directory));
  await copyFile(busybox, join(files, 'bin', 'busybox'));
  for (const applet of applets) await symlink('busybox', join(files, 'bin', applet));
  await writeFile(join(files, 'etc', 'passwd'), 'root:x:0:0:root:/:/bin/sh\n');
  await tar(files, join(work, 'layer.tar'));
  return readFile(join(work, 'layer.tar'));
};

const buildArchive = async (work: string, busybox: string, to: string): Promise<void> => {
  const layout = join(work, 'layout');
  const blobs = join(layout, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const layer = await addBlob(blobs, 'layer.v1.tar', await buildLayer(work, busybox));
  const config = await addBlob(
    blobs,
    'config.v1+json',
    json({
      architecture: architecture(),
      os: 'linux',
      config: { Cmd: ['/bin/sleep', '2147483647'], Env: ['PATH=/bin'] },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  );
  const manifest = await addBlob(
    blobs,
    'manifest.v1+json',
    json({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config, layers: [layer] }),
  );
  const annotations = { 'io.containerd.image.name': imageName };
  const platform = { architecture: architecture(), os: 'linux' };
  await writeFile(
    join(layout, 'index.json'),
    json({ schemaVersion: 2, manifests: [{ ...manifest, annotations, platform }] }),
  );
  await writeFile(join(layout, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
  await tar(layout, to);
};

/** The path of the archive; it is built when no earlier run has left it. */
export const imageArchive = async (): Promise<string> => {
  const busybox = (await command('which', ['busybox'])).trim();
  const key = sha256(sha256(await readFile(busybox)) + applets.join() + imageName).slice(0, 16);
  const path = join(tmpdir(), `cri-recovery-image-${key}.tar`);
  if (existsSync(path)) return path;
  const work = await mkdtemp(join(tmpdir(), 'cri-recovery-image-'));
  try {
    await buildArchive(work, busybox, join(work, 'image.tar'));
    await rename(join(work, 'image.tar'), path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return path;
};
