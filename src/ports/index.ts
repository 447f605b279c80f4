/**
 * The ports: everything the library needs from the outside, one interface each. Reading and acting are apart, so that a plan cannot
 * change a node by its type.
 */
import type { CheckpointReader, CheckpointWriter } from './checkpoints.js';
import type { Clock } from './clock.js';
import type { ContainerIo } from './container-io.js';
import type { ContainerLister } from './containers.js';
import type { Daemon } from './daemon.js';
import type { DirectoryReader, DirectorySweeper } from './directories.js';
import type { ExitSubscriber } from './exits.js';
import type { Host } from './host.js';
import type { ImageMarker, ImageReader } from './images.js';
import type { Lock } from './lock.js';
import type { Log } from './log.js';
import type { TaskReader, TaskRemover } from './tasks.js';

/** Where the node's CRI state lives; part of the observation. */
export interface NodeLocation {
  readonly namespace: string;
  readonly root: string;
  readonly state: string;
}

/** What an observation reads through. */
export interface ReadPorts {
  readonly location: NodeLocation;
  readonly daemon: Daemon;
  readonly containers: ContainerLister;
  readonly tasks: TaskReader;
  readonly checkpoints: CheckpointReader;
  readonly directories: DirectoryReader;
  readonly images: ImageReader;
  readonly host: Host;
  readonly clock: Clock;
  readonly log: Log;
}

/** What actions are performed through. */
export interface WritePorts {
  readonly tasks: TaskRemover;
  readonly checkpoints: CheckpointWriter;
  readonly directories: DirectorySweeper;
  readonly images: ImageMarker;
  readonly lock: Lock;
}

/** What goes on after a recovery is done through. */
export interface StayPorts {
  readonly containerIo: ContainerIo;
  readonly exits: ExitSubscriber;
}

/** A whole node: what reads and what acts stand side by side under one name. */
export type Ports = ReadPorts & WritePorts & StayPorts;

export { isEntryName } from '../core/identity.js';
export type { CheckpointReader, CheckpointWriter } from './checkpoints.js';
export { type Clock, systemClock } from './clock.js';
export type { ContainerIo } from './container-io.js';
export type { ContainerLister } from './containers.js';
export type { Daemon } from './daemon.js';
export { baseNames, bases, type DirectoryReader, type DirectorySweeper } from './directories.js';
export type { Exit, ExitNotice, ExitSubscriber } from './exits.js';
export type { Host } from './host.js';
export type { ImageMarker, ImageReader } from './images.js';
export type { Lock } from './lock.js';
export {
  type Changed,
  type Happening,
  type Item,
  type ItemActed,
  type Log,
  type Phase,
  type Progress,
  type RunBegan,
  silentLog,
} from './log.js';
export type { PortCall } from './port-call.js';
export { type Call, errnoOf, fromErrno, type PortError, type PortName, portError } from './port-error.js';
export type { TaskReader, TaskRemover } from './tasks.js';
