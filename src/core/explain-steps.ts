/**
 * A reason for every step of a decision, and for what becomes of a checkpoint.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { AttachIo, ContainerStep, DeleteTask, SandboxStep } from './action.js';
import type { ContainerDecision } from './container-decision.js';
import type { ContainerStatus } from './container-status.js';
import type { SandboxDecision } from './decide-sandbox.js';
import type { ExplainedStep } from './explanation.js';
import { isRebuilt } from './known-changes.js';
import type { Policy } from './policy.js';

/** The steps of a container's decision, each with its reason. */
export const explainContainerSteps = (policy: Policy, decision: ContainerDecision): ReadonlyArray<ExplainedStep> =>
  decision.steps.map((step) => explainStep(policy, decision, step));

const explainStep = (policy: Policy, decision: ContainerDecision, step: ContainerStep): ExplainedStep => {
  switch (step._tag) {
    case 'AttachIo':
      return { step: 'attach-io', why: attachReason(step, decision.mayBeAlive) };
    case 'CreateIo':
      return { step: 'create-io', why: 'it is yet to be started, and its start finds its pipes there' };
    case 'WatchExit':
      return { step: 'watch-exit', why: watchReason(decision.status.unknown) };
    case 'DeleteTask':
      return { step: 'delete-task', why: deleteReason(policy, step) };
    case 'KeepAside':
      return {
        step: 'keep-aside',
        why: 'what stands in its place is no checkpoint, and is kept for whoever wants to see it',
      };
    case 'WriteCheckpoint':
      return { step: 'write-checkpoint', why: checkpointReason(policy, decision) };
  }
};

/** The steps of a sandbox's decision, each with its reason. */
export const explainSandboxSteps = (policy: Policy, { steps, status }: SandboxDecision): ReadonlyArray<ExplainedStep> =>
  steps.map((step: SandboxStep) =>
    step._tag === 'WatchExit'
      ? { step: 'watch-exit', why: watchReason(status.state === 'UNKNOWN') }
      : { step: 'delete-task', why: deleteReason(policy, step) },
  );

const attachReason = ({ logPath }: AttachIo, isAlive: boolean): string => {
  const what = isAlive ? 'what it writes' : 'what it wrote to the last';
  return logPath === '' ? `${what} is read, so that it does not wait in its pipes` : `${what} belongs in its log`;
};

const watchReason = (isUnknown: boolean): string =>
  isUnknown
    ? 'its task may be alive: when that ends, it is known what became of it'
    : 'its task is alive: somebody has to see it end';

const deleteReason = (policy: Policy, { state }: DeleteTask): string => {
  switch (state) {
    case 'created':
      return 'it was never started, and is in the way of the next start';
    case 'stopped':
      return policy.exitStored === 'before-delete'
        ? 'it has ended, and its exit is stored by then'
        : 'it has ended; its exit is stored after that, and lost if the recovery dies in between';
    case 'paused':
      return 'it is paused, which this policy takes for broken: it is killed';
    case 'unanswering':
      return 'its shim does not answer, which this policy takes for broken: it is killed';
    case 'half-deleted':
      return 'its shim has none any more, and no new one can be made while containerd holds it';
  }
};

/** Why the checkpoint is written, or left as it is. */
export const checkpointReason = (policy: Policy, { recalled, status, checkpoint }: ContainerDecision): string => {
  const differing = O.isSome(recalled.stored) ? differingFields(recalled.stored.value, status) : [];
  const isStored = O.isSome(recalled.stored) && differing.length === 0;
  if (checkpoint === 'planned') {
    if (isStored) return 'it says the same already, and this policy writes every checkpoint';
    if (differing.length > 0) return `these are stored otherwise: ${differing.join(', ')}`;
    return recalled.hasFile ? 'what stands there cannot be read, and is replaced' : 'there is none yet';
  }
  if (isStored) return 'it says the same already';
  if (status.unknown && isRebuilt(policy, recalled)) return 'an UNKNOWN cannot be stored: it would be read as CREATED';
  return 'what stands there may be sound: it is not replaced';
};

const storedFields = ['pid', 'createdAt', 'startedAt', 'finishedAt', 'exitCode', 'reason', 'message'] as const;

const differingFields = (stored: ContainerStatus, status: ContainerStatus): ReadonlyArray<string> =>
  storedFields.filter((field) => stored[field] !== status[field]);
