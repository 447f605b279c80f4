import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { diskLock } from '../../src/disk/lock.js';
import type { Lock, PortCall } from '../../src/ports/index.js';
import { lockTextOf, sleeper } from './lock-text.js';
import { remount, tmpfsAt } from './mounts.js';
import { whyNoMounts } from './privilege.js';
import { patient, temporaryFolder } from './temporary-node.js';

const answerOf = async (call: PortCall<void>) => call(patient())();
const tagOf = async (call: PortCall<void>): Promise<string> => {
  const answer = await answerOf(call);
  return E.isLeft(answer) ? answer.left._tag : 'ok';
};

interface Node {
  readonly root: string;
  readonly path: string;
  readonly lock: Lock;
}
const nodeWith = async (text?: string | Buffer): Promise<Node> => {
  const root = await temporaryFolder();
  const path = join(root, 'cri-recovery.lock');
  if (text !== undefined) await fse.writeFile(path, text);
  return { root, path, lock: diskLock(root) };
};

/** The lock of a process that no longer runs. */
const abandoned = async (): Promise<string> => {
  const { pid } = spawnSync('true');
  return (await lockTextOf(process.pid)).replace(/"pid": \d+/, `"pid": ${pid}`);
};

afterEach(() => {
  vi.restoreAllMocks();
});

test('the lock names the process that has it, for its owner alone, and nothing lies beside it', async () => {
  const { root, path, lock } = await nodeWith();
  expect(await tagOf(lock.acquire())).toBe('ok');
  const { command, ...told } = JSON.parse(await fse.readFile(path, 'utf8'));
  const { command: _, ...expected } = JSON.parse(await lockTextOf(process.pid));
  expect(told).toStrictEqual(expected);
  expect(command).toBe(process.argv.join(' ').slice(0, 200));
  expect(((await fse.stat(path)).mode & 0o777).toString(8)).toBe('600');
  expect(await fse.readdir(root)).toEqual(['cri-recovery.lock']);
});

test('the lock of a living process is not taken, and who has it is told by pid and command', async () => {
  const pid = sleeper();
  const text = await lockTextOf(pid);
  const { path, lock } = await nodeWith(text);
  expect(await answerOf(lock.acquire())).toMatchObject(
    E.left({ _tag: 'Denied', port: 'lock', message: `${path} is held by process ${pid} (sleep 60)` }),
  );
  expect(await fse.readFile(path, 'utf8')).toBe(text);
});

describe('a lock is taken over', () => {
  const takenOver = async (text: string | Buffer): Promise<void> => {
    const { root, path, lock } = await nodeWith(text);
    expect(await tagOf(lock.acquire())).toBe('ok');
    expect(JSON.parse(await fse.readFile(path, 'utf8')).pid).toBe(process.pid);
    expect(await fse.readdir(root)).toEqual(['cri-recovery.lock']);
    expect(await tagOf(lock.release())).toBe('ok');
    expect(await fse.readdir(root)).toEqual([]);
  };

  test('when its process is dead', async () => takenOver(await abandoned()));

  test('when its pid is another process’s by now', async () => {
    const text = await lockTextOf(sleeper());
    await takenOver(text.replace(/"startTicks":\s*"(\d+)"/, (_, ticks) => `"startTicks": "${BigInt(ticks) - 1n}"`));
  });

  test('when it is of another boot, whatever runs under its pid', async () => {
    const text = await lockTextOf(sleeper());
    await takenOver(text.replace(/"bootId": "[^"]*"/, '"bootId": "00000000-0000-0000-0000-000000000000"'));
  });

  test('when its process has ended and nobody has taken note', async () => {
    // The shell becomes `sleep`, which never asks after the child that the shell had.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const pid = Number(
      await new Promise<string>((resolve) => parent.stdout.once('data', (data) => resolve(String(data)))),
    );
    const isZombie = async () => / Z /.test(await fse.readFile(`/proc/${pid}/stat`, 'latin1'));
    await vi.waitUntil(isZombie);
    await takenOver(await lockTextOf(pid));
  });

  test.each([
    ['empty', ''],
    ['full of zeros', Buffer.alloc(300)],
    ['cut off', '{"pid": 1,'],
    ['without a start', '{"pid": 1, "bootId": "", "command": ""}'],
    ['of pid 0', '{"pid": 0, "startTicks": "0", "bootId": "", "command": ""}'],
  ])('when it is %s', async (_, text) => takenOver(text));

  test('with what killed processes left beside it', async () => {
    const { root, path, lock } = await nodeWith();
    await fse.writeFile(`${path}.0123456789abcdef.1`, await abandoned());
    await fse.writeFile(`${path}.draft`, '{');
    await fse.writeFile(`${root}/cri-recovery.locksmith`, 'not ours');
    expect(await tagOf(lock.acquire())).toBe('ok');
    expect((await fse.readdir(root)).toSorted()).toEqual(['cri-recovery.lock', 'cri-recovery.locksmith']);
  });

  test('after a process that died taking it over, however many did', async () => {
    const { path, lock } = await nodeWith(await abandoned());
    const links: string[] = [];
    const { link } = fse;
    const others = [await abandoned(), await abandoned()];
    vi.spyOn(fse, 'link').mockImplementation(async (from, to) => {
      links.push(String(to).slice(path.length));
      const other = others.pop();
      if (other !== undefined) await fse.writeFile(to, other);
      return link(from, to);
    });
    expect(await tagOf(lock.acquire())).toBe('ok');
    expect(links.map((name) => name.split('.').at(-1))).toEqual(['1', '2', '3']);
  });
});

test('while a living process is about to take over nobody else does', async () => {
  const { path, lock } = await nodeWith(await abandoned());
  const pid = sleeper();
  const text = await lockTextOf(pid);
  const { link } = fse;
  vi.spyOn(fse, 'link').mockImplementationOnce(async (from, to) => {
    await fse.writeFile(to, text);
    return link(from, to);
  });
  expect(await answerOf(lock.acquire())).toMatchObject(
    E.left({ _tag: 'Denied', message: expect.stringContaining(`taken over by process ${pid}`) }),
  );
  expect(JSON.parse(await fse.readFile(path, 'utf8')).pid).not.toBe(process.pid);
});

test('a claim that comes when another has taken over already is given up', async () => {
  const { root, path, lock } = await nodeWith(await abandoned());
  const pid = sleeper();
  const text = await lockTextOf(pid);
  const { link } = fse;
  vi.spyOn(fse, 'link').mockImplementationOnce(async (from, to) => {
    await fse.writeFile(`${path}.new`, text);
    await fse.rename(`${path}.new`, path);
    return link(from, to);
  });
  expect(await tagOf(lock.acquire())).toBe('Denied');
  expect(await fse.readFile(path, 'utf8')).toBe(text);
  expect(await fse.readdir(root)).toEqual(['cri-recovery.lock']);
});

test('what is no file in place of the lock is refused and stays', async () => {
  const { path, lock, root } = await nodeWith();
  await fse.mkdir(path);
  expect(await tagOf(lock.acquire())).toBe('Unexpected');
  await fse.rmdir(path);
  await fse.outputFile(join(root, 'precious'), await abandoned());
  await fse.symlink('precious', path);
  expect(await tagOf(lock.acquire())).toBe('Unexpected');
  expect(await fse.readlink(path)).toBe('precious');
});

test('two locks of one process exclude each other, and only who acquired it releases it', async () => {
  const { root, path, lock } = await nodeWith();
  const other = diskLock(root);
  const answers = await Promise.all([tagOf(lock.acquire()), tagOf(other.acquire())]);
  expect(answers.toSorted()).toEqual(['Denied', 'ok']);
  const [winner, loser] = answers[0] === 'ok' ? [lock, other] : [other, lock];
  await tagOf(loser.release());
  expect(await fse.pathExists(path)).toBe(true);
  await tagOf(winner.release());
  expect(await fse.pathExists(path)).toBe(false);
  expect(await tagOf(loser.acquire())).toBe('ok');
});

test('a lock that somebody else has by now is not released', async () => {
  const { path, lock } = await nodeWith();
  await tagOf(lock.acquire());
  const text = await lockTextOf(sleeper());
  await fse.writeFile(path, text);
  expect(await tagOf(lock.release())).toBe('ok');
  expect(await fse.readFile(path, 'utf8')).toBe(text);
});

test('a lock that is won after the caller has given up is given back', async () => {
  const { root, lock } = await nodeWith();
  const controller = new AbortController();
  const { link } = fse;
  vi.spyOn(fse, 'link').mockImplementationOnce((from, to) => {
    controller.abort();
    return link(from, to);
  });
  expect(await lock.acquire()(controller.signal)()).toMatchObject(E.left({ _tag: 'TimedOut' }));
  await vi.waitUntil(async () => (await fse.readdir(root)).length === 0);
});

test('a state directory that is not there is made, as after a reboot', async () => {
  const state = join(await temporaryFolder(), 'none');
  expect(await tagOf(diskLock(state).acquire())).toBe('ok');
  expect(await fse.readdir(state)).toEqual(['cri-recovery.lock']);
});

test.skipIf(whyNoMounts !== undefined)(
  `on a read-only disk there is no lock to be had, but who has it is still told (${whyNoMounts ?? 'as root'})`,
  async () => {
    const { root, path, lock } = await nodeWith();
    await tmpfsAt(root);
    remount(root, 'ro');
    expect(await tagOf(lock.acquire())).toBe('NoSpace');
    remount(root, 'rw');
    await fse.writeFile(path, await lockTextOf(sleeper()));
    remount(root, 'ro');
    expect(await tagOf(lock.acquire())).toBe('Denied');
  },
);
