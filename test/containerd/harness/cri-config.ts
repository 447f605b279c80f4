/** What a test says about a pod or a container, and the CRI configuration it stands for. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ContainerConfigSchema, PodSandboxConfigSchema } from '../proto/gen/cri_pb.js';

export interface PodSpec {
  readonly name: string;
  readonly uid?: string;
  readonly namespace?: string;
  readonly attempt?: number;
  readonly hostNetwork?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ContainerSpec {
  readonly name: string;
  readonly attempt?: number;
  /** Sleeps for ever when not given. */
  readonly command?: ReadonlyArray<string>;
  readonly tty?: boolean;
  readonly stdin?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** The kernel kills whoever wants more; no limit when not given. */
  readonly memoryLimitBytes?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

// NamespaceMode: every container has its own process namespace, as under a kubelet with default settings.
const [POD, CONTAINER, NODE] = [0, 1, 2];

export const podConfig = (
  pod: PodSpec,
  place: { readonly logDirectory: string; readonly cgroupParent: string },
): MessageInitShape<typeof PodSandboxConfigSchema> => {
  const { name, uid = `${pod.name}-uid`, namespace = 'default', attempt = 0, hostNetwork = false } = pod;
  return {
    metadata: { name, uid, namespace, attempt },
    hostname: hostNetwork ? '' : name,
    logDirectory: `${place.logDirectory}/${namespace}_${name}_${uid}`,
    labels: { ...pod.labels },
    annotations: { ...pod.annotations },
    linux: {
      cgroupParent: place.cgroupParent,
      securityContext: { namespaceOptions: { network: hostNetwork ? NODE : POD, pid: CONTAINER, ipc: POD } },
    },
  };
};

export const containerConfig = (
  container: ContainerSpec,
  image: string,
): MessageInitShape<typeof ContainerConfigSchema> => {
  const {
    name,
    attempt = 0,
    command = ['sleep', '2147483647'],
    tty = false,
    stdin = false,
    memoryLimitBytes,
  } = container;
  return {
    metadata: { name, attempt },
    image: { image },
    command: [...command],
    envs: Object.entries(container.env ?? {}).map(([key, value]) => ({ key, value })),
    logPath: `${name}/${attempt}.log`,
    labels: { ...container.labels },
    annotations: { ...container.annotations },
    tty,
    stdin,
    linux: {
      ...(memoryLimitBytes !== undefined && { resources: { memoryLimitInBytes: BigInt(memoryLimitBytes) } }),
      securityContext: { namespaceOptions: { pid: CONTAINER } },
    },
  };
};
