/** The built command beside a real containerd: what it makes of wrong sockets, wrong directories, and of not being root. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectComplaint, mainFile, spawnCommand, spawnInShell } from '../cli/spawned-command.js';
import { containerMetadata, describeReleases, hangShim, shimsOf, TestNode } from './harness/index.js';
import { parsePlan } from './plan/plan-document.js';
import { planCommand, whereIs } from './plan/plan-of.js';
import { type PublicCopy, publicCopy } from './plan/public-copy.js';

const nobody = 65_534;

describeReleases(
  'the command',
  (release) => {
    let node: TestNode;
    let folder: string;
    let container: string;

    beforeAll(async () => {
      node = await TestNode.create(release);
      folder = await mkdtemp(join(tmpdir(), 'cri-recovery-command-'));
      await chmod(folder, 0o755);
      await node.start({ cri: true });
      const pod = await node.cri.runPod({ name: 'web', namespace: 'shop', hostNetwork: true });
      container = await node.cri.createContainer(pod, { name: 'nginx' });
      await node.cri.startContainer(container);
    });

    afterAll(async () => {
      await node?.dispose();
      await rm(folder, { recursive: true, force: true });
    });

    test('shows the node as a table on standard output, and nothing on standard error', async () => {
      const { code, stdout, stderr } = await planCommand(node);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^READY .* shop\/web /m);
      expect(stdout).toMatch(/^RUNNING .* {2}nginx /m);
      expect(stdout).toMatch(/1 sandbox: 1 READY\. 1 container: 1 RUNNING\..*\n$/);
    });

    test('prints one JSON document, whatever policy and limits', async () => {
      const limits = ['--item-timeout', '5s', '--deadline', '1m', '--concurrency', '1'];
      for (const policy of ['careful', 'containerd']) {
        const { code, stdout, stderr } = await planCommand(node, '--json', '--policy', policy, ...limits);
        expect([code, stderr]).toEqual([0, '']);
        expect(parsePlan(stdout).node).toMatchObject({ namespace: 'k8s.io', root: node.criRoot, state: node.criState });
      }
    });

    test.each([80, 200])('fits a terminal of %d columns, and takes its progress back', async (columns) => {
      const command = [process.execPath, mainFile, 'plan', ...whereIs(node)].map((word) => `'${word}'`).join(' ');
      const { code, stdout } = await spawnInShell(`script -qec "stty cols ${columns}; exec $3" /dev/null`, [command]);
      expect(code).toBe(0);
      // Progress is drawn where it takes a while, and erased before anything else is shown.
      const shown = stdout.split('\r\u001b[K').at(-1) ?? '';
      expect(shown).toMatch(/^containerd \d/);
      const table = stripVTControlCharacters(shown).split('\r\n').slice(1, -2);
      expect(table.length).toBeGreaterThan(4);
      expect(table.filter((line) => line.length > columns)).toEqual([]);
    });

    test('stops without a word when nobody reads on', async () => {
      const line = '{ "$@"; echo "code $?" >&2; } | head -1';
      const { stdout, stderr } = await spawnInShell(line, ['plan', ...whereIs(node)]);
      expect(stdout).toMatch(/^containerd [^\n]*\n$/);
      expect(stderr).toBe('code 0\n');
    });

    test('does not let a name from the node steer the terminal', async () => {
      const { extensions } = await node.engine.containers.get(container);
      const stored = Buffer.from(extensions[containerMetadata]?.value ?? []).toString();
      const hostile = stored.replace(/"Name":"[^"]*"/, '"Name":"\\u001b[31mred\\u0007\\r\\nREADY"');
      expect(hostile).not.toBe(stored);
      await node.engine.containers.setExtension(container, containerMetadata, Buffer.from(hostile));
      const { code, stdout } = await planCommand(node);
      await node.engine.containers.setExtension(container, containerMetadata, Buffer.from(stored));
      expect(code).toBe(0);
      expect(stdout).toContain('\\u001b[31mred\\u0007\\u000d\\u000aREADY');
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    });

    test('in a namespace that is not there it takes nothing away', async () => {
      const { code, stdout } = await planCommand(node, '--namespace', 'elsewhere', '--json');
      const { sandboxes, containers, orphans } = parsePlan(stdout);
      expect([code, sandboxes, containers]).toEqual([1, [], []]);
      expect(orphans.length).toBeGreaterThan(0);
      for (const orphan of orphans) expect(orphan).toMatchObject({ refused: true, outcome: 'kept', actions: [] });
    });

    describe('with a wrong directory', () => {
      const planWith = (...options: ReadonlyArray<string>) =>
        spawnCommand(['plan', '--address', node.socket, '--json', ...options]);

      test('a root that is not there', async () => {
        const root = join(folder, 'none');
        const ended = await planWith('--root', root, '--state', node.criState);
        expectComplaint(ended, 3, /there is nothing here.*--root/);
        expect(ended.stderr).toContain(root);
      });

      test('a root that is a file', async () => {
        await writeFile(join(folder, 'file'), '');
        const ended = await planWith('--root', join(folder, 'file'), '--state', node.criState);
        expectComplaint(ended, 3, /this is no directory/);
      });

      test("a root that is somebody else's", async () => {
        for (const root of [node.directory, node.root, '/etc']) {
          expectComplaint(await planWith('--root', root, '--state', node.criState), 3, /holds other things/);
        }
      });

      test('a state that is a file', async () => {
        const state = join(folder, 'file');
        expectComplaint(await planWith('--root', node.criRoot, '--state', state), 3, /state directory was expected/);
      });

      test('record refuses as plan does, and leaves no file', async () => {
        const output = join(folder, 'refused.json');
        const wrong = ['--address', node.socket, '--root', '/etc', '--output', output];
        expectComplaint(await spawnCommand(['record', ...wrong]), 3, /holds other things/);
        expectComplaint(await spawnCommand(['plan', '--node', output]), 3, /no such file/);
      });

      test('an output that cannot be written', async () => {
        const output = join(folder, 'none', 'node.json');
        expectComplaint(
          await spawnCommand(['record', ...whereIs(node), '--output', output]),
          3,
          /cannot write the recording/,
        );
      });
    });

    describe('without permission', () => {
      let copy: PublicCopy;
      beforeAll(async () => {
        copy = await publicCopy();
      });
      afterAll(async () => {
        await copy?.remove();
        await chmod(node.socket, 0o660);
        await chmod(node.directory, 0o700);
      });
      const asNobody = (...args: ReadonlyArray<string>) =>
        spawnCommand(args, { main: copy.main, id: nobody, cwd: folder });

      test('the copy runs, and is not privileged', async () => {
        expect(await asNobody('--version')).toMatchObject({ code: 0, stderr: '' });
      });

      test('to the folder of the socket', async () => {
        const ended = await asNobody('plan', ...whereIs(node));
        expectComplaint(ended, 3, /run it as root/);
        expect(ended.stderr).toContain(node.socket);
      });

      test('to the socket', async () => {
        await chmod(node.directory, 0o711);
        await chmod(node.socket, 0o600);
        const ended = await asNobody('plan', ...whereIs(node));
        expectComplaint(ended, 3, /run it as root/);
        expect(ended.stderr).toContain(node.socket);
      });

      test('to the root directory', async () => {
        await chmod(node.directory, 0o711);
        await chmod(node.socket, 0o666);
        await chmod(node.root, 0o700);
        const ended = await asNobody('plan', ...whereIs(node), '--json');
        expectComplaint(ended, 3, /permission denied.*run it as root/);
        expect(ended.stderr).toContain(node.criRoot);
      });

      test('to a recording', async () => {
        const file = join(folder, 'private.json');
        await writeFile(file, '{}', { mode: 0o600 });
        expectComplaint(await asNobody('plan', '--node', file), 3, /private\.json: .*permission denied/);
      });
    });

    describe('with a wrong or a silent socket', () => {
      test("containerd's other socket, which speaks ttrpc", async () => {
        const ttrpc = `${node.socket}.ttrpc`;
        const ended = await spawnCommand(['plan', '--address', ttrpc, '--item-timeout', '2s']);
        expectComplaint(ended, 3, /containerd/);
        expect(ended.stderr).toContain(ttrpc);
      });

      test('a containerd that hangs', async () => {
        process.kill(node.pid ?? 0, 'SIGSTOP');
        try {
          const start = performance.now();
          const ended = await planCommand(node, '--item-timeout', '1s');
          expect(performance.now() - start).toBeLessThan(4_000);
          expectComplaint(ended, 3, /is containerd busy\? --deadline and --item-timeout give it longer/);
        } finally {
          process.kill(node.pid ?? 0, 'SIGCONT');
        }
      });

      test('a whole recovery that is out of time', async () => {
        const pod = (await shimsOf(node.socket))[0]?.id ?? '';
        const { resume } = await hangShim(node, pod);
        const start = performance.now();
        const ended = await planCommand(node, '--deadline', '1s', '--json');
        resume();
        expect(performance.now() - start).toBeLessThan(4_000);
        expect(parsePlan(ended.stdout).sandboxes).toMatchObject([{ state: 'UNKNOWN', actions: [] }]);
      });

      test('a containerd that has been killed', async () => {
        await node.kill();
        const ended = await planCommand(node);
        expectComplaint(ended, 3, /is containerd running, and is --address its socket\?/);
        expect(ended.stderr).toContain(node.socket);
      });
    });
  },
  ['2.x'],
);
