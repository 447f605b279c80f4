/**
 * Entry point `./containerd`: the ports of a real containerd, over its socket.
 */
import type {
  ContainerLister,
  Daemon,
  ExitSubscriber,
  ImageMarker,
  ImageReader,
  TaskReader,
  TaskRemover,
} from '../ports/index.js';
import { connectContainerd } from './connect.js';
import { containerLister } from './containers.js';
import { daemonOf } from './daemon.js';
import type { ContainerdEndpoint } from './endpoint.js';
import { exitSubscriber } from './exits.js';
import { imageMarker } from './image-marker.js';
import { imageReader } from './images.js';
import { taskRemover } from './task-remover.js';
import { taskReader } from './tasks.js';

export type { ContainerdEndpoint } from './endpoint.js';

export interface ContainerdOptions extends ContainerdEndpoint {
  /** The snapshotter that the CRI plugin is configured with; containerd's default is `overlayfs`. */
  readonly snapshotter?: string;
}

/** The ports that containerd answers, over one connection. */
export interface ContainerdPorts {
  readonly daemon: Daemon;
  readonly containers: ContainerLister;
  readonly tasks: TaskReader & TaskRemover;
  readonly images: ImageReader & ImageMarker;
  readonly exits: ExitSubscriber;
  /** Ends the connection: calls under way and later ones answer `Unavailable`, and subscriptions break with it. */
  readonly close: () => void;
}

/**
 * The ports of the containerd at `address`. Nothing is connected before the first call.
 *
 * @example
 * const { daemon, close } = containerdPorts({ address: '/run/containerd/containerd.sock', namespace: 'k8s.io' });
 * const version = await daemon.version()(AbortSignal.timeout(2_000))();
 * close();
 */
export const containerdPorts = ({ snapshotter = 'overlayfs', ...endpoint }: ContainerdOptions): ContainerdPorts => {
  const connection = connectContainerd(endpoint);
  return {
    daemon: daemonOf(connection),
    containers: containerLister(connection),
    tasks: { ...taskReader(connection), ...taskRemover(connection) },
    images: { ...imageReader(connection, snapshotter), ...imageMarker(connection) },
    exits: exitSubscriber(connection),
    close: connection.close,
  };
};
