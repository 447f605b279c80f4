/**
 * What recovery goes by in the metadata that the CRI plugin stores with each containerd record, and the record itself. The CRI config within,
 * most of what is stored, is no part of it: a node's records are all in memory at once.
 */
import type { Id } from './identity.js';

/** The part of a containerd container record that sandboxes and containers share. */
export interface RecordFields {
  readonly id: Id;
  /** The CRI name, unique among its kind while all is well. Free text. */
  readonly name: string;
  /** Nanoseconds since 1970, as containerd's database has it. */
  readonly createdAt: bigint;
  /** How often the kubelet has tried this pod or container before. */
  readonly attempt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly snapshotter: string;
  readonly snapshotKey: string;
  /** Runtime, as in `io.containerd.runc.v2`. */
  readonly runtime: string;
}

/** A containerd record of kind `container` with its decoded extension `io.cri-containerd.container.metadata`. */
export interface ContainerRecord extends RecordFields {
  readonly metadata: ContainerMetadata;
}

/** A containerd record of kind `sandbox` with its decoded extension `io.cri-containerd.sandbox.metadata`. */
export interface SandboxRecord extends RecordFields {
  readonly metadata: SandboxMetadata;
}

/** From containerd's `internal/cri/store/container/metadata.go`; `tty` and `stdin` are the config's. */
export interface ContainerMetadata {
  readonly id: string;
  readonly name: string;
  readonly sandboxId: string;
  readonly imageRef: string;
  readonly logPath: string;
  readonly stopSignal: string;
  readonly tty: boolean;
  readonly stdin: boolean;
}

/** From containerd's `internal/cri/store/sandbox/metadata.go`. */
export interface SandboxMetadata {
  readonly id: string;
  readonly name: string;
  readonly netnsPath: string;
  /** True for the host's network (`namespace_options.network` = NODE). */
  readonly hostNetwork: boolean;
  readonly ip: string;
  readonly runtimeHandler: string;
}
