/**
 * What a step's outcome does to a container's status: the outcome columns of the table (containerd `loadContainer`). The decision's first
 * step is settled and leaves the list; those that remain are what is still to be done.
 */

import * as E from 'fp-ts/lib/Either.js';
import type { ContainerStep, DeleteTask, Outcome } from './action.js';
import type { ContainerDecision } from './container-decision.js';
import { judgeAbsent } from './decide-container.js';
import { flagUnknown, type Known } from './evidence.js';
import { describePortError, type ItemFailure } from './failure.js';
import { type Finding, finding } from './finding.js';
import { noteUnseenExit } from './known-changes.js';
import { keepTask, planCheckpoint } from './plan-checkpoint.js';
import type { Policy } from './policy.js';

/** Settles the first step of a decision. The left is an item that containerd would have skipped. */
export const settleContainer =
  (policy: Policy, now: bigint) =>
  (decision: ContainerDecision, outcome: Outcome): E.Either<ItemFailure, ContainerDecision> => {
    const [step, ...rest] = decision.steps;
    if (step === undefined) return E.right(decision);
    const performed = [...decision.performed, { step, outcome }];
    const next: ContainerDecision = { ...decision, steps: rest, performed };
    switch (outcome._tag) {
      case 'Done':
      case 'IoCreated':
        return E.right(settleDone(next, step));
      case 'Skipped':
        return E.right(isWriting(step) ? leaveUnwritten(next, outcome.why) : next);
      case 'Absent':
        return settleAbsent(policy, now, next, step);
      case 'Failed':
        return settleFailed(policy, next, step, describePortError(outcome.error));
    }
  };

const settleDone = (next: ContainerDecision, step: ContainerStep): ContainerDecision => {
  switch (step._tag) {
    case 'AttachIo':
      return { ...next, io: 'attached' };
    case 'CreateIo':
      return { ...next, io: 'created' };
    case 'WriteCheckpoint':
      return { ...next, checkpoint: 'written' };
    case 'DeleteTask':
      return { ...next, mayBeAlive: false, monitored: false };
    case 'KeepAside':
      // What stands there from now on is ours.
      return { ...next, recalled: { ...next.recalled, writable: 'yes' } };
    case 'WatchExit':
      return next;
  }
};

/** What is to be gone and has gone already is done; what was to be used is not there to be used. */
const settleAbsent = (
  policy: Policy,
  now: bigint,
  next: ContainerDecision,
  step: ContainerStep,
): E.Either<ItemFailure, ContainerDecision> => {
  switch (step._tag) {
    case 'WatchExit':
      return E.right(settleGone(policy, now, { ...next, mayBeAlive: false }));
    case 'DeleteTask':
    case 'KeepAside':
      return E.right(settleDone(next, step));
    case 'AttachIo':
    case 'CreateIo':
    case 'WriteCheckpoint':
      return settleFailed(policy, next, step, 'there is no such place any more');
  }
};

const settleFailed = (
  policy: Policy,
  next: ContainerDecision,
  step: ContainerStep,
  why: string,
): E.Either<ItemFailure, ContainerDecision> => {
  switch (step._tag) {
    case 'AttachIo':
    case 'CreateIo': {
      const degraded = finding('io-degraded', `its output is not read: ${why}`);
      // H14: containerd gives up on the task here, before it has looked at its state.
      return E.right(
        policy.unattachableIo === 'unknown' ? giveUp(policy, next, next.recalled, degraded) : add(next, degraded),
      );
    }
    case 'WatchExit': {
      const failed = finding('wait-failed', `its exit cannot be waited for: ${why}`);
      return E.right(policy.failedWait === 'exit' ? giveUp(policy, next, next, failed) : add(next, failed));
    }
    case 'DeleteTask':
      return E.right(settleUndeleted(policy, next, step, why));
    case 'KeepAside':
    case 'WriteCheckpoint':
      // H2: containerd drops the container when the disk refuses.
      if (policy.failedCheckpointWrite === 'keep') return E.right(leaveUnwritten(next, why));
      return E.left({ kind: 'container', id: next.record.id, tag: 'CheckpointWriteFailed', message: why });
  }
};

/** The watched task has gone in the meantime: what ran has exited unseen, anything else is as if there had been no task. */
const settleGone = (policy: Policy, now: bigint, next: ContainerDecision): ContainerDecision => {
  const { recalled, status } = next;
  const hasRun = status.startedAt !== 0n && status.finishedAt === 0n;
  if (!hasRun) {
    const { findings, ...verdict } = judgeAbsent(policy, now, next.record, recalled);
    return planCheckpoint(policy, { ...next, ...verdict, findings: [...next.findings, ...findings] });
  }
  const { known, findings } = noteUnseenExit(policy, now, next);
  // containerd's flag for a lost checkpoint outlives even the exit.
  const isLost = recalled.says === 'LOST' && policy.unreadableCheckpoint === 'lose';
  const exited = { ...next, ...flagUnknown(known, isLost), monitored: false, steps: [] };
  return planCheckpoint(policy, { ...exited, findings: [...next.findings, ...findings] });
};

/** UNKNOWN with what is known; what is left is the write, and to follow what may live. */
const giveUp = (policy: Policy, next: ContainerDecision, known: Known, odd: Finding): ContainerDecision => {
  const monitored = policy.unknownContainer === 'monitor' && next.mayBeAlive;
  const isWatched = next.performed.some(({ step }) => step._tag === 'WatchExit');
  const steps: ReadonlyArray<ContainerStep> =
    monitored && !isWatched ? [{ _tag: 'WatchExit', id: next.record.id }] : [];
  return planCheckpoint(policy, add({ ...next, ...flagUnknown(known, true), monitored, steps }, odd));
};

/**
 * The task is still there. Once its exit has been stored, and where only containerd has yet to forget it, that is untidy and no more; otherwise
 * containerd forgets the exit again.
 */
const settleUndeleted = (policy: Policy, next: ContainerDecision, step: DeleteTask, why: string): ContainerDecision => {
  const undeleted = finding('task-not-deleted', `its task could not be deleted: ${why}`);
  const isExitKept = step.state === 'stopped' && policy.exitStored === 'before-delete';
  const isOver = isExitKept || step.state === 'half-deleted';
  return isOver ? add(next, undeleted) : giveUp(policy, next, next.recalled, undeleted);
};

/** The status stays in memory only, and the task of an exit with it. */
const leaveUnwritten = (next: ContainerDecision, why: string): ContainerDecision => {
  const unwritten = finding('checkpoint-not-written', `its checkpoint could not be written: ${why}`);
  const steps = next.steps.filter((step) => !isWriting(step));
  return keepTask(add({ ...next, steps, checkpoint: 'dirty' }, unwritten));
};

const isWriting = ({ _tag }: ContainerStep): boolean => _tag === 'KeepAside' || _tag === 'WriteCheckpoint';

const add = (decision: ContainerDecision, odd: Finding): ContainerDecision => ({
  ...decision,
  findings: [...decision.findings, odd],
});
