/**
 * The decision table for containers: task × checkpoint → status and steps, row by row as in containerd's `loadContainer`
 * (`internal/cri/server/restart.go`), with the policy's departures named where they apply.
 */
import type { ContainerStep } from './action.js';
import type { ContainerDecision, Verdict } from './container-decision.js';
import { flagUnknown } from './evidence.js';
import { type Finding, finding } from './finding.js';
import { noteExit, noteStart, noteUnseenExit } from './known-changes.js';
import type { ContainerRecord } from './metadata.js';
import type { ObservedContainer } from './observation.js';
import { planCheckpoint } from './plan-checkpoint.js';
import type { Policy } from './policy.js';
import { type Recalled, recallCheckpoint } from './recall-checkpoint.js';
import type { Task } from './task.js';
import { mayBeAlive, sightTask, type TaskSight } from './task-sight.js';

/** Decides one container. Total: any observation has a decision. `now` is in nanoseconds since 1970. */
export const decideContainer =
  (policy: Policy, now: bigint) =>
  (observed: ObservedContainer): ContainerDecision => {
    const recalled = recallCheckpoint(policy, observed);
    const sight = sightTask(observed.task);
    const verdict = judgeContainer(policy, now, observed, sight, recalled);
    const findings = [...recalled.findings, ...verdict.findings];
    return planCheckpoint(policy, {
      ...verdict,
      findings,
      record: observed.record,
      recalled,
      io: 'untouched',
      mayBeAlive: mayBeAlive(sight),
      performed: [],
    });
  };

/** The table itself, before the checkpoint's column. */
export const judgeContainer = (
  policy: Policy,
  now: bigint,
  observed: Pick<ObservedContainer, 'record' | 'processStartedAt'>,
  sight: TaskSight,
  recalled: Recalled,
): Verdict => {
  const { record } = observed;
  switch (sight._tag) {
    case 'Absent': {
      const verdict = judgeAbsent(policy, now, record, recalled);
      const forget: ReadonlyArray<ContainerStep> = sight.halfDeleted
        ? [{ _tag: 'DeleteTask', id: record.id, state: 'half-deleted' }]
        : [];
      return { ...verdict, steps: [...forget, ...verdict.steps] };
    }
    case 'Unanswered':
      return unknownWith(
        policy,
        record,
        recalled,
        [],
        finding('task-not-answering', `the task does not answer: ${sight.why}`),
      );
    case 'Created':
      return judgeCreated(policy, sight.task, record, recalled);
    case 'Running':
      return judgeRunning(policy, now, sight.task, observed, recalled);
    case 'Paused': {
      const paused = finding('task-paused', 'the container is paused');
      if (policy.pausedContainer === 'unknown')
        return unknownWith(policy, record, recalled, [attach(record, sight.task)], paused);
      const verdict = judgeRunning(policy, now, sight.task, observed, recalled);
      return { ...verdict, findings: [paused, ...verdict.findings] };
    }
    case 'Stopped': {
      const { known, findings } = noteExit(policy, now, recalled, sight.task);
      const steps = [attach(record, sight.task), { _tag: 'DeleteTask', id: record.id, state: 'stopped' } as const];
      return { ...known, monitored: false, steps, findings };
    }
  }
};

/** No task: the checkpoint has the last word, and a running one has ended unseen. */
export const judgeAbsent = (policy: Policy, now: bigint, record: ContainerRecord, recalled: Recalled): Verdict => {
  const asRecalled = {
    status: recalled.status,
    evidence: recalled.evidence,
    monitored: false,
    steps: [],
    findings: [],
  };
  const { tty, stdin } = record.metadata;
  switch (recalled.says) {
    case 'CREATED':
      return { ...asRecalled, steps: [{ _tag: 'CreateIo', id: record.id, streams: { tty, stdin } }] };
    case 'RUNNING': {
      const { known, findings } = noteUnseenExit(policy, now, recalled);
      return { ...asRecalled, ...known, findings };
    }
    case 'EXITED':
    case 'ZERO':
    case 'LOST':
      return asRecalled;
  }
};

/** A task that was created and never started: containerd was stopped in the middle of a start. */
const judgeCreated = (policy: Policy, task: Task, record: ContainerRecord, recalled: Recalled): Verdict => {
  const { status, evidence } = recalled;
  const kill: ReadonlyArray<ContainerStep> = [
    attach(record, task),
    { _tag: 'DeleteTask', id: record.id, state: 'created' },
  ];
  if (recalled.says === 'CREATED') return { status, evidence, monitored: false, steps: kill, findings: [] };
  const odd = finding('task-unexpected', `the task was never started, the checkpoint says ${recalled.says}`);
  // H8: containerd kills first and compares afterwards.
  if (policy.unexpectedCreatedTask === 'keep') return unknownWith(policy, record, recalled, [], odd);
  return { ...flagUnknown(recalled, true), monitored: false, steps: kill, findings: [odd] };
};

/** A live task: the container runs, unless it has been recorded as exited. */
const judgeRunning = (
  policy: Policy,
  now: bigint,
  task: Task,
  observed: Pick<ObservedContainer, 'record' | 'processStartedAt'>,
  recalled: Recalled,
): Verdict => {
  const { record } = observed;
  const steps: ReadonlyArray<ContainerStep> = [attach(record, task), { _tag: 'WatchExit', id: record.id }];
  const { status, evidence } = recalled;
  switch (recalled.says) {
    case 'EXITED': {
      const odd = finding('task-unexpected', 'the task is alive, the checkpoint says EXITED');
      return unknownWith(policy, record, recalled, [attach(record, task)], odd);
    }
    case 'RUNNING':
      return { status, evidence, monitored: true, steps, findings: [] };
    case 'CREATED':
    case 'ZERO':
    case 'LOST':
      return {
        ...noteStart(policy, now, recalled, task, observed.processStartedAt),
        monitored: true,
        steps,
        findings: [],
      };
  }
};

/** UNKNOWN although there is a task: only the flag changes. It is followed when the policy says so (H13). */
const unknownWith = (
  policy: Policy,
  record: ContainerRecord,
  recalled: Recalled,
  steps: ReadonlyArray<ContainerStep>,
  odd: Finding,
): Verdict => {
  const monitored = policy.unknownContainer === 'monitor';
  const watch: ReadonlyArray<ContainerStep> = monitored ? [{ _tag: 'WatchExit', id: record.id }] : [];
  return { ...flagUnknown(recalled, true), monitored, steps: [...steps, ...watch], findings: [odd] };
};

/** Reading the task's output on. */
export const attach = ({ id, metadata }: ContainerRecord, task: Task): ContainerStep => ({
  _tag: 'AttachIo',
  id,
  stdio: task.stdio,
  logPath: metadata.logPath,
});
