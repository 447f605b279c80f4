/** What may stand in place of checkpoints and their directories, and modes that forbid to read them, seen from the whole library. */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import fse from 'fs-extra';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isRoot, withoutPrivileges } from './privilege.js';
import { byId, endWell, expectEverybody, expectWhole, reportOf } from './real-ends.js';
import {
  canariesOf,
  containerIds,
  living,
  type RealNode,
  realNode,
  sandboxIds,
  storedCheckpoints,
} from './real-node.js';

const aside = (path: string): string => `${path}.aside`;

const everyStatus =
  (put: (path: string) => unknown) =>
  async ({ root }: RealNode): Promise<void> => {
    for (const id of containerIds) {
      const path = join(root, 'containers', id, 'status');
      await fse.remove(path);
      await put(path);
    }
  };
describe('what stands in place of checkpoints', () => {
  const puts: Readonly<Record<string, (path: string) => unknown>> = {
    nothing: () => undefined,
    'an empty file': (path) => fse.outputFile(path, ''),
    'a FIFO': (path) => execFileSync('mkfifo', [path]),
    'a link to nowhere': (path) => fse.symlink('nowhere', path),
    'a link to a directory': (path) => fse.symlink('/', path),
    'a socket': async (path) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(path, resolve));
      onTestFinished(() => void server.close());
    },
    ...(isRoot ? { 'a device': (path: string) => execFileSync('mknod', [path, 'c', '1', '5']) } : {}),
  };

  test.each(Object.entries(puts))('%s: all are told of as well as can be, once and again', async (_, put) => {
    const node = await realNode();
    await everyStatus(put)(node);
    const report = reportOf(await node.recover('careful'));
    expectEverybody(report, 'careful');
    expect(byId(report).stopped).toMatchObject({ state: 'EXITED', exitCode: 0 });
    // Of the others nobody knows anything that could be stored.
    const known = [...living, 'stopped'];
    const stored = await storedCheckpoints(node);
    for (const id of known) expect([id, stored[id]]).toEqual([id, expect.stringContaining('"v1"')]);
    const again = reportOf(await node.recover('careful'));
    expect(living.map((id) => byId(again)[id]?.state)).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    expect(byId(again).stopped).toMatchObject({ state: 'EXITED', exitCode: 0 });
    expect(known.map((id) => byId(again)[id]?.checkpoint)).toEqual(known.map(() => 'unchanged'));
    await expectWhole(node);
  });

  test('a directory: under containerd it stays with what is in it, and every item is told of', async () => {
    const node = await realNode();
    await everyStatus((path) => fse.outputFile(join(path, 'precious'), 'canary of a directory'))(node);
    expectEverybody(reportOf(await node.recover('containerd')), 'containerd');
    for (const id of containerIds)
      expect(await fse.readdir(join(node.root, 'containers', id, 'status'))).toEqual(['precious']);
  });

  test('a directory: under careful it is kept aside with what is in it, where there is something to store', async () => {
    const node = await realNode();
    await everyStatus((path) => fse.outputFile(join(path, 'precious'), 'canary of a directory'))(node);
    const before = await canariesOf(node);
    const report = reportOf(await node.recover('careful'));
    expectEverybody(report, 'careful');
    expect(await canariesOf(node)).toBe(before);
    const stored = await storedCheckpoints(node);
    for (const id of [...living, 'stopped']) {
      expect([id, stored[id]]).toEqual([id, expect.stringContaining('"v1"')]);
      expect(await fse.readdir(join(node.root, 'containers', id, 'status.unreadable'))).toEqual(['precious']);
    }
    expect(byId(report).stopped).toMatchObject({ state: 'EXITED', exitCode: 0 });
  });

  test('a file or a link in place of the directory of each container', async () => {
    for (const put of [
      (path: string, _: RealNode) => fse.outputFile(path, 'a file'),
      (path: string, { outside }: RealNode) => fse.symlink(outside, path),
    ]) {
      const node = await realNode();
      for (const id of containerIds) {
        await fse.move(join(node.root, 'containers', id), join(dirname(node.root), `moved-${id}`));
        await put(join(node.root, 'containers', id), node);
      }
      expectEverybody(reportOf(await node.recover('careful')), 'careful');
      expect(node.tasks()).toContain('stopped');
      for (const id of containerIds) {
        await fse.remove(join(node.root, 'containers', id));
        await fse.move(join(dirname(node.root), `moved-${id}`), join(node.root, 'containers', id));
      }
      await endWell(node);
    }
  });

  test.each(['missing', 'a file', 'a link to itself'])('the base directory itself is %s', async (what) => {
    const node = await realNode();
    const base = join(node.root, 'containers');
    await fse.move(base, aside(base));
    if (what === 'a file') await fse.outputFile(base, 'a file');
    if (what === 'a link to itself') await fse.symlink('containers', base);
    const recovered = await node.recover('careful');
    const report = reportOf(recovered);
    const told = [...report.containers, ...report.sandboxes].map(({ id }) => id).toSorted();
    expect(told).toEqual([...containerIds, ...sandboxIds].toSorted());
    for (const id of living) expect([id, byId(report)[id]?.state]).toEqual([id, 'RUNNING']);
    await expectWhole(node);
    if (what === 'missing') return;
    expect(report.failures).toMatchObject([{ kind: 'directory' }]);
    expect(node.tasks()).toContain('stopped');
    await fse.remove(base);
    await fse.move(aside(base), base);
    await endWell(node);
  });
});

describe.skipIf(!isRoot)('modes that forbid, to somebody who is not root (needs root, to become somebody else)', () => {
  const modes: Readonly<Record<string, ReadonlyArray<string>>> = {
    'every checkpoint': containerIds.filter((id) => id !== 'bare').map((id) => `containers/${id}/status`),
    'every directory of a container': containerIds.map((id) => `containers/${id}`),
    'the base directory': ['containers'],
  };

  test.each(Object.entries(modes))('%s', async (what, paths) => {
    const node = await realNode();
    const everybody = (...options: ReadonlyArray<string>): void => {
      execFileSync('chmod', ['-R', ...options, dirname(node.root)]);
    };
    everybody('a+rwX');
    await fse.chmod(dirname(node.root), 0o755);
    for (const path of paths) {
      execFileSync('chown', ['root:root', join(node.root, path)]);
      await fse.chmod(join(node.root, path), 0);
    }
    const recovered = reportOf(await withoutPrivileges(() => node.recover('careful')));
    const told = [...recovered.containers, ...recovered.sandboxes].map(({ id }) => id).toSorted();
    expect(told).toEqual([...containerIds, ...sandboxIds].toSorted());
    for (const id of living) expect([id, byId(recovered)[id]?.state]).toEqual([id, 'RUNNING']);
    expect(recovered.failures.map(({ kind }) => kind)).toEqual(what === 'the base directory' ? ['directory'] : []);
    await expectWhole(node);
    for (const path of paths.toReversed()) await fse.chmod(join(node.root, path), 0o755);
    everybody('a+rwX');
    if (what !== 'every checkpoint') await endWell(node);
    else expectEverybody(reportOf(await node.recover('careful')), 'careful');
  });
});
