/** What the CRI plugin says of a whole node, and a plan in the same words, so that the two can be laid side by side. */
import type { ContainerStatus, Cri, PodStatus } from '../harness/index.js';
import type { PlanDocument, PlannedContainer } from './plan-document.js';

export interface CriView {
  readonly pods: ReadonlyMap<string, PodStatus>;
  readonly containers: ReadonlyMap<string, ContainerStatus>;
}

const byId = <A extends { readonly id: string }>(items: ReadonlyArray<A>): ReadonlyMap<string, A> =>
  new Map(items.map((item) => [item.id, item]));

/**
 * Asks the CRI plugin for the status of everything it lists. A creation time of 0 is shown as the record's by the status and as it is by the
 * list, which is what is taken here.
 */
export const criView = async (cri: Cri): Promise<CriView> => ({
  pods: byId(await Promise.all((await cri.listPods()).map(({ id }) => cri.podStatus(id)))),
  containers: byId(
    await Promise.all(
      (await cri.listContainers()).map(async ({ id, createdAt }) => ({
        ...(await cri.containerStatus(id)),
        createdAt,
      })),
    ),
  ),
});

/** A container as both can say it; a time from `since` on is `now`, for the plan's guess is older than the plugin's. */
export interface ContainerView {
  readonly state: string;
  readonly pid: number;
  readonly createdAt: bigint | 'now';
  readonly startedAt: bigint | 'now';
  readonly finishedAt: bigint | 'now';
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
}

const orNow = (time: bigint, since: bigint): bigint | 'now' => (time >= since ? 'now' : time);

/** What the CRI plugin says of a container. */
export const criContainer = (status: ContainerStatus, since: bigint): ContainerView => {
  const { state, pid, createdAt, startedAt, finishedAt, exitCode, reason, message } = status;
  const times = { startedAt: orNow(startedAt, since), finishedAt: orNow(finishedAt, since) };
  return { state, pid, createdAt: orNow(createdAt, since), ...times, exitCode, reason, message };
};

/** What the plan says of a container, with the reason that the CRI would show. */
export const plannedContainer = (container: PlannedContainer, since: bigint): ContainerView => {
  const { state, pid, exitCode, message } = container;
  const time = (text: string): bigint | 'now' => orNow(BigInt(text), since);
  const completed = exitCode === 0 ? 'Completed' : 'Error';
  const reason = state === 'EXITED' && container.reason === '' ? completed : container.reason;
  return {
    state,
    pid,
    createdAt: time(container.createdAt),
    startedAt: time(container.startedAt),
    finishedAt: time(container.finishedAt),
    exitCode,
    reason,
    message,
  };
};

/** Every container of a plan by id. */
export const plannedContainers = (
  { containers }: PlanDocument,
  since: bigint,
): ReadonlyArray<readonly [string, ContainerView]> =>
  sorted(containers.map((container) => [container.id, plannedContainer(container, since)] as const));

/** Every container that the CRI plugin lists, by id. */
export const criContainers = (
  { containers }: CriView,
  since: bigint,
): ReadonlyArray<readonly [string, ContainerView]> =>
  sorted([...containers].map(([id, status]) => [id, criContainer(status, since)] as const));

export interface PodView {
  readonly state: string;
  readonly pid: number;
  readonly createdAt: bigint;
}

export const plannedPods = ({ sandboxes }: PlanDocument): ReadonlyArray<readonly [string, PodView]> =>
  sorted(sandboxes.map(({ id, state, pid, createdAt }) => [id, { state, pid, createdAt: BigInt(createdAt) }] as const));

export const criPods = ({ pods }: CriView): ReadonlyArray<readonly [string, PodView]> =>
  sorted([...pods].map(([id, { state, pid, createdAt }]) => [id, { state, pid, createdAt }] as const));

const sorted = <A>(entries: ReadonlyArray<readonly [string, A]>): ReadonlyArray<readonly [string, A]> =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
