/** What has to be true of a node in the end, whoever was killed on the way. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { expect } from 'vitest';
import { openQuarantine } from '../../../src/disk/index.js';
import { readCheckpoint } from '../harness/index.js';
import { itemOf, type PlanDocument } from '../plan/plan-document.js';
import { type Fate, type MixedNode, startTicksOf, statusOf } from './mixed-node.js';

const nearlyNs = 1_000_000_000n;
/** Times that may differ by how somebody came to know them. */
export const isNear = (one: bigint, other: bigint): boolean => (one > other ? one - other : other - one) < nearlyNs;

/** Every container is what it has to be, in its checkpoint, in the report and at containerd. */
export const expectFates = async (mixed: MixedNode, report: PlanDocument): Promise<void> => {
  for (const [id, fate] of mixed.fates) {
    const task = (await mixed.node.engine.tasks.get(id))?.status ?? 'none';
    const { state } = itemOf(report.containers, id);
    await expectFate(mixed, id, fate, { task, state });
  }
  for (const pod of [...mixed.pods, ...mixed.emptyPods])
    expect(itemOf(report.sandboxes, pod)).toMatchObject({ state: 'READY', monitored: true });
  for (const pod of mixed.endedPods) {
    expect(itemOf(report.sandboxes, pod).state).toBe('NOTREADY');
    expect(await mixed.node.engine.tasks.get(pod)).toBeUndefined();
  }
  expect(report.failures).toEqual([]);
};

const expectFate = async (
  { node }: MixedNode,
  id: string,
  fate: Fate,
  { task, state }: { readonly task: string; readonly state: string },
): Promise<void> => {
  const status = await statusOf(node, id);
  switch (fate.is) {
    case 'alive': {
      const { pid, startTicks } = fate.process;
      expect({ id, state, task, startTicks: startTicksOf(pid) }).toEqual({
        id,
        state: 'RUNNING',
        task: fate.task,
        startTicks,
      });
      expect({ ...status, createdAt: 0n, startedAt: 0n }).toEqual({ ...fate.started, createdAt: 0n, startedAt: 0n });
      // To the tick of a clock where the checkpoint had to be rebuilt.
      expect(isNear(status.createdAt, fate.started.createdAt)).toBe(true);
      expect(isNear(status.startedAt, fate.started.startedAt)).toBe(true);
      return;
    }
    case 'exited': {
      const { exitStatus, exitedAt } = await fate.exit;
      const { exitCode, finishedAt } = status;
      expect(exitStatus).toBe(fate.code);
      expect({ id, state, task, exitCode, finishedAt }).toEqual({
        ...{ id, state: 'EXITED', task: 'none' },
        ...{ exitCode: exitStatus, finishedAt: exitedAt },
      });
      return;
    }
    case 'vanished': {
      const { exitCode, reason, finishedAt } = status;
      expect({ id, state, task, exitCode, reason }).toEqual({
        ...{ id, state: 'EXITED', task: 'none' },
        ...{ exitCode: 255, reason: 'Unknown' },
      });
      expect(finishedAt >= fate.after && finishedAt <= BigInt(Date.now()) * 1_000_000n).toBe(true);
      return;
    }
    case 'untouched': {
      expect({ id, task, state }).toEqual({ id, task: fate.task, state: fate.state });
      expect((await readCheckpoint(node, id)).equals(fate.bytes)).toBe(true);
      return;
    }
  }
};

/** Every orphan is in the quarantine, whole and once, and nothing else is there. */
export const expectQuarantined = async ({ node, orphans }: MixedNode): Promise<void> => {
  const quarantine = openQuarantine({ root: node.criRoot, state: node.criState });
  const listed = await quarantine.list()(new AbortController().signal)();
  const entries = E.isRight(listed) ? listed.right : expect.fail(listed.left.message);
  const found = entries.map((entry) => (E.isRight(entry) ? entry.right : expect.fail(entry.left.message)));
  expect(found.map(({ id }) => id).sort()).toEqual(orphans.map(({ id }) => id).sort());
  for (const { id, from, path } of found) {
    expect(from).toBe(orphans.find((orphan) => orphan.id === id)?.path);
    expect(readFileSync(join(path, 'left-behind'), 'utf8')).toBe('left behind\n');
  }
  const folders = [node.criRoot, node.criState].flatMap((area) => namesIn(join(area, 'cri-recovery-quarantine')));
  expect(folders).toHaveLength(orphans.length);
};

const namesIn = (path: string): ReadonlyArray<string> => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

/** What is below root and state that a recovery may not leave: all that has its name on it, the quarantine apart, and what was not there before. */
export const litterIn = ({ node }: MixedNode, before: ReadonlySet<string>): ReadonlyArray<string> =>
  pathsOf(node.criRoot, node.criState).filter((path) => !before.has(path) && !isMeant.test(path));

const isMeant =
  /^[^/]*\/(cri-recovery-quarantine(\/[^/]+(\/(manifest\.json|content(\/left-behind|\/mounted)?))?)?|containers\/[0-9a-f]{64}\/(status(\.unreadable(\.\d+)?)?|io(\/[^/]+(\/[0-9a-f]{64}-(stdin|stdout|stderr))?)?))$/;

/** Every path below root and state, as `root/…` and `state/…`. */
export const pathsOf = (root: string, state: string): ReadonlyArray<string> => [
  ...below(root).map((path) => `root/${path}`),
  ...below(state).map((path) => `state/${path}`),
];

const below = (path: string): ReadonlyArray<string> => readdirSync(path, { recursive: true, encoding: 'utf8' });

/** Of every damaged checkpoint that was moved aside the bytes are there once, and the last of each container's for certain. */
export const expectDamageKept = ({ node, damage }: MixedNode): void => {
  for (const [id, { texts, last }] of damage) {
    const directory = join(node.criRoot, 'containers', id);
    const kept = namesIn(directory)
      .filter((name) => name.startsWith('status.unreadable'))
      .map((name) => readFileSync(join(directory, name), 'latin1'));
    expect(new Set(kept).size).toBe(kept.length);
    expect(kept.filter((text) => !texts.includes(text))).toEqual([]);
    if (last !== undefined) expect(kept).toContain(last);
  }
};
