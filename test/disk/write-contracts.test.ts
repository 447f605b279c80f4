import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { openQuarantine, openWritableDisk, type WritableDisk } from '../../src/disk/index.js';
import { checkpointWriterContract, directorySweeperContract, fakeId, lockContract } from '../../src/testing/index.js';
import { runContract } from '../testing/run-contract.js';
import { checkpointOf } from './checkpoint-of.js';
import { lockTextOf, sleeper } from './lock-text.js';
import { patient, soundCheckpoint, type TemporaryNode, temporaryNode } from './temporary-node.js';

const open = async ({ root, state }: TemporaryNode): Promise<WritableDisk> => {
  const opened = await openWritableDisk({ root, state })();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

runContract(
  'disk checkpoints',
  checkpointWriterContract(async () => {
    const node = await temporaryNode();
    const folder = (id: string) => join(node.root, 'containers', id);
    const stale = (id: string) => join(node.root, 'containers', `.cri-recovery.${id}.status`);
    const spoil = async () => void (await node.checkpoint('broken', `{${await fse.readdir(folder('broken'))}`));
    await node.checkpoint('nginx', soundCheckpoint);
    await node.checkpoint('broken', '{');
    return {
      port: (await open(node)).checkpoints,
      present: fakeId('nginx'),
      checkpoint: checkpointOf(soundCheckpoint),
      other: checkpointOf(soundCheckpoint.replace('"Pid":4711', '"Pid":4712,"Restore":true')),
      absent: fakeId('bare'),
      corrupt: fakeId('broken'),
      spoil,
      keptAside: async (id) => (await fse.readdir(folder(id))).filter((name) => /^status\./.test(name)).length,
      leaveStale: (id) => fse.outputFile(stale(id), soundCheckpoint.slice(0, 30)),
      hasStale: (id) => fse.pathExists(stale(id)),
    };
  }),
);

runContract(
  'disk directories',
  directorySweeperContract(async () => {
    const node = await temporaryNode();
    const at = (name: string) => join(node.root, 'containers', name);
    await fse.outputFile(join(at('orphan'), 'io', '7', 'file'), 'x');
    await fse.outputFile(join(at('other'), 'status'), soundCheckpoint);
    await fse.symlink('other', at('link'));
    await fse.outputFile(at('file'), 'x');
    const quarantined = async () => {
      const listed = await openQuarantine(node).list()(patient())();
      if (E.isLeft(listed)) throw new Error(listed.left.message);
      return listed.right.map((entry) =>
        E.isRight(entry) ? { name: entry.right.id, why: entry.right.why } : { name: '', why: entry.left.message },
      );
    };
    return {
      port: (await open(node)).directories,
      base: { kind: 'container', area: 'root' },
      orphan: 'orphan',
      other: 'other',
      others: ['link', 'file'],
      quarantined,
    };
  }),
);

runContract(
  'disk lock',
  lockContract(async () => {
    const node = await temporaryNode();
    const path = join(node.state, 'cri-recovery.lock');
    return {
      port: (await open(node)).lock,
      holdElsewhere: async () => fse.writeFile(path, await lockTextOf(sleeper())),
      abandon: async () => {
        const text = await lockTextOf(process.pid);
        await fse.writeFile(path, text.replace(/"pid": \d+/, `"pid": ${spawnSync('true').pid}`));
      },
      isHeld: () => fse.pathExists(path),
    };
  }),
);
