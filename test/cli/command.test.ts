/**
 * The built command where there is no containerd: what it makes of wrong arguments and of whatever listens in containerd's place. One clear
 * line, the right exit code, and nothing on standard output.
 */
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { foreignServers } from './foreign-servers.js';
import { temporaryFolder } from './recordings.js';
import { expectComplaint, runHere, spawnCommand, spawnInShell } from './spawned-command.js';

// Every test starts a process or more, on a machine that may be busy.
vi.setConfig({ testTimeout: 20_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

describe('wrong usage', () => {
  test.each<readonly [string, ReadonlyArray<string>, RegExp]>([
    ['no command', [], /a command is missing/],
    ['an unknown command', ['recover'], /unknown command "recover"/],
    ['a command that is a path', ['./plan'], /unknown command/],
    ['one argument too many', ['plan', 'web'], /"web" is one argument too many/],
    ['an unknown option', ['plan', '--force'], /unknown option '--force'/i],
    ['an unknown short option', ['plan', '-x'], /unknown option '-x'/i],
    ['an option of another command', ['record', '--json'], /record has no option --json/],
    ['an option of the other command', ['plan', '--output', 'x'], /plan has no option --output/],
    ['a missing value', ['plan', '--address'], /--address/],
    ['an option for a value', ['plan', '--address', '--json'], /--address/],
    ['an empty value', ['plan', '--address', ''], /--address/],
    ['an empty file name', ['plan', '--node='], /--node/],
    ['a value where there is none', ['plan', '--json=yes'], /--json/],
    [
      'a bad namespace',
      ['plan', '--namespace', 'k8s.io\n'],
      /--namespace is a name like k8s.io or moby, not "k8s.io\\n"/,
    ],
    ['an unknown policy', ['plan', '--policy', 'brave'], /careful or containerd, not "brave"/],
    ['a recording and a node', ['plan', '--node', 'x', '--address', 'y'], /--address does not go with it/],
    ['a bad time', ['plan', '--item-timeout=10'], /--item-timeout is a time like 500ms, 10s or 2m, not "10"/],
    ['a deadline of nothing', ['record', '--deadline=0ms'], /--deadline is a time like/],
    ['a bad number', ['plan', '--concurrency=1.5'], /--concurrency is a number from 1 to 999999, not "1.5"/],
  ])('%s', async (_, args, words) => {
    const ended = await spawnCommand(args);
    expectComplaint(ended, 2, words);
    const verb = /^(plan|record)$/.test(args[0] ?? '') ? `${args[0]} ` : '';
    expect(ended.stderr).toContain(`see cri-recovery ${verb}--help\n`);
  });

  test.each(
    ['10', '0s', '0.1ms', '-1s', '1h', 'soon', '1e3s', '10 s', 'Infinity', '99999999999s'].flatMap((time) => [
      `--item-timeout=${time}`,
      `--deadline=${time}`,
    ]),
  )('%s', async (option) => {
    const ended = await runHere(['plan', option]);
    expectComplaint(ended, 2, /is a time like/);
    expect(ended.stderr).toContain(option.split('=')[0]);
  });

  test.each(['0', '-1', '1.5', 'many', '1000000', '0x10'])('--concurrency=%s', async (count) => {
    expectComplaint(await runHere(['plan', `--concurrency=${count}`]), 2, /--concurrency is a number/);
  });

  test('a hostile option does not steer the terminal', async () => {
    const { stderr } = await spawnCommand(['plan', '--\u001b[31mred\u0007']);
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('what was asked for', () => {
  test('--help and --version answer on standard output', async () => {
    const help = await spawnCommand(['--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    for (const verb of ['plan', 'apply', 'watch', 'record', 'quarantine']) expect(help.stdout).toContain(verb);
    const page = await spawnCommand(['plan', '--help']);
    expect([page.code, page.stderr]).toEqual([0, '']);
    for (const option of ['--address', '--root', '--node', '--policy', '--json', '--explain']) {
      expect(page.stdout).toContain(option);
    }
    expect(await spawnCommand(['--version'])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
  });
});

describe('no containerd', () => {
  test('no socket', async () => {
    expectComplaint(await spawnCommand(['plan', '--address', join(folder.path, 'none.sock')]), 3, /none\.sock/);
    expectComplaint(await spawnCommand(['record', '--address', join(folder.path, 'none.sock')]), 3, /none\.sock/);
  });

  test('a path that is no socket', async () => {
    const file = await folder.write('a-file', 'not a socket');
    await mkdir(join(folder.path, 'a-folder'));
    expectComplaint(await spawnCommand(['plan', '--address', file]), 3, /a-file/);
    expectComplaint(await spawnCommand(['plan', '--address', `${file}/below`]), 3, /a-file/);
    expectComplaint(await spawnCommand(['plan', '--address', join(folder.path, 'a-folder')]), 3, /a-folder/);
  });

  test('a path too long for a socket', async () => {
    expectComplaint(await spawnCommand(['plan', '--address', `/tmp/${'x'.repeat(150)}`]), 3, /xxx/);
  });

  test('a socket that nobody listens on', async () => {
    const path = join(folder.path, 'left-behind.sock');
    // The socket stays when its server ends without closing it.
    const server = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    await spawnInShell('"$1" -e "$3" || true', [server]);
    expectComplaint(await spawnCommand(['plan', '--address', path]), 3, /nobody listens|is containerd running/);
  });

  test.each(Object.entries(foreignServers))('a server that %s', async (manners, listen) => {
    const path = join(folder.path, `${manners.replace(/\W+/g, '-')}.sock`);
    const end = await listen(path);
    try {
      const start = performance.now();
      const ended = await spawnCommand(['plan', '--address', path, '--item-timeout', '700ms', '--json']);
      expectComplaint(ended, 3, /containerd/);
      expect(ended.stderr).toContain(path);
      expect(performance.now() - start).toBeLessThan(5_000);
    } finally {
      await end();
    }
  });

  test('a deadline counts from the first call on', async () => {
    const path = join(folder.path, 'silent.sock');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const start = performance.now();
    const ended = await spawnCommand(['plan', '--address', path, '--deadline', '500ms']);
    server.close();
    expectComplaint(ended, 3, /./);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
