/**
 * What can go wrong, at three levels: a call to the outside (`PortError`), one item (`ItemFailure`), the recovery as a whole
 * (`RecoveryFailure`). All are data; nothing in the core throws.
 */
import type { Kind } from './identity.js';

/** The ports by name, as they stand in errors and logs. */
export type PortName =
  | 'daemon'
  | 'containers'
  | 'tasks'
  | 'checkpoints'
  | 'directories'
  | 'images'
  | 'host'
  | 'exits'
  | 'container-io'
  | 'lock';

interface PortErrorFields {
  readonly port: PortName;
  /** The call that failed, as in `get`. */
  readonly operation: string;
  /** What it was called for: an id, a path, a digest, or empty for a whole list. */
  readonly subject: string;
  /** One line for a person, without the fields above. */
  readonly message: string;
  /** What was thrown underneath; never part of a recording or report. */
  readonly cause?: unknown;
}

/** There is no such thing. For a task this is an answer, not a fault. */
export interface NotFound extends PortErrorFields {
  readonly _tag: 'NotFound';
  /** True for a task whose shim has no container for it, although containerd holds it yet: none can be made in its place until it is deleted. */
  readonly halfDeleted?: boolean;
}
/** Not allowed to (EACCES, EPERM, gRPC 7 and 16). */
export interface Denied extends PortErrorFields {
  readonly _tag: 'Denied';
}
/** Nobody there to ask: no socket, connection refused or lost (gRPC 14). */
export interface Unavailable extends PortErrorFields {
  readonly _tag: 'Unavailable';
}
/** No answer before the deadline, or the caller gave up waiting. */
export interface TimedOut extends PortErrorFields {
  readonly _tag: 'TimedOut';
}
/** There is something, but it cannot be read as what it should be. */
export interface Corrupt extends PortErrorFields {
  readonly _tag: 'Corrupt';
  /** The version the data claims, where it is sound but of a version this library does not know. */
  readonly foreignVersion?: string;
}
/** The disk is full or read-only (ENOSPC, EDQUOT, EROFS). */
export interface NoSpace extends PortErrorFields {
  readonly _tag: 'NoSpace';
}
/** Anything else. */
export interface Unexpected extends PortErrorFields {
  readonly _tag: 'Unexpected';
}

/** Why a call through a port gave no value. */
export type PortError = NotFound | Denied | Unavailable | TimedOut | Corrupt | NoSpace | Unexpected;

/** Why one item could not be loaded; it is in `failures` and in no other list. */
export interface ItemFailure {
  readonly kind: Kind | 'image' | 'directory';
  /** The id, image name or path as it was found, however odd. */
  readonly id: string;
  readonly tag:
    | 'UnsafeId'
    | 'MetadataMissing'
    | 'MetadataUnreadable'
    | 'DuplicateId'
    | 'CheckpointWriteFailed'
    | 'ImageUnreadable'
    | 'DirectoryUnreadable';
  readonly message: string;
}

/** A call that everything else needs gave no answer: version, a listing, a base directory. */
export interface NodeUnreadable {
  readonly _tag: 'NodeUnreadable';
  readonly error: PortError;
}
/** Two ids hold one name, and the policy is to abort (containerd: "name is reserved"). */
export interface NameTaken {
  readonly _tag: 'NameTaken';
  readonly kind: Kind;
  readonly name: string;
  /** The ids that hold it, sorted. */
  readonly ids: ReadonlyArray<string>;
}
/** One id was listed twice, and the policy is to abort (containerd: the store's "already exists"). */
export interface IdTaken {
  readonly _tag: 'IdTaken';
  readonly kind: Kind;
  readonly id: string;
}

/** The caller's signal fired. */
export interface Aborted {
  readonly _tag: 'Aborted';
}

/** containerd's own CRI plugin is at work on the node and would act against us. */
export interface CriActive {
  readonly _tag: 'CriActive';
}
/** Another process acts on the node, or it cannot be told. */
export interface NodeLocked {
  readonly _tag: 'NodeLocked';
  readonly error: PortError;
}

/** Why there is no recovery at all. */
export type RecoveryFailure = NodeUnreadable | NameTaken | IdTaken | Aborted | CriActive | NodeLocked;

/** A port error as one line: what, for what, why. */
export const describePortError = (error: PortError): string => {
  const subject = error.subject === '' ? '' : ` ${error.subject}`;
  return `${error.port} ${error.operation}${subject}: ${error.message}`;
};

/** A recovery failure as one line that names everything involved. */
export const describeRecoveryFailure = (failure: RecoveryFailure): string => {
  switch (failure._tag) {
    case 'NodeUnreadable':
      return describePortError(failure.error);
    case 'NameTaken':
      return `the ${failure.kind} name ${JSON.stringify(failure.name)} is held by ${failure.ids.join(' and ')}`;
    case 'IdTaken':
      return `the ${failure.kind} id ${JSON.stringify(failure.id)} was listed twice`;
    case 'Aborted':
      return 'the caller gave up waiting';
    case 'CriActive':
      return "containerd's own CRI plugin is at work on this node";
    case 'NodeLocked':
      return failure.error.message;
  }
};
