/** Orphaned directories of a real node in the quarantine: moved there whole, listed, put back, cleared out. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, expectComplaint, spawnCommand } from '../cli/spawned-command.js';
import { type Applied, applyTo } from './apply/apply-of.js';
import { during, type Window } from './apply/gate.js';
import { type TroubledNode, troubledNode } from './apply/troubled-node.js';
import { describeReleases, isAlive, removeRecord } from './harness/index.js';
import { mountsBelow } from './harness/mounts.js';
import { planOf } from './plan/plan-of.js';

interface Listed {
  readonly entry: string;
  readonly path: string;
  readonly from: string;
  readonly movedAt: string;
  readonly why: string;
  readonly unmounted: ReadonlyArray<string>;
}

describeReleases('the quarantine', (release) => {
  let made: TroubledNode;
  let applied: Applied;
  let moved: Window;
  let running: string;
  let pid: number;
  const quarantine = (...words: ReadonlyArray<string>): Promise<Ended> =>
    spawnCommand(['quarantine', ...words, '--root', made.node.criRoot, '--state', made.node.criState]);
  const list = async (): Promise<ReadonlyArray<Listed>> => JSON.parse((await quarantine('list', '--json')).stdout);
  const entryFrom = async (path: string): Promise<Listed> => {
    const entry = (await list()).find(({ from }) => from === path);
    if (entry === undefined) throw new Error(`not in quarantine: ${path}`);
    return entry;
  };
  const base = (area: 'root' | 'state', kind: 'sandboxes' | 'containers', name: string): string =>
    join(area === 'root' ? made.node.criRoot : made.node.criState, kind, name);

  beforeAll(async () => {
    made = await troubledNode(release, [
      'no task, CREATED',
      'running task, RUNNING',
      'running task, CREATED',
      'no task, EXITED',
    ]);
    running = made.containers.get('running task, CREATED') ?? '';
    pid = (await made.node.engine.tasks.get(running))?.pid ?? 0;
    await removeRecord(made.node, running);
    moved = await during(async () => {
      applied = await applyTo(made.node);
    });
  });

  afterAll(() => made?.node.dispose());

  const orphans = () => [
    base('root', 'containers', 'left-behind'),
    base('state', 'containers', 'still-mounted'),
    ...(['root', 'state'] as const).flatMap((area) => [
      base(area, 'sandboxes', made.pods.get('removed') ?? ''),
      base(area, 'containers', running),
    ]),
  ];

  test('has every orphaned directory, and says when, why and from where', async () => {
    const entries = await list();
    expect(entries.map(({ from }) => from).sort()).toEqual(orphans().sort());
    for (const { from, movedAt, why, path } of entries) {
      expect(existsSync(from)).toBe(false);
      expect(existsSync(path)).toBe(true);
      expect(why).toMatch(/^containerd has no (container|sandbox) of this id$/);
      expect(BigInt(movedAt) >= moved.from && BigInt(movedAt) <= moved.to).toBe(true);
    }
    for (const { outcome, path } of applied.report.orphans)
      expect([path, outcome]).toEqual([path, orphans().includes(path) ? 'quarantined' : 'kept']);
  });

  test('has neither files nor links', () => {
    expect(existsSync(base('root', 'containers', 'a-file'))).toBe(true);
    expect(existsSync(join(base('state', 'sandboxes', 'a-link'), 'containers'))).toBe(true);
  });

  test('has nothing mounted in it, and knows what was', async () => {
    const { from, unmounted, path } = await entryFrom(base('state', 'containers', 'still-mounted'));
    expect(unmounted).toEqual([join(from, 'mounted')]);
    expect(mountsBelow(path)).toEqual([]);
    expect(await readFile(join(path, 'left-behind'), 'utf8')).toBe('left behind\n');
  });

  test('does no harm to a process whose directories it has taken', () => {
    expect(isAlive(pid)).toBe(true);
  });

  test('is listed for people, too', async () => {
    const { code, stdout, stderr } = await quarantine('list');
    expect([code, stderr]).toEqual([0, '']);
    // Whole, each on a line of its own: what is shown can be given to `restore` and `purge`.
    const entries = stdout.split('\n').filter((line) => /^\S/.test(line));
    expect(entries).toEqual((await list()).map(({ entry }) => entry));
    expect(stdout.match(/containerd has no/g)).toHaveLength(orphans().length);
  });

  test('gives a directory back as it was, once', async () => {
    const from = base('root', 'containers', 'left-behind');
    const { entry } = await entryFrom(from);
    expect(await quarantine('restore', entry)).toEqual({ code: 0, stdout: `restored ${from}\n`, stderr: '' });
    expect(await readFile(join(from, 'left-behind'), 'utf8')).toBe('left behind\n');
    expectComplaint(await quarantine('restore', entry), 3, /there is no such entry/);
  });

  test('has it again after the next apply, and no other twice', async () => {
    const before = await list();
    const { report } = await applyTo(made.node);
    expect(report.orphans.filter(({ outcome }) => outcome === 'quarantined').map(({ path }) => path)).toEqual([
      base('root', 'containers', 'left-behind'),
    ]);
    expect(await list()).toHaveLength(before.length + 1);
  });

  test('is out of the sight of the plugin, which sweeps only its own', async () => {
    const before = await list();
    await made.node.restart({ cri: true });
    expect(await list()).toEqual(before);
    await made.node.restart({ cri: false });
  });

  test('is cleared out entry by entry, or all at once', async () => {
    const { entry, path } = await entryFrom(base('root', 'containers', 'left-behind'));
    expect(await quarantine('purge', entry)).toMatchObject({ code: 0, stdout: `purged ${entry}\n` });
    expect(existsSync(path)).toBe(false);
    expect((await list()).map((one) => one.entry)).not.toContain(entry);
    expect(await quarantine('purge', '--all')).toMatchObject({ code: 0, stderr: '' });
    expect(await list()).toEqual([]);
    expect((await planOf(made.node)).orphans.every(({ outcome }) => outcome === 'kept')).toBe(true);
  });
});
