/** The configuration files of a test node: containerd's own, and the pod network's. */
import type { Network } from './network.js';

/** The name the test image is imported under; pods use it as their sandbox image, containers as their image. */
export const imageName = 'cri-recovery.test/busybox:1';

export interface Paths {
  /** The folder everything of the node lies below. */
  readonly directory: string;
  readonly socket: string;
  readonly root: string;
  readonly state: string;
  readonly cni: string;
}

const criPlugins = ['io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.runtime', 'io.containerd.cri.v1.images'];

// Plugins that would write outside the node's folder, or only cost time at start.
const unwanted = [
  'io.containerd.snapshotter.v1.aufs',
  'io.containerd.snapshotter.v1.btrfs',
  'io.containerd.snapshotter.v1.devmapper',
  'io.containerd.snapshotter.v1.zfs',
  'io.containerd.internal.v1.tracing',
  'io.containerd.tracing.processor.v1.otlp',
];

/** containerd's configuration, in the version that all three releases read. */
export const containerdConfig = (paths: Paths, cri: boolean): string => `version = 2
root = "${paths.root}"
state = "${paths.state}"
disabled_plugins = ${JSON.stringify(cri ? unwanted : [...unwanted, ...criPlugins])}

[grpc]
address = "${paths.socket}"

[ttrpc]
address = "${paths.socket}.ttrpc"

[plugins."io.containerd.internal.v1.opt"]
path = "${paths.directory}/opt"

[plugins."io.containerd.nri.v1.nri"]
disable = true

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${imageName}"
disable_apparmor = true
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
stream_server_address = "127.0.0.1"
stream_server_port = "0"

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "${paths.cni}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
Root = "${paths.directory}/runc"
`;

/** A bridge without a way out: pods get an address and reach each other, the machine's own routes stay as they are. */
export const networkConfig = (paths: Paths, network: Network): string =>
  JSON.stringify({
    cniVersion: '0.4.0',
    name: network.name,
    plugins: [
      {
        type: 'bridge',
        bridge: network.bridge,
        ipam: { type: 'host-local', dataDir: `${paths.directory}/ipam`, ranges: [[{ subnet: network.subnet }]] },
      },
    ],
  });
