/** Disks that go bad in the middle of a recovery, at every call that would change them: what is done is done, the rest is told of, nothing is lost. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { describe, expect, test } from 'vitest';
import { diskLock } from '../../src/disk/lock.js';
import { aroundCalls } from '../../src/testing/port-calls.js';
import { fillUp, remount, tmpfsAt } from './mounts.js';
import { whyNoMounts } from './privilege.js';
import {
  type Around,
  canariesOf,
  containerIds,
  layOut,
  living,
  type RealNode,
  sandboxIds,
  storedCheckpoints,
} from './real-node.js';
import { patient, temporaryFolder } from './temporary-node.js';

const changing = /^(?:write|keepAside|collectStale|quarantine|remove|acquire|release)$/;

/** Does something right before the nth call that would change the disk; tells how many there were. */
const before = (nth: number, happen: () => void): { readonly around: Around; readonly count: () => number } => {
  let count = 0;
  const around: Around = (ports) =>
    aroundCalls(ports, async ({ port, operation }, run) => {
      if (port !== 'tasks' && changing.test(operation)) {
        count += 1;
        if (count === nth) happen();
      }
      return run();
    });
  return { around, count: () => count };
};

const nodeOnTmpfs = async (): Promise<RealNode> => {
  const folder = await temporaryFolder();
  for (const name of ['root', 'state']) await tmpfsAt(join(folder, name), '256k');
  return layOut(folder);
};

const empty = (path: string): void => void spawnSync('rm', ['-f', join(path, 'filling')]);
const stale = (path: string): string =>
  execFileSync('find', [path, '-name', '*.cri-recovery', '-o', '-name', '.cri-recovery.*', '-o', '-name', '*.lock*'], {
    encoding: 'utf8',
  });

type Area = 'root' | 'state';
const troubles: Readonly<Record<string, readonly [Area, (path: string) => void, (path: string) => void]>> = {
  'the root fills up': ['root', fillUp, empty],
  'the root becomes read-only': ['root', (path) => remount(path, 'ro'), (path) => remount(path, 'rw')],
  'the state fills up': ['state', fillUp, empty],
  'the state becomes read-only': ['state', (path) => remount(path, 'ro'), (path) => remount(path, 'rw')],
};

describe.skipIf(whyNoMounts !== undefined)(`in the middle (${whyNoMounts ?? 'as root'})`, () => {
  test.each(Object.entries(troubles))('%s', { timeout: 60_000 }, async (what, [area, begin, end]) => {
    const undisturbed = await nodeOnTmpfs();
    const counting = before(0, () => undefined);
    await undisturbed.recover('careful', counting.around);
    const expected = await storedCheckpoints(undisturbed);
    expect(counting.count()).toBeGreaterThan(5);

    for (let nth = 1; nth <= counting.count(); nth += 1) {
      const node = await nodeOnTmpfs();
      const canaries = await canariesOf(node);
      const recovered = await node.recover('careful', before(nth, () => begin(node[area])).around);
      if (E.isRight(recovered)) {
        const { containers, sandboxes, failures } = recovered.right;
        expect([...containers, ...sandboxes].map(({ id }) => id).toSorted()).toEqual(
          [...containerIds, ...sandboxIds].toSorted(),
        );
        expect(failures).toEqual([]);
        for (const id of living) expect(containers.find((container) => container.id === id)?.state).toBe('RUNNING');
      } else expect([nth, recovered.left]).toMatchObject([1, { _tag: 'NodeLocked', error: { _tag: 'NoSpace' } }]);
      expect(await canariesOf(node)).toBe(canaries);
      expect(node.tasks()).toEqual(expect.arrayContaining([...living, 'pod']));
      end(node[area]);
      const again = await node.recover('careful');
      expect([what, nth, again._tag]).toEqual([what, nth, 'Right']);
      expect(await storedCheckpoints(node)).toEqual(expected);
      expect(await canariesOf(node)).toBe(canaries);
      expect(node.tasks().toSorted()).toEqual(undisturbed.tasks().toSorted());
      for (const path of [node.root, node.state]) {
        expect(stale(path)).toBe('');
        expect(await fse.pathExists(join(path, 'containers', 'orphan'))).toBe(false);
      }
    }
    console.log(`${what}: at each of ${counting.count()} calls`);
  });

  test('a lock that could not be given back is taken again by the same process, once', async () => {
    const { state } = await nodeOnTmpfs();
    const [first, second, third] = [diskLock(state), diskLock(state), diskLock(state)];
    expect(await first.acquire()(patient())()).toStrictEqual(E.right(undefined));
    remount(state, 'ro');
    expect(await first.release()(patient())()).toMatchObject(E.left({ _tag: 'NoSpace' }));
    remount(state, 'rw');
    expect(await second.acquire()(patient())()).toStrictEqual(E.right(undefined));
    expect(await third.acquire()(patient())()).toMatchObject(E.left({ _tag: 'Denied' }));
    // It is the second's by now.
    expect(await first.release()(patient())()).toStrictEqual(E.right(undefined));
    expect(await third.acquire()(patient())()).toMatchObject(E.left({ _tag: 'Denied' }));
    expect(await second.release()(patient())()).toStrictEqual(E.right(undefined));
    expect(await third.acquire()(patient())()).toStrictEqual(E.right(undefined));
    expect(await first.acquire()(patient())()).toMatchObject(E.left({ _tag: 'Denied' }));
  });
});
