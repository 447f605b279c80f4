import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { expect, onTestFinished, test } from 'vitest';
import type { Reading } from '../../src/core/observation.js';
import { openHost } from '../../src/disk/host.js';
import { whyNoMounts } from './privilege.js';
import { patient, temporaryFolder } from './temporary-node.js';

const startOf = async (pid: number): Promise<bigint> => {
  const start = await openHost().processStartedAt(pid)(patient())();
  if (E.isLeft(start)) throw new Error(start.left.message);
  return start.right;
};

const hasNamespace = (path: string): Promise<Reading<boolean>> => openHost().hasNetworkNamespace(path)(patient())();

const now = (): bigint => BigInt(Date.now()) * 1_000_000n;
const milliseconds = 1_000_000n;

/** A process that does nothing until the test ends. */
const sleeper = (): number => {
  const child = spawn('sleep', ['60']);
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.pid === undefined) throw new Error('no child');
  return child.pid;
};

test('a child just spawned has started just now, to within 50 ms', async () => {
  const before = now();
  const pid = sleeper();
  const after = now();
  const start = await startOf(pid);
  expect(start).toBeGreaterThan(before - 50n * milliseconds);
  expect(start).toBeLessThan(after + 50n * milliseconds);
});

test('a process has one start time however often it is asked for, and a later one a later', async () => {
  const host = openHost();
  const first = sleeper();
  const answers = new Set<bigint | undefined>();
  for (let round = 0; round < 20; round += 1) {
    const start = await host.processStartedAt(first)(patient())();
    answers.add(E.isRight(start) ? start.right : undefined);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  expect(answers.size).toBe(1);
  expect(await startOf(sleeper())).toBeGreaterThan([...answers][0] ?? 0n);
});

test('there is no process 0 and none that has ended', async () => {
  const { pid } = spawnSync('true');
  for (const gone of [0, -1, pid])
    expect(await openHost().processStartedAt(gone)(patient())()).toMatchObject(
      E.left({ _tag: 'NotFound', port: 'host', operation: 'processStartedAt', subject: String(gone) }),
    );
});

test('a missing path, a file, a directory and a link to a namespace are no mounted network namespace', async () => {
  const folder = await temporaryFolder();
  await fse.outputFile(join(folder, 'file'), '');
  for (const path of [
    '',
    join(folder, 'none'),
    join(folder, 'file', 'below'),
    join(folder, 'file'),
    folder,
    '/proc/self/ns/net',
  ])
    expect(await hasNamespace(path)).toStrictEqual(E.right(false));
});

test.skipIf(whyNoMounts !== undefined)(
  `only a mounted network namespace counts (${whyNoMounts ?? 'as root'})`,
  async () => {
    const folder = await temporaryFolder();
    const at = (name: string) => join(folder, name);
    for (const name of ['net', 'uts', 'covered', 'gone']) await fse.outputFile(at(name), '');
    const make = (kind: string, name: string): void => {
      execFileSync('unshare', [`--${kind}=${at(name)}`, 'true']);
      onTestFinished(() => void spawnSync('umount', ['--lazy', at(name)]));
    };
    make('net', 'net');
    make('uts', 'uts');
    make('net', 'covered');
    execFileSync('mount', ['--bind', at('gone'), at('covered')]);
    onTestFinished(() => void spawnSync('umount', ['--lazy', at('covered')]));
    make('net', 'gone');
    execFileSync('umount', [at('gone')]);
    await fse.symlink(folder, at('link'));
    expect(await hasNamespace(at('net'))).toStrictEqual(E.right(true));
    expect(await hasNamespace(at('link/net'))).toStrictEqual(E.right(true));
    for (const name of ['uts', 'covered', 'gone']) expect(await hasNamespace(at(name))).toStrictEqual(E.right(false));
  },
);
