/** Orphaned directories with somebody else's things in or on them, through a whole recovery: gone or kept, and what is not of them is whole. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mountAt, mountsBelow, tmpfsAt } from './mounts.js';
import { isRoot, whyNoMounts } from './privilege.js';
import { contentsBelow, living, type PolicyName, type RealNode, realNode } from './real-node.js';

const policyNames: ReadonlyArray<PolicyName> = ['careful', 'containerd'];
const orphanOf = ({ root }: RealNode): string => join(root, 'containers', 'orphan');

interface Scene {
  readonly make: (node: RealNode, orphan: string) => unknown;
  /** Where the orphan has to stay. */
  readonly stays?: ReadonlyArray<PolicyName>;
}

/** A process that uses a place until the test ends. */
const usedBy = async (script: string, cwd: string): Promise<void> => {
  const child = spawn('sh', ['-c', `${script}; echo; sleep 60`], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
};

const overlay = async ({ root, outside }: RealNode, orphan: string): Promise<void> => {
  await tmpfsAt(join(root, 'layers'));
  for (const name of ['upper', 'work']) await fse.mkdirp(join(root, 'layers', name));
  const options = `lowerdir=${outside},upperdir=${root}/layers/upper,workdir=${root}/layers/work`;
  await mountAt(join(orphan, 'rootfs'), '-t', 'overlay', '-o', options, 'overlay');
  await fse.outputFile(join(orphan, 'rootfs', 'written'), 'precious');
};

const immutable = (path: string): boolean => {
  onTestFinished(() => void spawnSync('chattr', ['-R', '-i', path], { stdio: 'ignore' }));
  return spawnSync('chattr', ['+i', path], { stdio: 'ignore' }).status === 0;
};

const links: Readonly<Record<string, Scene>> = {
  'links to a directory and a file outside': {
    make: async ({ outside }, orphan) => {
      await fse.symlink(outside, join(orphan, 'link'));
      await fse.symlink(join(outside, 'below', 'precious'), join(orphan, 'to-file'));
      await fse.link(join(outside, 'below', 'precious'), join(orphan, 'hard'));
    },
  },
  'a link in its own place': {
    make: async ({ outside }, orphan) => {
      await fse.remove(orphan);
      await fse.symlink(outside, orphan);
    },
    stays: policyNames,
  },
};

const mounts: Readonly<Record<string, Scene>> = {
  'a bind mount in it': { make: ({ outside }, orphan) => mountAt(join(orphan, 'bound'), '--bind', outside) },
  'a bind mount on it': { make: ({ outside }, orphan) => mountAt(orphan, '--bind', outside) },
  'a bind mount that somebody works in': {
    make: async ({ outside }, orphan) => {
      await mountAt(join(orphan, 'bound'), '--bind', outside);
      await usedBy('true', join(orphan, 'bound'));
    },
  },
  'a file of a mount held open': {
    make: async (_, orphan) => {
      await tmpfsAt(join(orphan, 'shm'));
      await usedBy('exec 3> held', join(orphan, 'shm'));
    },
  },
  'an overlay mounted in it': { make: overlay },
  'an overlay that somebody works in': {
    make: async (node, orphan) => {
      await overlay(node, orphan);
      await usedBy('exec 3> held', join(orphan, 'rootfs'));
    },
  },
  'a link to a mount, and a mount behind a link': {
    make: async ({ outside }, orphan) => {
      await tmpfsAt(join(outside, 'below', 'mounted'));
      await fse.outputFile(join(outside, 'below', 'mounted', 'precious'), 'precious');
      await fse.symlink(join(outside, 'below', 'mounted'), join(orphan, 'link'));
    },
  },
  'a read-only mount in it': {
    make: ({ outside }, orphan) => mountAt(join(orphan, 'ro'), '--bind', '-o', 'ro', outside),
  },
};

const recovered = async (node: RealNode, policy: PolicyName) => {
  const report = await node.recover(policy);
  if (E.isLeft(report)) throw new Error(JSON.stringify(report.left));
  const { containers, orphans, failures } = report.right;
  for (const id of living)
    if (policy === 'careful' || id !== 'broken')
      expect([id, containers.find((container) => container.id === id)?.state]).not.toEqual([id, undefined]);
  return { orphans, failures };
};

describe.each(policyNames)('an orphan under policy %s', (policy) => {
  const check = async (scene: Scene): Promise<void> => {
    const node = await realNode();
    const orphan = orphanOf(node);
    await scene.make(node, orphan);
    const precious = (await contentsBelow(node.outside)).toSorted();
    const { orphans } = await recovered(node, policy);
    expect((await contentsBelow(node.outside)).toSorted()).toEqual(precious);
    const isThere = await fse.lstat(orphan).then(
      () => true,
      () => false,
    );
    expect(isThere).toBe(scene.stays?.includes(policy) ?? false);
    const told = orphans.find(({ path }) => path === orphan);
    if (!isThere) {
      expect(told?.outcome).toBe(policy === 'careful' ? 'quarantined' : 'removed');
      expect(mountsBelow(orphan)).toEqual([]);
    }
    if (policy === 'careful' && told?.outcome === 'quarantined' && mountsBelow(orphan).length === 0)
      expect((await contentsBelow(join(node.root, 'cri-recovery-quarantine'))).length).toBeGreaterThan(0);
  };

  test.each(Object.entries(links))('with %s', async (_, scene) => check(scene));

  describe.skipIf(whyNoMounts !== undefined)(`with mounts (${whyNoMounts ?? 'as root'})`, () => {
    test.each(Object.entries(mounts))('with %s', async (_, scene) => check(scene));
  });

  test.skipIf(!isRoot).for(['it', 'a file in it'])(
    'with %s that nobody may change (chattr +i, needs root)',
    async (what, { skip }) => {
      const node = await realNode();
      const orphan = orphanOf(node);
      skip(!immutable(what === 'it' ? orphan : join(orphan, 'canary')), 'the file system has no immutable files');
      const { orphans } = await recovered(node, policy);
      // A directory moves with whatever is in it.
      const isMoved = policy === 'careful' && what === 'a file in it';
      const told = orphans.find(({ path }) => path === orphan);
      expect(told).toMatchObject(
        isMoved ? { outcome: 'quarantined' } : { outcome: 'kept', actions: [{ outcome: 'failed' }] },
      );
      expect(await fse.pathExists(orphan)).toBe(!isMoved);
      const canaries = (await contentsBelow(node.root)).filter((content) => content === 'canary of the orphan');
      expect(canaries).toHaveLength(1);
      spawnSync('chattr', ['-R', '-i', node.root], { stdio: 'ignore' });
      const again = await recovered(node, policy);
      if (!isMoved)
        expect(again.orphans.find(({ path }) => path === orphan)?.outcome).toBe(
          policy === 'careful' ? 'quarantined' : 'removed',
        );
    },
  );
});

test.skipIf(!isRoot)(
  'a checkpoint that nobody may change is kept, its container told of, and written once it may be (chattr +i, needs root)',
  async ({ skip }) => {
    const node = await realNode();
    const status = join(node.root, 'containers', 'stopped', 'status');
    const before = await fse.readFile(status, 'utf8');
    skip(!immutable(status), 'the file system has no immutable files');
    const first = await node.recover('careful');
    expect(E.isRight(first) && first.right.containers.find(({ id }) => id === 'stopped')).toMatchObject({
      state: 'EXITED',
      checkpoint: 'dirty',
    });
    expect(await fse.readFile(status, 'utf8')).toBe(before);
    expect(await fse.readdir(join(node.root, 'containers', 'stopped'))).toEqual(['canary', 'status']);
    expect(node.tasks()).toContain('stopped');
    spawnSync('chattr', ['-i', status]);
    const second = await node.recover('careful');
    expect(E.isRight(second) && second.right.containers.find(({ id }) => id === 'stopped')).toMatchObject({
      state: 'EXITED',
      checkpoint: 'written',
    });
    expect(node.tasks()).not.toContain('stopped');
  },
);
