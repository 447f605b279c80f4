/**
 * The decision table for sandboxes, and what a step's outcome does to it (containerd `RecoverContainer`, in
 * `internal/cri/server/podsandbox/recover.go`). Nothing of a sandbox is on disk but its record.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { DeleteTask, Outcome, Performed, SandboxStep } from './action.js';
import { describePortError } from './failure.js';
import { type Finding, finding } from './finding.js';
import type { SandboxRecord } from './metadata.js';
import type { ObservedSandbox } from './observation.js';
import type { Policy } from './policy.js';
import type { NetworkNamespace, SandboxState, SandboxStatus } from './sandbox-status.js';
import { sightTask, type TaskSight } from './task-sight.js';

/** What a sandbox is taken to be, and what is still to be done about it. */
export interface SandboxDecision {
  readonly record: SandboxRecord;
  readonly status: SandboxStatus;
  readonly netns: NetworkNamespace;
  /** Whether somebody should wait for the exit. */
  readonly monitored: boolean;
  readonly steps: ReadonlyArray<SandboxStep>;
  readonly findings: ReadonlyArray<Finding>;
  /** What has been done so far; empty in a plan. */
  readonly performed: ReadonlyArray<Performed<SandboxStep>>;
}

type Verdict = Pick<SandboxDecision, 'monitored' | 'steps' | 'findings'> & Pick<SandboxStatus, 'state' | 'pid'>;

/** Decides one sandbox. Total: any observation has a decision. */
export const decideSandbox =
  (policy: Policy) =>
  (observed: ObservedSandbox): SandboxDecision => {
    const { record } = observed;
    const { state, pid, ...verdict } = judge(policy, record, sightTask(observed.task));
    const netns = netnsOf(observed);
    return {
      ...verdict,
      record,
      status: { state, pid, createdAt: record.createdAt },
      netns,
      findings: [...verdict.findings, ...netnsFindings(netns, state)],
      performed: [],
    };
  };

const judge = (policy: Policy, { id }: SandboxRecord, sight: TaskSight): Verdict => {
  const watch: ReadonlyArray<SandboxStep> = [{ _tag: 'WatchExit', id }];
  const kill = (state: DeleteTask['state'], ...findings: ReadonlyArray<Finding>): Verdict => ({
    ...notReady,
    steps: [{ _tag: 'DeleteTask', id, state }],
    findings,
  });
  switch (sight._tag) {
    case 'Absent':
      return sight.halfDeleted ? kill('half-deleted') : notReady;
    case 'Running':
      return { state: 'READY', pid: sight.task.pid, monitored: true, steps: watch, findings: [] };
    case 'Created':
      return kill('created');
    case 'Stopped':
      return kill('stopped');
    case 'Paused': {
      const paused = finding('task-paused', 'the sandbox is paused');
      if (policy.unansweringSandbox === 'kill') return kill('paused', paused);
      return { state: 'READY', pid: sight.task.pid, monitored: true, steps: watch, findings: [paused] };
    }
    case 'Unanswered': {
      const silent = finding('task-not-answering', `the task does not answer: ${sight.why}`);
      if (policy.unansweringSandbox === 'keep')
        return { ...unknown, monitored: true, steps: watch, findings: [silent] };
      // H6: containerd kills what it was told is in state 0, and leaves alone what it got an error for.
      return sight.isError ? { ...unknown, findings: [silent] } : kill('unanswering', silent);
    }
  }
};

const notReady: Verdict = { state: 'NOTREADY', pid: 0, monitored: false, steps: [], findings: [] };
const unknown: Verdict = { ...notReady, state: 'UNKNOWN' };

/** Settles the first step of a decision. */
export const settleSandbox =
  (policy: Policy) =>
  (decision: SandboxDecision, outcome: Outcome): SandboxDecision => {
    const [step, ...steps] = decision.steps;
    if (step === undefined) return decision;
    const next: SandboxDecision = { ...decision, steps, performed: [...decision.performed, { step, outcome }] };
    switch (outcome._tag) {
      case 'Done':
      case 'IoCreated':
      case 'Skipped':
        return next;
      case 'Absent':
        return become(next, 'NOTREADY');
      case 'Failed': {
        const why = describePortError(outcome.error);
        if (step._tag === 'DeleteTask') {
          const undeleted = finding('task-not-deleted', `its task could not be deleted: ${why}`);
          if (step.state === 'half-deleted') return { ...next, findings: [...next.findings, undeleted] };
          return become(next, 'UNKNOWN', undeleted);
        }
        const failed = finding('wait-failed', `its exit cannot be waited for: ${why}`);
        if (policy.failedWait === 'retry') return { ...next, findings: [...next.findings, failed] };
        return become(next, 'UNKNOWN', failed);
      }
    }
  };

const become = (decision: SandboxDecision, state: SandboxState, ...odd: ReadonlyArray<Finding>): SandboxDecision => ({
  ...decision,
  status: { ...decision.status, state, pid: 0 },
  monitored: false,
  findings: [...decision.findings.filter(isOfTask), ...odd, ...netnsFindings(decision.netns, state)],
});

/** What was said of the network depends on the state and is said anew. */
const isOfTask = ({ code }: Finding): boolean => code !== 'netns-missing' && code !== 'netns-left';

const netnsOf = ({ record, netns }: ObservedSandbox): NetworkNamespace => {
  if (record.metadata.hostNetwork) return { mode: 'host' };
  const present = O.isSome(netns) && E.isRight(netns.value) ? netns.value.right : undefined;
  return { mode: 'pod', path: record.metadata.netnsPath, present };
};

/** A ready pod without its network, or a network without its pod: neither is mended here, neither should go unseen (H21). */
const netnsFindings = (netns: NetworkNamespace, state: SandboxState): ReadonlyArray<Finding> => {
  if (netns.mode === 'host') return [];
  if (netns.present === false && state !== 'NOTREADY') {
    return [finding('netns-missing', `there is no network namespace at ${netns.path}`)];
  }
  if (netns.present === true && state === 'NOTREADY') {
    return [finding('netns-left', `the network namespace ${netns.path} is still mounted`)];
  }
  return [];
};
