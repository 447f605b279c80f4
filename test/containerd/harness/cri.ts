/** The CRI as a kubelet would use it: makes pods and containers, and says what containerd takes them for. */
import { createClient, type Transport } from '@connectrpc/connect';
import { ImageService, type PodSandboxMetadata, RuntimeService } from '../proto/gen/cri_pb.js';
import { imageName } from './config.js';
import { type ContainerSpec, containerConfig, type PodSpec, podConfig } from './cri-config.js';

export type ContainerState = 'CREATED' | 'RUNNING' | 'EXITED' | 'UNKNOWN';
export type PodState = 'READY' | 'NOTREADY';

export interface PodSummary {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly attempt: number;
  readonly state: PodState;
  readonly createdAt: bigint;
}

export interface PodStatus extends PodSummary {
  readonly pid: number;
  /** Empty for a pod on the host's network. */
  readonly ip: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ContainerSummary {
  readonly id: string;
  readonly sandboxId: string;
  readonly name: string;
  readonly attempt: number;
  readonly state: ContainerState;
  readonly createdAt: bigint;
}

export interface ContainerStatus {
  readonly id: string;
  readonly name: string;
  readonly attempt: number;
  readonly state: ContainerState;
  /** Nanoseconds; 0 where it has not happened. */
  readonly createdAt: bigint;
  readonly startedAt: bigint;
  readonly finishedAt: bigint;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly pid: number;
  readonly imageRef: string;
  readonly logPath: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const containerStates: ReadonlyArray<ContainerState> = ['CREATED', 'RUNNING', 'EXITED', 'UNKNOWN'];
const podStates: ReadonlyArray<PodState> = ['READY', 'NOTREADY'];

const named = <A>(states: ReadonlyArray<A>, number: number): A => {
  const state = states[number];
  if (state === undefined) throw new Error(`the CRI has no state ${number}`);
  return state;
};

const pidIn = (info: Readonly<Record<string, string>>): number => {
  const details: unknown = JSON.parse(info.info ?? '{}');
  const pid = typeof details === 'object' && details !== null && 'pid' in details ? details.pid : 0;
  return typeof pid === 'number' ? pid : 0;
};

const podNames = (metadata: PodSandboxMetadata | undefined) => ({
  name: metadata?.name ?? '',
  namespace: metadata?.namespace ?? '',
  uid: metadata?.uid ?? '',
  attempt: metadata?.attempt ?? 0,
});

const present = <A>(value: A | undefined, what: string): A => {
  if (value === undefined) throw new Error(`${what}: empty answer`);
  return value;
};

export type Cri = ReturnType<typeof criClient>;

/** The CRI behind a connection. Logs go below `logDirectory`, control groups below `cgroupParent`. */
export const criClient = (
  transport: Transport,
  place: { readonly logDirectory: string; readonly cgroupParent: string },
) => {
  const runtime = createClient(RuntimeService, transport);
  const imageService = createClient(ImageService, transport);
  const pods = new Map<string, PodSpec>();

  return {
    /** Resolves with the sandbox's id once the pod is ready. */
    runPod: async (pod: PodSpec): Promise<string> => {
      const { podSandboxId } = await runtime.runPodSandbox({ config: podConfig(pod, place) });
      pods.set(podSandboxId, pod);
      return podSandboxId;
    },
    stopPod: async (podSandboxId: string): Promise<void> => {
      await runtime.stopPodSandbox({ podSandboxId });
    },
    removePod: async (podSandboxId: string): Promise<void> => {
      await runtime.removePodSandbox({ podSandboxId });
    },
    /** Resolves with the container's id. The pod has to be one that this client ran. */
    createContainer: async (podSandboxId: string, container: ContainerSpec): Promise<string> => {
      const pod = present(pods.get(podSandboxId), `pod ${podSandboxId}`);
      const config = containerConfig(container, imageName);
      const created = await runtime.createContainer({ podSandboxId, config, sandboxConfig: podConfig(pod, place) });
      return created.containerId;
    },
    startContainer: async (containerId: string): Promise<void> => {
      await runtime.startContainer({ containerId });
    },
    /** With no grace, which is the default, the container is killed at once. */
    stopContainer: async (containerId: string, graceSeconds = 0): Promise<void> => {
      await runtime.stopContainer({ containerId, timeout: BigInt(graceSeconds) });
    },
    removeContainer: async (containerId: string): Promise<void> => {
      await runtime.removeContainer({ containerId });
    },
    listPods: async (): Promise<ReadonlyArray<PodSummary>> =>
      (await runtime.listPodSandbox({})).items.map((pod) => ({
        id: pod.id,
        ...podNames(pod.metadata),
        state: named(podStates, pod.state),
        createdAt: pod.createdAt,
      })),
    listContainers: async (): Promise<ReadonlyArray<ContainerSummary>> =>
      (await runtime.listContainers({})).containers.map((container) => ({
        id: container.id,
        sandboxId: container.podSandboxId,
        name: container.metadata?.name ?? '',
        attempt: container.metadata?.attempt ?? 0,
        state: named(containerStates, container.state),
        createdAt: container.createdAt,
      })),
    podStatus: async (podSandboxId: string): Promise<PodStatus> => {
      const answer = await runtime.podSandboxStatus({ podSandboxId, verbose: true });
      const { id, metadata, state, createdAt, network, labels, annotations } = present(answer.status, podSandboxId);
      return {
        id,
        ...podNames(metadata),
        state: named(podStates, state),
        createdAt,
        pid: pidIn(answer.info),
        ip: network?.ip ?? '',
        labels,
        annotations,
      };
    },
    containerStatus: async (containerId: string): Promise<ContainerStatus> => {
      const answer = await runtime.containerStatus({ containerId, verbose: true });
      const status = present(answer.status, containerId);
      const { id, createdAt, startedAt, finishedAt, exitCode, reason, message, imageRef, logPath } = status;
      return {
        id,
        name: status.metadata?.name ?? '',
        attempt: status.metadata?.attempt ?? 0,
        state: named(containerStates, status.state),
        createdAt,
        startedAt,
        finishedAt,
        exitCode,
        reason,
        message,
        pid: pidIn(answer.info),
        imageRef,
        logPath,
        labels: status.labels,
        annotations: status.annotations,
      };
    },
    listImages: async () =>
      (await imageService.listImages({})).images.map(({ id, repoTags, repoDigests, size, pinned }) => ({
        id,
        repoTags,
        repoDigests,
        size,
        pinned,
      })),
  };
};
