/**
 * Disks that refuse, seen from the whole library: every item is told of, what lives is RUNNING, nothing is lost, and once the disk is well again
 * the next recovery ends where an undisturbed one would have.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { describe, expect, test } from 'vitest';
import { fillUp, remount, tmpfsAt } from './mounts.js';
import { whyNoMounts } from './privilege.js';
import { endWell, expectEverybody, expectWhole, reportOf } from './real-ends.js';
import { canariesOf, layOut, type PolicyName, type RealNode, realNode } from './real-node.js';
import { temporaryFolder } from './temporary-node.js';

const policyNames: ReadonlyArray<PolicyName> = ['careful', 'containerd'];

/** How a disk is disturbed before the recovery, and made well again after it. */
interface Trouble {
  readonly begin: (node: RealNode) => unknown;
  readonly end?: (node: RealNode) => unknown;
  /** Why not even a beginning can be made. */
  readonly stops?: RegExp;
}

const fillInodes = (path: string): void => {
  spawnSync('sh', ['-c', 'i=0; while : > "$1/filling-$i"; do i=$((i + 1)); done', 'sh', path], { stdio: 'ignore' });
};
const removeFilling = (path: string): void => void spawnSync('sh', ['-c', 'rm -f "$1"/filling*', 'sh', path]);

const aside = (path: string): string => `${path}.aside`;

const mounted: Readonly<Record<string, Trouble>> = {
  'the root is full': { begin: ({ root }) => fillUp(root), end: ({ root }) => removeFilling(root) },
  'the root has no inodes left': { begin: ({ root }) => fillInodes(root), end: ({ root }) => removeFilling(root) },
  'the root is read-only': { begin: ({ root }) => remount(root, 'ro'), end: ({ root }) => remount(root, 'rw') },
  'the state is full': {
    begin: ({ state }) => fillUp(state),
    end: ({ state }) => removeFilling(state),
    stops: /ENOSPC/,
  },
  'the state has no inodes left': {
    begin: ({ state }) => fillInodes(state),
    end: ({ state }) => removeFilling(state),
    stops: /ENOSPC/,
  },
  'the state is read-only': {
    begin: ({ state }) => remount(state, 'ro'),
    end: ({ state }) => remount(state, 'rw'),
    stops: /EROFS/,
  },
  'another file system is where the quarantine would be': {
    begin: ({ root }) => tmpfsAt(join(root, 'cri-recovery-quarantine')),
    end: async ({ root }) => {
      execFileSync('umount', [join(root, 'cri-recovery-quarantine')]);
      await fse.rmdir(join(root, 'cri-recovery-quarantine'));
    },
  },
};

const anywhere: Readonly<Record<string, Trouble>> = {
  'the state is missing': { begin: ({ state }) => fse.move(state, aside(state)) },
  'the directories of containers are missing in the state': {
    begin: ({ state }) => fse.remove(join(state, 'containers')),
  },
  'a file is where the quarantine would be': {
    begin: ({ root, state }) =>
      Promise.all([root, state].map((area) => fse.outputFile(join(area, 'cri-recovery-quarantine'), 'own'))),
    end: ({ root, state }) =>
      Promise.all([root, state].map((area) => fse.remove(join(area, 'cri-recovery-quarantine')))),
  },
  'a link is where the quarantine would be': {
    begin: ({ root, state, outside }) =>
      Promise.all([root, state].map((area) => fse.symlink(outside, join(area, 'cri-recovery-quarantine')))),
    end: ({ root, state }) =>
      Promise.all([root, state].map((area) => fse.unlink(join(area, 'cri-recovery-quarantine')))),
  },
  'a directory is where the lock would be': {
    begin: ({ state }) => fse.mkdir(join(state, 'cri-recovery.lock')),
    end: ({ state }) => fse.rmdir(join(state, 'cri-recovery.lock')),
    stops: /a directory/,
  },
  'a FIFO is where the lock would be': {
    begin: ({ state }) => execFileSync('mkfifo', [join(state, 'cri-recovery.lock')]),
    end: ({ state }) => fse.unlink(join(state, 'cri-recovery.lock')),
    stops: /a FIFO/,
  },
  'a link is where the lock would be': {
    begin: ({ state, outside }) => fse.symlink(join(outside, 'below', 'precious'), join(state, 'cri-recovery.lock')),
    end: ({ state }) => fse.unlink(join(state, 'cri-recovery.lock')),
    stops: /a symbolic link/,
  },
};

const nodeOnTmpfs = async (): Promise<RealNode> => {
  const folder = await temporaryFolder();
  for (const name of ['root', 'state']) await tmpfsAt(join(folder, name), '256k,nr_inodes=100');
  return layOut(folder);
};

const suffer = async (node: RealNode, trouble: Trouble, policy: PolicyName): Promise<void> => {
  await trouble.begin(node);
  const before = await canariesOf(node);
  const recovered = await node.recover(policy);
  if (trouble.stops === undefined) expectEverybody(reportOf(recovered), policy);
  else {
    expect(recovered).toMatchObject(
      E.left({ _tag: 'NodeLocked', error: { message: expect.stringMatching(trouble.stops) } }),
    );
    expect(node.tasks()).toContain('stopped');
  }
  if (policy === 'careful') expect(await canariesOf(node)).toBe(before);
  await expectWhole(node);
  await trouble.end?.(node);
  if (policy === 'careful') await endWell(node);
};

describe.each(policyNames)('under policy %s', (policy) => {
  describe.skipIf(whyNoMounts !== undefined)(`a disk of its own (${whyNoMounts ?? 'as root'})`, () => {
    test.each(Object.entries(mounted))('%s', async (_, trouble) => suffer(await nodeOnTmpfs(), trouble, policy));
  });

  test.each(Object.entries(anywhere))('%s', async (_, trouble) => suffer(await realNode(), trouble, policy));
});
