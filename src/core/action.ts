/**
 * The steps a decision consists of, and what can come of each. Actions change the node; attachments only take part in it and leave with
 * the process.
 */
import type { Checkpoint } from './container-status.js';
import type { PortError } from './failure.js';
import type { Id } from './identity.js';
import type { Base, ImageRecord } from './observation.js';
import type { TaskStdio } from './task.js';

/** Delete a task, killed before only where it was seen paused or unanswering. `NotFound` is as good as done. */
export interface DeleteTask {
  readonly _tag: 'DeleteTask';
  readonly id: Id;
  /** The state the task was seen in; `half-deleted` where only containerd has yet to forget it. */
  readonly state: 'created' | 'stopped' | 'paused' | 'unanswering' | 'half-deleted';
}
/** Move an unreadable checkpoint aside, in its own directory. */
export interface KeepAside {
  readonly _tag: 'KeepAside';
  readonly id: Id;
}
/** Replace the checkpoint. */
export interface WriteCheckpoint {
  readonly _tag: 'WriteCheckpoint';
  readonly id: Id;
  readonly checkpoint: Checkpoint;
}
/** Label an image as managed by CRI and refer to it by its id too. */
export interface AdoptImage {
  readonly _tag: 'AdoptImage';
  readonly image: ImageRecord;
  readonly id: string;
}
/** Unmount what is below a directory and delete it. */
export interface RemoveDirectory {
  readonly _tag: 'RemoveDirectory';
  readonly base: Base;
  readonly name: string;
}
/** Unmount what is below a directory and move it out of the way, with a manifest. */
export interface QuarantineDirectory {
  readonly _tag: 'QuarantineDirectory';
  readonly base: Base;
  readonly name: string;
}

/** Go on pumping the output of a task into the CRI log. */
export interface AttachIo {
  readonly _tag: 'AttachIo';
  readonly id: Id;
  readonly stdio: TaskStdio;
  /** Where the log is; empty where nobody wants one. */
  readonly logPath: string;
}
/** Make a new FIFO set for a container yet to be started. */
export interface CreateIo {
  readonly _tag: 'CreateIo';
  readonly id: Id;
  readonly streams: { readonly tty: boolean; readonly stdin: boolean };
}
/** Wait for the task's exit. `NotFound` means it has gone already. */
export interface WatchExit {
  readonly _tag: 'WatchExit';
  readonly id: Id;
}

/** What takes part in the node for as long as somebody stays. */
export type Attachment = AttachIo | CreateIo | WatchExit;
/** What may have to be done about a container. */
export type ContainerStep = Attachment | DeleteTask | KeepAside | WriteCheckpoint;
/** What may have to be done about a sandbox. */
export type SandboxStep = WatchExit | DeleteTask;
/** What may have to be done about a directory that belongs to nobody. */
export type DirectoryAction = RemoveDirectory | QuarantineDirectory;

/** What changes the node. */
export type Action = DeleteTask | KeepAside | WriteCheckpoint | AdoptImage | DirectoryAction;
/** Anything a decision may ask for. */
export type Step = ContainerStep | SandboxStep | AdoptImage | DirectoryAction;

/** What came of a step. `Skipped`: not tried, because nobody asked for it or it would have been wrong by then. */
export type Outcome =
  | { readonly _tag: 'Done' }
  /** A new FIFO set has been made. */
  | { readonly _tag: 'IoCreated'; readonly stdio: TaskStdio }
  | { readonly _tag: 'Absent' }
  | { readonly _tag: 'Failed'; readonly error: PortError }
  | { readonly _tag: 'Skipped'; readonly why: string };

/** A step with what came of it. */
export interface Performed<S extends Step = Step> {
  readonly step: S;
  readonly outcome: Outcome;
}

/** True for what changes the node, false for an attachment. */
export const isAction = (step: Step): step is Action => {
  switch (step._tag) {
    case 'AttachIo':
    case 'CreateIo':
    case 'WatchExit':
      return false;
    case 'DeleteTask':
    case 'KeepAside':
    case 'WriteCheckpoint':
    case 'AdoptImage':
    case 'RemoveDirectory':
    case 'QuarantineDirectory':
      return true;
  }
};
