import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { onTestFinished } from 'vitest';
import { type Disk, openDisk } from '../../src/disk/index.js';
import {
  checkpointReaderContract,
  directoryReaderContract,
  emptyJson,
  fakeId,
  hostContract,
} from '../../src/testing/index.js';
import { runContract } from '../testing/run-contract.js';
import { whyNoMounts } from './privilege.js';
import { soundCheckpoint, type TemporaryNode, temporaryFolder, temporaryNode } from './temporary-node.js';

const open = async ({ root, state }: TemporaryNode): Promise<Disk> => {
  const opened = await openDisk({ root, state })();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

runContract(
  'disk checkpoints',
  checkpointReaderContract(async () => {
    const node = await temporaryNode();
    const { checkpoints } = await open(node);
    await node.checkpoint('nginx', soundCheckpoint);
    await node.checkpoint('broken', '{');
    await node.checkpoint('newer', soundCheckpoint.replace('v1', 'v2'));
    return {
      port: checkpoints,
      present: fakeId('nginx'),
      checkpoint: {
        status: {
          pid: 4711,
          createdAt: 1714550401123456789n,
          startedAt: 1714550402123456789n,
          finishedAt: 0n,
          exitCode: 0,
          reason: '',
          message: '',
          unknown: false,
        },
        rest: emptyJson,
      },
      absent: fakeId('bare'),
      corrupt: fakeId('broken'),
      foreign: fakeId('newer'),
      foreignVersion: 'v2',
      appear: async () => {
        await node.checkpoint('bare', soundCheckpoint);
      },
    };
  }),
);

runContract(
  'disk directories',
  directoryReaderContract(async () => {
    const node = await temporaryNode();
    const { directories } = await open(node);
    await fse.mkdir(join(node.root, 'containers', 'nginx'));
    await fse.symlink('nginx', join(node.root, 'containers', 'link'));
    const bundles = join(dirname(node.state), 'io.containerd.runtime.v2.task');
    for (const path of ['k8s.io/nginx', 'k8s.io/web', 'moby/other']) await fse.mkdirp(join(bundles, path));
    return {
      port: directories,
      base: { kind: 'container', area: 'root' },
      entries: [
        { name: 'nginx', type: 'directory', mounts: [] },
        { name: 'link', type: 'link', mounts: [] },
      ],
      missing: { kind: 'sandbox', area: 'state' },
      appear: () => fse.mkdir(join(node.state, 'sandboxes')),
      namespace: 'k8s.io',
      bundles: ['nginx', 'web'],
    };
  }),
);

const mountedNamespace = async (): Promise<string | undefined> => {
  if (whyNoMounts !== undefined) return undefined;
  const path = join(await temporaryFolder(), 'netns');
  await fse.outputFile(path, '');
  execFileSync('unshare', [`--net=${path}`, 'true']);
  onTestFinished(() => void spawnSync('umount', ['--lazy', path]));
  return path;
};

runContract(
  `the local host (network namespaces: ${whyNoMounts ?? 'as root'})`,
  hostContract(async () => {
    const node = await temporaryNode();
    const child = spawn('sleep', ['60']);
    const startedAt = BigInt(Date.now()) * 1_000_000n;
    onTestFinished(() => void child.kill('SIGKILL'));
    return {
      port: (await open(node)).host,
      pid: child.pid ?? 0,
      startedAt,
      tolerance: 50_000_000n,
      absentPid: spawnSync('true').pid,
      networkNamespace: await mountedNamespace(),
      otherPaths: [join(node.root, 'none'), node.root],
    };
  }),
);
