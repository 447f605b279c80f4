/**
 * What a checkpoint says of its container, before the task is looked at (containerd `LoadStatus` and `unknownContainerStatus`).
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { type ContainerStatus, containerState, lostStatus } from './container-status.js';
import { type Known, knownFrom, learn } from './evidence.js';
import type { Corrupt, PortError } from './failure.js';
import { type Finding, finding } from './finding.js';
import type { JsonObject } from './json.js';
import type { ObservedContainer } from './observation.js';
import type { Policy } from './policy.js';

export interface Recalled extends Known {
  /** LOST: there is none that can be read. ZERO: there is one, without a single time in it. */
  readonly says: 'LOST' | 'ZERO' | 'CREATED' | 'RUNNING' | 'EXITED';
  readonly hasFile: boolean;
  /** What is in the file, where it could be read. */
  readonly stored: O.Option<ContainerStatus>;
  readonly rest: JsonObject;
  /** `aside`: only once the unreadable file has been moved aside. `never`: the file may be good, just not for us, or not now. */
  readonly writable: 'yes' | 'aside' | 'never';
  readonly findings: ReadonlyArray<Finding>;
}

/** Reads the container's checkpoint as the policy wants it read. */
export const recallCheckpoint = (policy: Policy, { record, checkpoint }: ObservedContainer): Recalled => {
  const rebuilds = policy.unreadableCheckpoint === 'rebuild';
  /** Nothing but the record's own time is known; who finds a task behind it knows more (H3, H4). */
  const rebuild = (): Known => learn(knownFrom('estimated', lostStatus), 'record', { createdAt: record.createdAt });
  if (E.isLeft(checkpoint)) {
    return {
      ...(rebuilds ? rebuild() : knownFrom('estimated', lostStatus)),
      says: 'LOST',
      hasFile: checkpoint.left._tag !== 'NotFound',
      stored: O.none,
      rest: {},
      writable: rebuilds ? writableAfter(checkpoint.left) : 'yes',
      findings: [unreadable(checkpoint.left)],
    };
  }
  const { status, rest } = checkpoint.right;
  const state = containerState(status);
  const read = knownFrom('checkpoint', status);
  // Field by field: spread, these objects would take more memory than all that was read of a node.
  const recalled = (known: Known, says: Recalled['says'], findings: ReadonlyArray<Finding>): Recalled => ({
    status: known.status,
    evidence: known.evidence,
    says,
    hasFile: true,
    stored: O.some(status),
    rest,
    writable: 'yes',
    findings,
  });
  if (state === 'UNKNOWN') {
    const empty = finding(
      'checkpoint-empty',
      'the checkpoint has no time in it, as a restart after an unreadable one leaves it',
    );
    return recalled(rebuilds ? rebuild() : read, 'ZERO', [empty]);
  }
  const isUndated = status.createdAt === 0n && rebuilds;
  if (!isUndated) return recalled(read, state, []);
  const dated = learn(read, 'record', { createdAt: record.createdAt });
  return recalled(isLeftOfLost(status) ? learn(dated, 'estimated', startOfLost(status)) : dated, state, []);
};

/** What containerd's plugin leaves of a running container whose checkpoint it could not read: an exit that never was, and its own start (H4). */
const isLeftOfLost = ({ finishedAt, exitCode, reason }: ContainerStatus): boolean =>
  finishedAt === 0n && exitCode === lostStatus.exitCode && reason === lostStatus.reason;

const startOfLost = ({ startedAt }: ContainerStatus) => ({ startedAt, exitCode: 0, reason: '' });

/** Only a file that was read and is no checkpoint gives way; one that could not be read now may be sound. */
const writableAfter = (error: PortError): Recalled['writable'] => {
  if (error._tag === 'NotFound') return 'yes';
  return error._tag === 'Corrupt' && !isForeign(error) ? 'aside' : 'never';
};

const unreadable = (error: PortError): Finding => {
  if (error._tag === 'NotFound') return finding('checkpoint-missing', 'there is no checkpoint');
  if (error._tag === 'Corrupt' && isForeign(error)) {
    return finding(
      'checkpoint-foreign-version',
      `the checkpoint is of version ${JSON.stringify(error.foreignVersion)}`,
    );
  }
  return finding('checkpoint-unreadable', `the checkpoint cannot be read: ${error.message}`);
};

const isForeign = (error: Corrupt): boolean => error.foreignVersion !== undefined;
