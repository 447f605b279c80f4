/** New trouble for a recovery, made behind its back: before it begins, or while somebody watches. */
import { basename } from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  corruptCheckpoint,
  deleteTask,
  halfCreatedTask,
  killTask,
  type Orphan,
  orphanDirectory,
  randomId,
  removeCheckpoint,
  waitUntil,
} from '../harness/index.js';
import type { Chance } from './chance.js';
import type { MixedNode } from './mixed-node.js';

/** An orphaned directory, which has to be in the quarantine in the end, once. */
export interface Quarantinable extends Orphan {
  readonly id: string;
  readonly path: string;
}

const sigterm = 15;

/** Trouble of several kinds, while nobody is at work on the node. Resolves with the ids of containers it has to do with. */
export const makeMischief = async (mixed: MixedNode, chance: Chance): Promise<ReadonlyArray<string>> => {
  const ending = [chance.take(mixed.waiting), chance.take(mixed.waiting)].filter((one) => one !== undefined);
  const alsoDamaged = ending.slice(0, chance.isLikely(0.4) ? 1 : 0);
  const vanishing = chance.isLikely(0.3) ? chance.take(mixed.vanishing) : undefined;
  const pod = chance.isLikely(0.3) ? chance.take(mixed.emptyPods) : undefined;
  const damaged = [chance.pick(mixed.steady), ...alsoDamaged.map(({ id }) => id)];
  for (const id of damaged) await damageCheckpoint(mixed, id, chance);
  await Promise.all([
    ...ending.map((one) => endOne(mixed, one)),
    ...(vanishing === undefined ? [] : [vanish(mixed, vanishing)]),
    ...(pod === undefined ? [] : [endPod(mixed, pod)]),
    tryToBeginStart(mixed),
    orphan(mixed, chance),
    ...(chance.isLikely(0.5) ? [orphan(mixed, chance)] : []),
  ]);
  return [...ending.map(({ id }) => id), ...damaged, ...(vanishing === undefined ? [] : [vanishing])];
};

/** Lets containers end while somebody watches, all at the same moment. */
export const endSome = async (mixed: MixedNode, chance: Chance): Promise<void> => {
  const ending = [0, 1, 2].flatMap(() => chance.take(mixed.waiting) ?? []);
  await Promise.all(ending.map((one) => tellToEnd(mixed, one)));
};

type Waiting = MixedNode['waiting'][number];

const tellToEnd = async ({ node, fates }: MixedNode, { id, code }: Waiting): Promise<void> => {
  const exit = node.engine.tasks.wait(id, 60_000);
  // It is looked at later.
  exit.catch(() => undefined);
  fates.set(id, { is: 'exited', code, exit });
  await node.engine.tasks.kill(id, sigterm);
};

const endOne = async (mixed: MixedNode, one: Waiting): Promise<void> => {
  await tellToEnd(mixed, one);
  await waitUntil('it has ended', async () => (await mixed.node.engine.tasks.get(one.id))?.status === 'stopped');
};

const vanish = async ({ node, fates }: MixedNode, id: string): Promise<void> => {
  await deleteTask(node, id);
  fates.set(id, { is: 'vanished', after: BigInt(Date.now()) * 1_000_000n });
};

const endPod = async ({ node, endedPods }: MixedNode, pod: string): Promise<void> => {
  await killTask(node, pod);
  endedPods.add(pod);
};

/** Somebody begins to start a container; resolves once its task is there. */
export const beginStart = async ({ node, startable }: MixedNode): Promise<void> => {
  if ((await node.engine.tasks.get(startable)) === undefined) await halfCreatedTask(node, startable);
};

/** The same, unless whoever deleted the task before was killed before containerd could forget it: then it is for a recovery to have that done. */
const tryToBeginStart = async (mixed: MixedNode): Promise<void> => {
  try {
    await beginStart(mixed);
  } catch (error) {
    if (ConnectError.from(error).code !== Code.AlreadyExists) throw error;
    mixed.cutShort.push(mixed.startable);
  }
};

const damageCheckpoint = async ({ node, damage }: MixedNode, id: string, chance: Chance): Promise<void> => {
  const { texts } = damage.get(id) ?? { texts: [] };
  if (chance.isLikely(0.25)) {
    damage.set(id, { texts, last: undefined });
    // Gone already where somebody was killed between moving it aside and writing another.
    return removeCheckpoint(node, id).catch(() => undefined);
  }
  const last = chance.isLikely(0.5) ? `{"Version":"v1","${randomId()}` : `\0\0\0${randomId()}`;
  damage.set(id, { texts: [...texts, last], last });
  await corruptCheckpoint(node, id, last);
};

const orphan = async ({ node, orphans }: MixedNode, chance: Chance): Promise<void> => {
  const base = chance.pick(['root', 'state'] as const);
  const kind = chance.isLikely(0.8) ? 'containers' : 'sandboxes';
  const mounted = chance.isLikely(0.3);
  const path = await orphanDirectory(node, { base, kind, mounted });
  orphans.push({ base, kind, mounted, path, id: basename(path) });
};
