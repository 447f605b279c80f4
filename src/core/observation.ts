/**
 * Everything that was read of a node, as one immutable value. A reading that gave no value is an `Either` on the left: an unreadable
 * checkpoint or a hung shim is data here, not a stop.
 */
import type * as E from 'fp-ts/lib/Either.js';
import type * as O from 'fp-ts/lib/Option.js';
import type { Checkpoint } from './container-status.js';
import type { ItemFailure, PortError } from './failure.js';
import type { Kind } from './identity.js';
import type { ContainerRecord, SandboxRecord } from './metadata.js';
import type { Task } from './task.js';

/** A value read through a port, or why there is none. */
export type Reading<A> = E.Either<PortError, A>;

/** Which node was read, and where. */
export interface NodeIdentity {
  /** containerd's version, as in `1.7.24`. */
  readonly containerd: string;
  readonly namespace: string;
  /** The CRI plugin's root directory. */
  readonly root: string;
  /** The CRI plugin's state directory. */
  readonly state: string;
}

/** A whole node as it was read. */
export interface Observation {
  readonly node: NodeIdentity;
  /** When the observation began, in nanoseconds since 1970. */
  readonly takenAt: bigint;
  /** Listed records; on the left those that could not be read as a sandbox. */
  readonly sandboxes: ReadonlyArray<E.Either<ItemFailure, ObservedSandbox>>;
  /** Listed records; on the left those that could not be read as a container. */
  readonly containers: ReadonlyArray<E.Either<ItemFailure, ObservedContainer>>;
  readonly images: ReadonlyArray<ObservedImage>;
  readonly bases: ReadonlyArray<ObservedBase>;
}

/** A sandbox with everything that was read of it. */
export interface ObservedSandbox {
  readonly record: SandboxRecord;
  readonly task: Reading<Task>;
  /** Whether a network namespace is mounted at the path in the metadata; none for host network. */
  readonly netns: O.Option<Reading<boolean>>;
}

/** A container with everything that was read of it. */
export interface ObservedContainer {
  readonly record: ContainerRecord;
  readonly task: Reading<Task>;
  readonly checkpoint: Reading<Checkpoint>;
  /** When the task's process started, in nanoseconds since 1970; asked only where the checkpoint does not say. */
  readonly processStartedAt: O.Option<Reading<bigint>>;
}

/** An image as containerd's image service lists it. */
export interface ImageRecord {
  readonly name: string;
  readonly target: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the content store and the snapshotter hold of an image for this machine's platform. */
export interface ImageContent {
  /** The CRI image id: the digest of the config. */
  readonly id: string;
  readonly chainId: string;
  /** Bytes of all blobs, as the manifest states them. */
  readonly size: number;
  /** Digests that the manifest names and the content store lacks. */
  readonly missing: ReadonlyArray<string>;
  readonly unpacked: boolean;
}

/** An image with what was found of its content. */
export interface ObservedImage {
  readonly record: ImageRecord;
  readonly content: Reading<ImageContent>;
}

/** One of the four directories whose entries are named by id. */
export interface Base {
  readonly kind: Kind;
  readonly area: 'root' | 'state';
}

export interface ObservedBase extends Base {
  readonly path: string;
  /** NotFound is an answer: there is no such directory yet. */
  readonly entries: Reading<ReadonlyArray<DirectoryEntry>>;
}

/** An entry of a base directory, by its own type: a link is a link, whatever it points at. */
export interface DirectoryEntry {
  readonly name: string;
  readonly type: 'directory' | 'file' | 'link' | 'other';
  /** Mount points at or below the entry, deepest first. */
  readonly mounts: ReadonlyArray<string>;
}
