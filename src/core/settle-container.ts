/**
 * What a step's outcome does to a container's status: the outcome columns of the table (containerd `loadContainer`). The decision's first
 * step is settled and leaves the list; those that remain are what is still to be done.
 */

import * as E from 'fp-ts/lib/Either.js';
import type { ContainerStep, DeleteTask, Outcome } from './action.js';
import type { ContainerDecision } from './container-decision.js';
import { judgeAbsent } from './decide-container.js';
import { flagUnknown } from './evidence.js';
import { describePortError, type ItemFailure, type PortError } from './failure.js';
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
        return E.right(step._tag === 'WriteCheckpoint' ? { ...next, checkpoint: 'written' } : next);
      case 'Skipped':
        return E.right(next);
      case 'Absent':
        return E.right(step._tag === 'WatchExit' ? settleGone(policy, now, next) : next);
      case 'Failed':
        return settleFailed(policy, next, step, outcome.error);
    }
  };

const settleFailed = (
  policy: Policy,
  next: ContainerDecision,
  step: ContainerStep,
  error: PortError,
): E.Either<ItemFailure, ContainerDecision> => {
  const why = describePortError(error);
  switch (step._tag) {
    case 'AttachIo':
    case 'CreateIo': {
      const degraded = finding('io-degraded', `its output is not read: ${why}`);
      // H14: containerd gives up on the task here, before it has looked at its state.
      return E.right(policy.unattachableIo === 'unknown' ? giveUp(policy, next, degraded) : add(next, degraded));
    }
    case 'WatchExit': {
      const failed = finding('wait-failed', `its exit cannot be waited for: ${why}`);
      return E.right(policy.failedWait === 'exit' ? giveUp(policy, next, failed) : add(next, failed));
    }
    case 'DeleteTask':
      return E.right(settleUndeleted(policy, next, step, why));
    case 'KeepAside':
    case 'WriteCheckpoint':
      return settleUnwritten(policy, next, why);
  }
};

/** The watched task has gone in the meantime: what ran has exited unseen, anything else is as if there had been no task. */
const settleGone = (policy: Policy, now: bigint, next: ContainerDecision): ContainerDecision => {
  const { recalled, status } = next;
  const hasRun = status.startedAt !== 0n && status.finishedAt === 0n;
  if (!hasRun) {
    const { findings, ...verdict } = judgeAbsent(policy, now, next.record.id, recalled);
    return planCheckpoint(policy, { ...next, ...verdict, findings: [...next.findings, ...findings] });
  }
  const { known, findings } = noteUnseenExit(policy, now, next);
  // containerd's flag for a lost checkpoint outlives even the exit.
  const isLost = recalled.says === 'LOST' && policy.unreadableCheckpoint === 'lose';
  const exited = { ...next, ...flagUnknown(known, isLost), monitored: false, steps: [] };
  return planCheckpoint(policy, { ...exited, findings: [...next.findings, ...findings] });
};

/** UNKNOWN with the values of the checkpoint, whatever was made of them since; what is left is the write, and to follow what may live. */
const giveUp = (policy: Policy, next: ContainerDecision, odd: Finding): ContainerDecision => {
  const monitored = policy.unknownContainer === 'monitor' && next.mayBeAlive;
  const steps = monitored ? next.steps.filter(({ _tag }) => _tag === 'WatchExit') : [];
  return planCheckpoint(policy, add({ ...next, ...flagUnknown(next.recalled, true), monitored, steps }, odd));
};

/** The task is still there. Once its exit has been stored that is only untidy; before, containerd forgets the exit again. */
const settleUndeleted = (policy: Policy, next: ContainerDecision, step: DeleteTask, why: string): ContainerDecision => {
  const undeleted = finding('task-not-deleted', `its task could not be deleted: ${why}`);
  const isExitKept = step.state === 'stopped' && policy.exitStored === 'before-delete';
  return isExitKept ? add(next, undeleted) : giveUp(policy, next, undeleted);
};

/** The disk refuses: containerd drops the item (H2); kept, it stays dirty in memory, and its task stays where it is. */
const settleUnwritten = (
  policy: Policy,
  next: ContainerDecision,
  why: string,
): E.Either<ItemFailure, ContainerDecision> => {
  if (policy.failedCheckpointWrite === 'skip') {
    return E.left({ kind: 'container', id: next.record.id, tag: 'CheckpointWriteFailed', message: why });
  }
  const unwritten = finding('checkpoint-not-written', `its checkpoint could not be written: ${why}`);
  const steps = next.steps.filter(({ _tag }) => _tag !== 'WriteCheckpoint');
  return E.right(keepTask(add({ ...next, steps, checkpoint: 'dirty' }, unwritten)));
};

const add = (decision: ContainerDecision, odd: Finding): ContainerDecision => ({
  ...decision,
  findings: [...decision.findings, odd],
});
