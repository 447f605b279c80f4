/** One at a time: `apply` leaves a node alone on which the CRI plugin or another of its kind is at work. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectComplaint, mainFile, spawnCommand } from '../cli/spawned-command.js';
import { applyCommand, applyTo } from './apply/apply-of.js';
import { changedFiles, filesOf, heldBy, settledFiles } from './apply/picture.js';
import {
  describeReleases,
  type HungShim,
  hangShim,
  killTask,
  readCheckpoint,
  TestNode,
  waitUntil,
} from './harness/index.js';
import { makeContainer } from './plan/make-containers.js';
import { actionsOf, itemOf, type PlanDocument } from './plan/plan-document.js';
import { whereIs } from './plan/plan-of.js';

describeReleases('apply, one at a time', (release) => {
  let node: TestNode;
  let pod: string;
  let container: string;
  const lock = (): string => join(node.criState, 'cri-recovery.lock');

  beforeAll(async () => {
    node = await TestNode.create(release);
    await node.start({ cri: true });
    pod = await node.cri.runPod({ name: 'pod', hostNetwork: true });
    container = await makeContainer(node, pod, { name: 'nginx', situation: 'running task, RUNNING' });
  });

  afterAll(() => node?.dispose());

  /** Neither a file nor anything that containerd has is another afterwards. */
  const changesNothing = async (work: () => Promise<void>): Promise<void> => {
    const files = await settledFiles(node);
    const held = await heldBy(node);
    await work();
    expect(changedFiles(files, await filesOf(node))).toEqual([]);
    expect(await heldBy(node)).toEqual(held);
  };

  describe('while the CRI plugin is at work', () => {
    test.each(['careful', 'containerd'])('policy %s refuses', (policy) =>
      changesNothing(async () => {
        const ended = await applyCommand(node, '--policy', policy, '--json');
        expectComplaint(ended, 3, /CRI plugin is at work on this node.*--alongside-cri/);
      }),
    );

    test('it does as it is told with --alongside-cri, and the plugin is none the worse for it', async () => {
      const { code, report } = await applyTo(node, 'careful', '--alongside-cri');
      expect([code, itemOf(report.containers, container).state]).toEqual([0, 'RUNNING']);
      expect(await node.cri.containerStatus(container)).toMatchObject({ state: 'RUNNING' });
    });

    test('what only looks is welcome', async () => {
      expect(await spawnCommand(['plan', ...whereIs(node)])).toMatchObject({ code: 0, stderr: '' });
    });
  });

  describe('while another process is at work', () => {
    let other: ChildProcess;
    let shim: HungShim;

    /** An apply that is stopped in its tracks while it waits for a shim that hangs. */
    beforeAll(async () => {
      await node.restart({ cri: false });
      shim = await hangShim(node, pod);
      other = spawn(process.execPath, [mainFile, 'apply', ...whereIs(node)], { stdio: 'ignore' });
      await waitUntil('it has the lock', () => existsSync(lock()));
      other.kill('SIGSTOP');
      shim.resume();
    });

    afterAll(() => {
      other?.kill('SIGKILL');
      shim?.resume();
    });

    test('it refuses, and says which process that is', async () => {
      const ended = await applyCommand(node, '--json');
      expectComplaint(ended, 3, /held by process \d+/);
      expect(ended.stderr).toContain(String(other.pid));
      expect(readFileSync(lock(), 'utf8')).toContain(String(other.pid));
    });

    test('so does the quarantine, as far as it would change anything', async () => {
      const directories = ['--root', node.criRoot, '--state', node.criState];
      expectComplaint(await spawnCommand(['quarantine', 'purge', '--all', ...directories]), 3, /held by process \d+/);
      expect(await spawnCommand(['quarantine', 'list', ...directories])).toMatchObject({ code: 0 });
    });

    test('once that process has been killed it takes over its lock, and gives it back', async () => {
      const exit = once(other, 'exit');
      other.kill('SIGKILL');
      await exit;
      expect(await readFile(lock(), 'utf8')).toContain(String(other.pid));
      const { code, report } = await applyTo(node);
      expect([code, itemOf(report.containers, container).state]).toEqual([0, 'RUNNING']);
      expect(existsSync(lock())).toBe(false);
    });
  });

  test('of two that start together both end well, or one refuses, and the work is done once', async () => {
    await killTask(node, container);
    const ended = await Promise.all([applyCommand(node, '--json'), applyCommand(node, '--json')]);
    const codes = ended.map(({ code }) => code).sort();
    expect([
      [0, 0],
      [0, 3],
    ]).toContainEqual(codes);
    const reports = ended.filter(({ code }) => code === 0).map(({ stdout }): PlanDocument => JSON.parse(stdout));
    const actions = reports.map(({ containers }) => actionsOf(itemOf(containers, container)));
    expect(actions.filter((each) => each.length > 0)).toEqual([['write-checkpoint', 'delete-task']]);
    expect((await readCheckpoint(node, container)).toString()).toContain('"ExitCode":137');
  });
});
