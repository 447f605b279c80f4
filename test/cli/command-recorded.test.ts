/** The built command with a recording in place of a node: one that is none, one that is shown, one full of hostile names. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fakeContainer, fakeDirectory, fakeImage, fakeSandbox } from '../../src/testing/index.js';
import { manyContainers, recordingOf, temporaryFolder } from './recordings.js';
import { expectComplaint, runHere, spawnCommand, spawnInShell } from './spawned-command.js';

// Every test starts a process or more, on a machine that may be busy.
vi.setConfig({ testTimeout: 20_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

describe('a recording that is none', () => {
  const whole = manyContainers(3);
  test.each<readonly [string, string | Uint8Array, RegExp]>([
    ['empty', '', /empty/],
    ['no JSON', 'containerd-1.7.24\n', /not JSON/],
    ['not even text', new Uint8Array([0xff, 0xfe, 0, 1, 2]), /not JSON/],
    ['no object', '[]', /not a recording/],
    ['null', 'null', /not a recording/],
    ['JSON without a schema', '{"node":{}}', /names no schema/],
    ['a report', '{"schema":"cri-recovery/report@1"}', /its schema is "cri-recovery\/report@1"/],
    ['of a newer schema', whole.replace('recording@1', 'recording@2'), /newer schema/],
    ['of a schema that is no text', '{"schema":1}', /not a recording/],
    ['truncated', whole.slice(0, whole.length / 2), /not JSON/],
    ['without its containers', '{"schema":"cri-recovery/recording@1","node":{}}', /node|containers/],
    ['endlessly deep', '['.repeat(100_000), /not JSON|deep/],
    ['hostile in its schema', '{"schema":"\\u001b[31mred"}', /not a recording/],
  ])('%s', async (name, content, words) => {
    const file = await folder.write(`${name.replace(/\W+/g, '-')}.json`, content);
    const ended = await spawnCommand(['plan', '--node', file]);
    expectComplaint(ended, 3, words);
    expect(ended.stderr).toContain(`cannot read the recording ${file}: `);
    expect(ended.stderr).not.toContain('\u001b');
  });

  test('missing', async () => {
    expectComplaint(
      await spawnCommand(['plan', '--node', join(folder.path, 'none.json')]),
      3,
      /none\.json: .*no such file/,
    );
  });

  test('a directory', async () => {
    expectComplaint(await spawnCommand(['plan', '--node', folder.path]), 3, /directory/);
  });

  test('without an end, from a device or a pipe that does not say how long it is', async () => {
    expectComplaint(await spawnCommand(['plan', '--node', '/dev/zero']), 3, /longer than the 268435456 bytes/);
  });

  test('a name that steers the terminal is not repeated as it is', async () => {
    const { stderr, code } = await spawnCommand(['plan', '--node', '\u001b]0;title\u0007.json']);
    expect([code, stderr.includes('\u001b'), stderr.includes('\u0007')]).toEqual([3, false, false]);
  });
});

describe('a recording', () => {
  test('is shown as a table, and exit code 0 says that all is well', async () => {
    const file = await folder.write('well.json', manyContainers(3));
    const { code, stdout, stderr } = await spawnCommand(['plan', '--node', file]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^STATE .*WHY$/m);
    expect(stdout).toMatch(/1 sandbox: 1 READY\. 3 containers: 3 RUNNING\./);
  });

  test('is one JSON document with --json, and nothing else', async () => {
    const file = await folder.write('json.json', manyContainers(3));
    const { code, stdout, stderr } = await spawnCommand(['plan', '--node', file, '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\{\n.*\n\}\n$/s);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'cri-recovery/report@1', mode: 'plan' });
  });

  test('can be read from a pipe', async () => {
    const file = await folder.write('piped.json', manyContainers(3));
    const { code, stdout } = await spawnInShell(`cat '${file}' | "$@"`, ['plan', '--node', '/dev/stdin']);
    expect(code).toBe(0);
    expect(stdout).toContain('3 containers');
  });

  test('may be read only in part: | head -1 is no crash', async () => {
    const file = await folder.write('many.json', manyContainers(2_000));
    for (const format of [[], ['--json']]) {
      const line = '{ "$@"; echo "code $?" >&2; } | head -1';
      const { stdout, stderr } = await spawnInShell(line, ['plan', '--node', file, ...format]);
      expect(stderr).toBe('code 0\n');
      expect(stdout.split('\n')).toHaveLength(2);
    }
  });

  test('exit code 1 says that something failed', async () => {
    const unreadable = [{ kind: 'container', id: 'odd', tag: 'MetadataMissing', message: 'no metadata' }] as const;
    const file = await folder.write(
      'failed.json',
      recordingOf({ sandboxes: [fakeSandbox({ id: 'web' })], unreadable }),
    );
    const { code, stdout } = await spawnCommand(['plan', '--node', file]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed: 1 item/);
  });

  describe('with hostile names', () => {
    const hostile = '\u001b[31mred\u0007\r\nFAKE LINE\u009b2J\u202e';
    const node = {
      sandboxes: [fakeSandbox({ id: 'web', name: `${hostile}_default_uid_0`, netns: `/run/${hostile}` })],
      containers: [
        fakeContainer({ id: 'nginx', name: hostile, sandboxId: 'web', status: { reason: hostile, message: hostile } }),
        fakeContainer({
          id: 'ended',
          name: hostile,
          checkpoint: 'EXITED',
          task: 'absent',
          status: { reason: hostile },
        }),
      ],
      images: [fakeImage({ name: hostile, missing: [hostile] }), fakeImage({ name: `${hostile}2`, readable: false })],
      directories: [fakeDirectory({ kind: 'container', area: 'root', name: hostile })],
      unreadable: [{ kind: 'container', id: hostile, tag: 'UnsafeId', message: `the id is ${hostile}` }],
    } as const;

    test.each(['careful', 'containerd'])('policy %s prints nothing that steers a terminal', async (policy) => {
      const file = await folder.write(
        `hostile-${policy}.json`,
        recordingOf({ ...node, ...(policy === 'containerd' ? { containers: node.containers.slice(0, 1) } : {}) }),
      );
      const { code, stdout, stderr } = await spawnCommand(['plan', '--node', file, '--policy', policy]);
      expect([code, stderr]).toEqual([1, '']);
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(stdout).not.toMatch(/^FAKE LINE/m);
      expect(stdout).toContain('\\u001b[31mred');
    });

    test('--json has them as they are, escaped as JSON wants it', async () => {
      const file = await folder.write('hostile-json.json', recordingOf(node));
      const { stdout } = await spawnCommand(['plan', '--node', file, '--json']);
      expect(stdout).not.toContain('\u001b');
      expect(JSON.parse(stdout)).toMatchObject({
        failures: expect.arrayContaining([expect.objectContaining({ id: hostile })]),
      });
    });

    test('a plan that is refused says so in one harmless line', async () => {
      const file = await folder.write('refused.json', recordingOf(node));
      const ended = await spawnCommand(['plan', '--node', file, '--policy', 'containerd']);
      expectComplaint(ended, 3, /is held by ended and nginx/);
      expect(ended.stderr).not.toContain('\u001b');
    });
  });

  test.each([80, 200])('fits a terminal of %d columns', async (columns) => {
    const file = await folder.write('columns.json', manyContainers(3));
    const lines = (await runHere(['plan', '--node', file], columns)).stdout.split('\n');
    // A terminal breaks the sentences before and after it, but a row that it breaks is no longer a row.
    const table = lines.slice(1, -2);
    expect(table.length).toBeGreaterThan(5);
    expect(table.filter((line) => line.length > columns)).toEqual([]);
  });
});
