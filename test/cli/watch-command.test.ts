/** `watch` as a process of its own: signals, readers that leave or stand still, and what it leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { listen } from '../containerd-adapter/socket.js';
import { fakeDaemon } from './fake-daemon.js';
import { temporaryFolder } from './recordings.js';
import { expectComplaint, mainFile, spawnCommand } from './spawned-command.js';

// Every test starts a process, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'root'));
});
afterEach(() => folder.remove());

const argumentsFor = (address: string, ...others: ReadonlyArray<string>): ReadonlyArray<string> => [
  'watch',
  ...['--address', address, '--root', join(folder.path, 'root'), '--state', join(folder.path, 'state')],
  ...others,
];

/** Everything below the node's directories. */
const left = async (): Promise<ReadonlyArray<string>> => (await readdir(folder.path, { recursive: true })).sort();

const isLocked = async (): Promise<boolean> => (await left()).includes('state/cri-recovery.lock');

/** A watch under way; with a reader that takes nothing where it is so wanted. */
const started = (args: ReadonlyArray<string>, reads = true) => {
  const child = spawn(process.execPath, [mainFile, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const written = { out: '', err: '' };
  if (reads)
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      written.out += text;
    });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.err += text;
  });
  return { child, written, ended: endOf(child) };
};

const endOf = async (child: ChildProcess): Promise<number | string> => {
  const [code, signal]: ReadonlyArray<number | string> = await once(child, 'exit');
  return code ?? signal ?? 'nothing';
};

const until = (assertion: () => void | Promise<void>): Promise<void> => vi.waitFor(assertion, { timeout: 15_000 });

describe('without containerd', () => {
  test('there is one clear line, exit code 3, and nothing left: no lock, no FIFO', async () => {
    const before = await left();
    expectComplaint(await spawnCommand(argumentsFor(join(folder.path, 'none.sock'))), 3, /none\.sock.*is containerd/);
    expectComplaint(await spawnCommand(argumentsFor(join(folder.path, 'none.sock'), '--json')), 3, /none\.sock/);
    expect(await left()).toEqual(before);
  });
});

describe('with wrong directories', () => {
  test('is refused as apply is', async () => {
    const { address } = await fakeDaemon();
    const args = ['--address', address, '--root', join(folder.path, 'none'), '--state', join(folder.path, 'state')];
    const [watch, apply] = await Promise.all([spawnCommand(['watch', ...args]), spawnCommand(['apply', ...args])]);
    expectComplaint(watch, 3, /--root and --state name the CRI plugin’s directories/);
    expect(watch).toEqual(apply);
  });
});

describe('a signal', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0, and the lock is given back', async (signal) => {
    const { address } = await fakeDaemon();
    const { child, written, ended } = started(argumentsFor(address));
    await until(() => expect(written.out).toMatch(/0 sandboxes\..*\n\S+ WATCHING .*\n$/s));
    expect(await isLocked()).toBe(true);
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(await left()).toEqual(['root', 'state']);
    expect(written.err).toBe('');
  });

  test('SIGHUP does not end it', async () => {
    const { address } = await fakeDaemon();
    const { child, written, ended } = started(argumentsFor(address, '--json'));
    await until(() => expect(written.out).toContain('"change":"recovered"'));
    child.kill('SIGHUP');
    await until(() => expect(written.err).toBe('cri-recovery: SIGHUP: 0 logs reopened\n'));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(written.out.split('\n')).toHaveLength(2);
  });
});

test('a second signal ends it at once, whatever it waits for', async () => {
  const silent = createServer();
  const { child, ended } = started(argumentsFor(await listen(silent), '--item-timeout', '20s'));
  await once(silent, 'connection');
  child.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  child.kill('SIGTERM');
  expect(await ended).toBe(143);
});

describe('a reader', () => {
  test('that leaves ends it at the next change', async () => {
    const { address, breakOff } = await fakeDaemon();
    const { child, written, ended } = started(argumentsFor(address));
    await until(() => expect(written.out).toContain('WATCHING'));
    child.stdout.destroy();
    breakOff();
    expect(await ended).toBe(0);
    expect(written.err).toBe('');
    expect(await left()).toEqual(['root', 'state']);
  });

  test('that stands still keeps nobody from ending it', async () => {
    // More than a pipe holds.
    const { address } = await fakeDaemon(5_000);
    const { child, written, ended } = started(argumentsFor(address, '--json'), false);
    await once(child.stdout, 'readable');
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    expect(written.err).toBe('');
    expect(await left()).toEqual(['root', 'state']);
  });

  test('that has no room is a failure, and it ends', async () => {
    const { address } = await fakeDaemon();
    const child = spawn(
      'sh',
      ['-c', 'exec "$@" >/dev/full', 'sh', process.execPath, mainFile, ...argumentsFor(address)],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    expect(await endOf(child)).toBe(3);
    expect(stderr).toMatch(/^cri-recovery: cannot write to standard output: .*ENOSPC.*\n$/);
    expect(await left()).toEqual(['root', 'state']);
  });
});

test('containerd that comes back with its CRI plugin ends it with 3 and a clear line', async () => {
  const { address, breakOff, startCri } = await fakeDaemon();
  const { written, ended } = started(argumentsFor(address));
  await until(() => expect(written.out).toContain('WATCHING'));
  startCri();
  breakOff();
  expect(await ended).toBe(3);
  expect(written.out).toMatch(/ CONNECTION LOST .*\n\S+ ENDED +containerd's own CRI plugin is at work on this node\n$/);
  expect(written.err).toMatch(
    /^cri-recovery: the watch has ended: containerd's own CRI plugin [^\n]*--alongside-cri\n$/,
  );
  expect(await left()).toEqual(['root', 'state']);
});
