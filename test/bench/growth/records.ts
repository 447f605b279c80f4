/** Records as the CRI plugin keeps them for a pod and for a container of some size, encoded as containerd sends them. */
import { create, toBinary } from '@bufbuild/protobuf';
import { AnySchema, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type Container, ContainerMessageSchema, ContainerSchema } from '../../containerd/proto/gen/containers_pb.js';
import type { Split } from './messages.js';

/** Of a container's record: about how many bytes of metadata and of OCI spec. */
const sizes: Readonly<Record<Split, { readonly metadata: number; readonly spec: number }>> = {
  spread: { metadata: 6_000, spec: 3_500 },
  metadata: { metadata: 9_500, spec: 0 },
};

export interface Encoded {
  readonly message: Uint8Array;
  readonly metadata: number;
  readonly spec: number;
  readonly labels: number;
}

export const encodeContainer = (id: string, podId: string, split: Split): Encoded => {
  const { metadata, spec } = sizes[split];
  return encode(id, 'container', containerMetadata(id, podId, metadata), spec === 0 ? '' : ociSpec(id, spec));
};

export const encodePod = (id: string): Encoded => encode(id, 'sandbox', podMetadata(id), ociSpec(id, 2_000));

const encode = (id: string, kind: 'container' | 'sandbox', metadata: string, spec: string): Encoded => {
  const labels = { 'io.cri-containerd.kind': kind, ...podLabels };
  const container: Container = create(ContainerSchema, {
    id,
    labels,
    image: 'registry.example/shop/checkout:2024.5.1',
    runtime: { name: 'io.containerd.runc.v2' },
    spec: any('types.containerd.io/opencontainers/runtime-spec/1/Spec', spec),
    snapshotter: 'overlayfs',
    snapshotKey: id,
    createdAt: timestampFromDate(new Date('2024-05-01T08:00:00Z')),
    updatedAt: timestampFromDate(new Date('2024-05-01T08:00:00Z')),
    extensions: {
      [`io.cri-containerd.${kind}.metadata`]: any(`github.com/containerd/cri/pkg/store/${kind}/Metadata`, metadata),
    },
  });
  return {
    // A listed record is one message with the record as its only field, which is what this message is too.
    message: toBinary(ContainerMessageSchema, create(ContainerMessageSchema, { container })),
    metadata: metadata.length,
    spec: spec.length,
    labels: Object.entries(labels).flat().join('').length,
  };
};

const any = (typeUrl: string, text: string) => create(AnySchema, { typeUrl, value: Buffer.from(text) });

const podLabels = {
  'io.kubernetes.container.name': 'checkout',
  'io.kubernetes.pod.name': 'checkout-6d4cf56db6-8xk2p',
  'io.kubernetes.pod.namespace': 'shop-production',
  'io.kubernetes.pod.uid': '0f3d1b52-7c33-4a4e-9a5e-3f7f5b0f8b1c',
  'app.kubernetes.io/managed-by': 'deploy-pipeline',
  'app.kubernetes.io/part-of': 'shop',
  'app.kubernetes.io/version': '2024.5.1',
};

const containerMetadata = (id: string, podId: string, size: number): string => {
  const withPadding = (variables: number): string =>
    JSON.stringify({
      Version: 'v1',
      Metadata: {
        ID: id,
        Name: `checkout_${id}_shop-production_0f3d1b52-7c33-4a4e-9a5e-3f7f5b0f8b1c_0`,
        SandboxID: podId,
        Config: containerConfig(variables),
        ImageRef: `sha256:${'a'.repeat(64)}`,
        LogPath: `/var/log/pods/shop-production_checkout_0f3d1b52/checkout/0.log`,
        StopSignal: 'SIGTERM',
        ProcessLabel: '',
      },
    });
  return grownTo(size, withPadding);
};

const podMetadata = (id: string): string =>
  JSON.stringify({
    Version: 'v1',
    Metadata: {
      ID: id,
      Name: `checkout-${id}_shop-production_0f3d1b52-7c33-4a4e-9a5e-3f7f5b0f8b1c_0`,
      Config: {
        metadata: { name: `checkout-${id}`, uid: '0f3d1b52-7c33-4a4e-9a5e-3f7f5b0f8b1c', namespace: 'shop-production' },
        hostname: 'checkout',
        log_directory: '/var/log/pods/shop-production_checkout_0f3d1b52',
        labels: podLabels,
        annotations: annotations(8),
        linux: {
          cgroup_parent: '/kubepods/burstable/pod0f3d1b52',
          security_context: { namespace_options: { network: 2 } },
        },
      },
      NetNSPath: '',
      IP: '',
      RuntimeHandler: '',
      CNIResult: null,
    },
  });

const containerConfig = (variables: number) => ({
  metadata: { name: 'checkout' },
  image: { image: `sha256:${'a'.repeat(64)}` },
  command: ['/app/checkout', '--listen=:8080', '--config=/etc/checkout/config.yaml'],
  envs: environment(variables),
  mounts: ['config', 'secrets', 'tokens', 'cache', 'hosts', 'termination-log'].map((name) => ({
    container_path: `/var/run/shop/${name}`,
    host_path: `/var/lib/kubelet/pods/0f3d1b52-7c33-4a4e-9a5e-3f7f5b0f8b1c/volumes/kubernetes.io~projected/${name}`,
    readonly: name !== 'cache',
  })),
  labels: podLabels,
  annotations: annotations(8),
  log_path: 'checkout/0.log',
  linux: { resources: { cpu_period: 100_000, cpu_quota: 50_000, memory_limit_in_bytes: 536_870_912 } },
});

const ociSpec = (id: string, size: number): string =>
  grownTo(size, (variables) =>
    JSON.stringify({
      ociVersion: '1.1.0',
      process: {
        args: ['/app/checkout'],
        env: environment(variables).map(({ key, value }) => `${key}=${value}`),
        cwd: '/',
      },
      root: { path: 'rootfs' },
      linux: {
        cgroupsPath: `/kubepods/burstable/pod0f3d1b52/${id}`,
        maskedPaths: ['/proc/acpi', '/proc/kcore', '/proc/keys'],
      },
    }),
  );

const environment = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    key: `CHECKOUT_SERVICE_${index}_HOST`,
    value: `backend-${index}.shop-production.svc.cluster.local:8443`,
  }));

const annotations = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `checkout.shop.example/setting-${index}`,
      `value ${index} of a setting`,
    ]),
  );

/** The shortest text of at least this length that so many environment variables make. */
const grownTo = (size: number, make: (variables: number) => string): string => {
  let variables = 0;
  while (make(variables).length < size) variables += 1;
  return make(variables);
};
