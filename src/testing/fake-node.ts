/** A whole node as one plain value: what containerd, the disk and the kernel of a make-believe machine would say. */
import type { Checkpoint } from '../core/container-status.js';
import type { ItemFailure } from '../core/failure.js';
import type { JsonObject } from '../core/json.js';
import type { ContainerRecord, SandboxRecord } from '../core/metadata.js';
import type { Base, DirectoryEntry, ImageContent, ImageRecord, Reading } from '../core/observation.js';
import type { Task, TaskStdio } from '../core/task.js';
import type { NodeLocation } from '../ports/index.js';

/** The node; each port answers from it, and the write ports change it. */
export interface FakeNode {
  /** containerd's version; none where there is no containerd to ask. */
  readonly version: string | undefined;
  /** Whether containerd's own CRI plugin is at work. */
  readonly hasActiveCri: boolean;
  readonly location: NodeLocation;
  /** The clock, in nanoseconds since 1970; it stands still unless it is changed. */
  readonly now: bigint;
  readonly sandboxes: ReadonlyArray<FakeSandbox>;
  readonly containers: ReadonlyArray<FakeContainer>;
  /** Records that are listed on the left, after the readable ones of their kind. */
  readonly unreadable: ReadonlyArray<ItemFailure>;
  /** Ids whose tasks the list of all tasks leaves out, as containerd does with a task whose state it cannot read. */
  readonly unlisted: ReadonlyArray<string>;
  readonly images: ReadonlyArray<FakeImage>;
  readonly directories: ReadonlyArray<FakeDirectory>;
  /** Base directories that do not exist. */
  readonly missingBases: ReadonlyArray<Base>;
  /** Start times in nanoseconds since 1970, by pid. */
  readonly processes: Readonly<Record<number, bigint>>;
  /** Paths at which a network namespace is mounted. */
  readonly networkNamespaces: ReadonlyArray<string>;
  /** Ids of containers beside whose checkpoint a killed write has left its temporary file. */
  readonly stale: ReadonlyArray<string>;
  /** Who has the node's lock: nobody, these ports, another living process, or one that is dead. */
  readonly lock: 'free' | 'ours' | 'theirs' | 'abandoned';
  /** What the write ports have done that shows nowhere else. */
  readonly keptAside: ReadonlyArray<{ readonly id: string; readonly file: FakeCheckpoint }>;
  readonly quarantined: ReadonlyArray<FakeDirectory & { readonly why: string }>;
  readonly attached: ReadonlyArray<{ readonly id: string; readonly logPath: string }>;
  readonly fifos: ReadonlyArray<{ readonly id: string; readonly stdio: TaskStdio }>;
}

/** A sandbox with its task. */
export interface FakeSandbox {
  readonly record: SandboxRecord;
  readonly task: Task | undefined;
  /** True where the task was deleted in its shim only: there is none, and containerd holds it until it is deleted once more. */
  readonly halfDeleted?: boolean;
  /** The CRI config that is stored with it; where a recording is all there is of a node, it has none. */
  readonly config?: JsonObject;
}

/** A container with its task and its checkpoint. */
export interface FakeContainer {
  readonly record: ContainerRecord;
  readonly task: Task | undefined;
  /** As with a sandbox. */
  readonly halfDeleted?: boolean;
  readonly config?: JsonObject;
  readonly checkpoint: FakeCheckpoint;
}

/** A checkpoint file: none, one that reads as a checkpoint, or one that does not, of a foreign version where it says so. */
export type FakeCheckpoint =
  | { readonly _tag: 'Absent' }
  | { readonly _tag: 'Sound'; readonly checkpoint: Checkpoint }
  | { readonly _tag: 'Unreadable'; readonly foreignVersion?: string };

/** An image and what there is of it. */
export interface FakeImage {
  readonly record: ImageRecord;
  readonly content: Reading<ImageContent>;
}

/** An entry of a base directory, and of which. */
export type FakeDirectory = Base & DirectoryEntry;
