/** Where a containerd is. Apart from the connection, so that the entry point's types need none of the gRPC client's. */

/** Which containerd, and what of it. */
export interface ContainerdEndpoint {
  /** Path of the unix socket, as in `/run/containerd/containerd.sock`. */
  readonly address: string;
  /** containerd's namespace, `k8s.io` for what the CRI plugin made. */
  readonly namespace: string;
}
