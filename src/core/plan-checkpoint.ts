/**
 * The last column of the table: whether the checkpoint is written, and where among the steps.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ContainerStep } from './action.js';
import type { ContainerDecision } from './container-decision.js';
import { isSameWhenStored } from './container-status.js';
import { finding } from './finding.js';
import { isRebuilt } from './known-changes.js';
import type { Policy } from './policy.js';

/** Adds the checkpoint's steps to a decision that has none. */
export const planCheckpoint = (policy: Policy, decision: Omit<ContainerDecision, 'checkpoint'>): ContainerDecision => {
  const { recalled, status, record } = decision;
  const isStored = O.isSome(recalled.stored) && isSameWhenStored(recalled.stored.value, status);
  // An UNKNOWN cannot be stored: written without its flag, a rebuilt one would be taken for CREATED next time.
  const isSayingNothing = status.unknown && isRebuilt(policy, recalled);
  const isWanted = policy.checkpointWrite === 'always' || !isStored;
  if (isWanted && !isSayingNothing && recalled.writable !== 'never') {
    const write: ContainerStep = {
      _tag: 'WriteCheckpoint',
      id: record.id,
      checkpoint: { status: { ...status, unknown: false }, rest: recalled.rest },
    };
    const writing = recalled.writable === 'aside' ? [{ _tag: 'KeepAside', id: record.id } as const, write] : [write];
    return { ...decision, steps: place(policy, decision.steps, writing), checkpoint: 'planned' };
  }
  const left: ContainerDecision = { ...decision, checkpoint: recalled.hasFile ? 'unchanged' : 'none' };
  return isStored || isSayingNothing ? left : keepTask(left);
};

/** Before the task is deleted, the only other place where the exit is known, or after everything else as containerd does. */
const place = (
  policy: Policy,
  steps: ReadonlyArray<ContainerStep>,
  writing: ReadonlyArray<ContainerStep>,
): ReadonlyArray<ContainerStep> => {
  const at = steps.findIndex(endsStopped);
  if (policy.exitStored === 'after-delete' || at < 0) return [...steps, ...writing];
  return [...steps.slice(0, at), ...writing, ...steps.slice(at)];
};

/** While the exit cannot be stored, its task is the only record of it. */
export const keepTask = (decision: ContainerDecision): ContainerDecision => {
  const steps = decision.steps.filter((step) => !endsStopped(step));
  if (steps.length === decision.steps.length) return decision;
  const kept = finding('task-kept', 'the task is kept: its exit is stored nowhere else');
  return { ...decision, steps, findings: [...decision.findings, kept] };
};

const endsStopped = (step: ContainerStep): boolean => step._tag === 'DeleteTask' && step.state === 'stopped';
