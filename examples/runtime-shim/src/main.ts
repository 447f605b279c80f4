/** The shim's process: the real node, SIGTERM and SIGINT, and an exit code. */
import { describePortError, RecoveryError } from 'cri-recovery';
import { containerdPorts } from 'cri-recovery/containerd';
import { openWritableDisk } from 'cri-recovery/disk';
import { silentLog, systemClock } from 'cri-recovery/ports';
import { openContainerIo } from 'cri-recovery/stdio';
import { runShim } from './run-shim.js';

const {
  CONTAINERD_ADDRESS: address = '/run/containerd/containerd.sock',
  CONTAINERD_NAMESPACE: namespace = 'k8s.io',
  CRI_ROOT: root = '/var/lib/containerd/io.containerd.grpc.v1.cri',
  CRI_STATE: state = '/run/containerd/io.containerd.grpc.v1.cri',
  SHIM_SOCKET: socket = '/run/runtime-shim/shim.sock',
} = process.env;

const stopping = new AbortController();
// Once each: a second signal ends the process at once.
process.once('SIGTERM', () => stopping.abort());
process.once('SIGINT', () => stopping.abort());
// Nobody reads any more what it says, as when it is piped into `head`.
process.stdout.on('error', () => stopping.abort());

const location = { namespace, root, state };
const containerd = containerdPorts({ address, namespace });
const containerIo = openContainerIo({
  state,
  onTrouble: ({ id, phase, error }) => console.error(`log of ${id}: ${phase}: ${error.message}`),
});
try {
  const disk = await openWritableDisk(location)();
  if (disk._tag === 'Left') throw new Error(describePortError(disk.left));
  const ports = { location, ...containerd, ...disk.right, containerIo, clock: systemClock, log: silentLog };
  await runShim({ ports, socket, signal: stopping.signal, tell: (line) => process.stdout.write(line) });
} catch (thrown) {
  const isStopped = thrown instanceof RecoveryError && thrown.failure._tag === 'Aborted';
  if (!isStopped) {
    console.error(`runtime-shim: ${thrown instanceof Error ? thrown.message : thrown}`);
    process.exitCode = 1;
  }
} finally {
  await containerIo.close();
  containerd.close();
}
