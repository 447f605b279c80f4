/** How a recovery has ended, in words that are the same for every node: situations by name, times and pids by origin. */
import { join } from 'node:path';
import { criContainer, criView, plannedContainer } from '../plan/cri-view.js';
import type { PlanDocument } from '../plan/plan-document.js';
import { combinations } from './combinations.js';
import type { Known, Windows } from './origins.js';
import { pidOrigin, timeOrigin } from './origins.js';
import { podSituations } from './pods.js';
import type { StagedNode } from './staged-node.js';
import { basesOf, namesIn, type StoredCheckpoint, storedCheckpoint } from './stored.js';

/** What is said of a container; nothing of one that was not loaded. */
export interface Said {
  readonly state: string;
  readonly pid: string;
  readonly createdAt: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
}

export interface SaidPod {
  readonly state: string;
  readonly pid: string;
  readonly createdAt: string;
}

/** What recovery says, by the name of the situation. */
export interface Statements {
  readonly containers: ReadonlyMap<string, Said>;
  readonly pods: ReadonlyMap<string, SaidPod>;
}

export interface Remainder {
  readonly checkpoints: ReadonlyMap<string, StoredCheckpoint>;
  /** What lies in the container's own directory below the root. */
  readonly files: ReadonlyMap<string, ReadonlyArray<string>>;
  readonly bases: Readonly<Record<string, ReadonlyArray<string>>>;
  readonly images: ReadonlyArray<StoredImage>;
  /** How many sets of FIFOs lie below the state directory, by container. */
  readonly fifoSets: Readonly<Record<string, number>>;
}

export interface StoredImage {
  readonly name: string;
  readonly manifest: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The situations that are containers, those that live in pods of their own included. */
export const containerNames: ReadonlyArray<string> = [
  ...combinations.map(({ name }) => name),
  ...podSituations.filter(({ inhabited }) => inhabited).map(({ name }) => `in ${name}`),
];
export const podNames: ReadonlyArray<string> = podSituations.map(({ name }) => `pod ${name}`);

const nameOf = ({ ids }: StagedNode): ((id: string) => string) => {
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  return (id) => names.get(id) ?? id;
};

const knownOf = ({ own, pids }: StagedNode, id: string, windows: Windows): Known => ({
  own: own.get(id),
  taskPid: pids.get(id),
  windows,
});

type View = ReturnType<typeof criContainer>;

const said = (view: View, known: Known): Said => ({
  state: view.state,
  pid: pidOrigin(known, view.pid),
  createdAt: timeOrigin(known, 'CreatedAt', BigInt(view.createdAt)),
  startedAt: timeOrigin(known, 'StartedAt', BigInt(view.startedAt)),
  finishedAt: timeOrigin(known, 'FinishedAt', BigInt(view.finishedAt)),
  exitCode: view.exitCode,
  reason: view.reason,
  message: view.message,
});

// Later than every time: none is told as `now`.
const never = 2n ** 63n;

/** What the plugin says of the node. */
export const criStatements = async (staged: StagedNode, windows: Windows): Promise<Statements> => {
  const { node, pids } = staged;
  const name = nameOf(staged);
  const view = await criView(node.cri);
  return {
    containers: new Map(
      [...view.containers].map(([id, status]) => [
        name(id),
        said(criContainer(status, never), knownOf(staged, id, windows)),
      ]),
    ),
    pods: new Map(
      [...view.pods].map(([id, { state, pid, createdAt }]) => [
        name(id),
        { state, pid: pidOf(pids, id, pid), createdAt: recordedOr(staged, id, createdAt) },
      ]),
    ),
  };
};

/** What a report says, in the words of the CRI, which has no UNKNOWN for sandboxes. */
export const reportStatements = (staged: StagedNode, report: PlanDocument, windows: Windows): Statements => {
  const name = nameOf(staged);
  return {
    containers: new Map(
      report.containers.map((container) => [
        name(container.id),
        said(plannedContainer(container, never), knownOf(staged, container.id, windows)),
      ]),
    ),
    pods: new Map(
      report.sandboxes.map(({ id, state, pid, createdAt }) => [
        name(id),
        {
          state: state === 'UNKNOWN' ? 'NOTREADY' : state,
          pid: pidOf(staged.pids, id, pid),
          createdAt: recordedOr(staged, id, BigInt(createdAt)),
        },
      ]),
    ),
  };
};

const recordedOr = ({ recorded }: StagedNode, id: string, time: bigint): string =>
  time === recorded.get(id) ? 'recorded' : String(time);

const pidOf = (pids: ReadonlyMap<string, number>, id: string, pid: number): string => {
  if (pid === 0) return 'none';
  return pid === pids.get(id) ? 'task' : String(pid);
};

/** Checkpoints, directories and images. */
export const remainder = async (staged: StagedNode, windows: Windows): Promise<Remainder> => {
  const { node, ids } = staged;
  const checkpoints = new Map<string, StoredCheckpoint>();
  const files = new Map<string, ReadonlyArray<string>>();
  const fifoSets: Record<string, number> = {};
  for (const name of containerNames) {
    const id = ids.get(name) ?? name;
    checkpoints.set(name, await storedCheckpoint(node, id, knownOf(staged, id, windows)));
    files.set(name, await namesIn(join(node.criRoot, 'containers', id)));
    fifoSets[name] = (await namesIn(join(node.criState, 'containers', id, 'io'))).length;
  }
  return {
    checkpoints,
    files,
    bases: await basesOf(node, nameOf(staged)),
    images: await imagesOf(staged),
    fifoSets,
  };
};

/** Every image, by name. */
export const imagesOf = async (staged: StagedNode): Promise<ReadonlyArray<StoredImage>> => {
  const manifest = (digest: string): string => staged.manifests.get(digest) ?? digest;
  const images = (await staged.node.engine.images.list()).map(
    ({ name, digest, labels }): StoredImage => ({
      // Not the id: it is another on each node, as is every digest of an image that is made for it.
      name: staged.manifests.has(digest) && name.startsWith('sha256:') ? `id of ${manifest(digest)}` : name,
      manifest: manifest(digest),
      labels,
    }),
  );
  return images.sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** Every task that is left, by the name of its situation. */
export const tasksOf = async (
  staged: StagedNode,
  asked: ReadonlyArray<string>,
): Promise<Readonly<Record<string, string>>> => {
  const entries = await Promise.all(
    asked.map(
      async (name) =>
        [name, (await staged.node.engine.tasks.get(staged.ids.get(name) ?? name))?.status ?? 'none'] as const,
    ),
  );
  return Object.fromEntries(entries);
};
