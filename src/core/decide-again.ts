/**
 * Another look at an item that somebody watches: the same tables, with what is known of it in the place of the checkpoint. An exit that was
 * told of is a look at a stopped task.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { ContainerStep } from './action.js';
import type { ContainerDecision } from './container-decision.js';
import { containerState } from './container-status.js';
import { judgeContainer } from './decide-container.js';
import { decideSandbox, type SandboxDecision } from './decide-sandbox.js';
import { flagUnknown } from './evidence.js';
import { type Finding, type FindingCode, finding } from './finding.js';
import { noteOutOfMemory, noteWatchedExit } from './known-changes.js';
import type { ObservedContainer, ObservedSandbox, Reading } from './observation.js';
import { planCheckpoint } from './plan-checkpoint.js';
import type { Policy } from './policy.js';
import type { Recalled } from './recall-checkpoint.js';
import { goZeroTime, type Task } from './task.js';
import { mayBeAlive, sightTask, type TaskSight } from './task-sight.js';

/** What is seen of a container by whoever looks again. */
export interface SeenContainer extends Pick<ObservedContainer, 'task' | 'processStartedAt'> {
  /** The kernel has killed a process of it for want of memory. */
  readonly outOfMemory: boolean;
}

/** Decides a watched container again. A task that does not answer now leaves everything as it is. `now` is in nanoseconds since 1970. */
export const decideContainerAgain =
  (given: Policy, now: bigint) =>
  (before: ContainerDecision, seen: SeenContainer): ContainerDecision => {
    // Whoever watches writes what has changed (containerd `UpdateSync`), and only recovery writes all.
    const policy: Policy = { ...given, checkpointWrite: 'when-changed' };
    const recalled = recallKnown(before, seen.outOfMemory);
    const sight = sightTask(seen.task);
    const verdict = judgeAgain(policy, now, { ...before, recalled }, seen, sight);
    return planCheckpoint(policy, {
      ...before,
      ...verdict,
      recalled,
      mayBeAlive: sight._tag === 'Unanswered' ? before.mayBeAlive : mayBeAlive(sight),
      performed: [],
      findings: [...before.findings.filter(isOfRecord), ...verdict.findings],
    });
  };

/** Decides a watched sandbox again. A task that does not answer now leaves everything as it is. */
export const decideSandboxAgain =
  (policy: Policy) =>
  (before: SandboxDecision, seen: Pick<ObservedSandbox, 'task' | 'netns'>): SandboxDecision => {
    const sight = sightTask(seen.task);
    if (sight._tag === 'Unanswered') {
      return { ...before, steps: [], performed: [], findings: withSilence(before.findings, sight.why) };
    }
    const decision = decideSandbox(policy)({ record: before.record, ...seen });
    return { ...decision, findings: [...before.findings.filter(isOfRecord), ...decision.findings] };
  };

/** Whether an exit that is told of concerns the item: somebody waits for it, or has had to guess it. */
export const awaitsExit = (policy: Policy, decision: ContainerDecision | SandboxDecision): boolean =>
  decision.monitored ||
  ('evidence' in decision && decision.evidence.finishedAt === 'estimated' && policy.unseenExit === 'estimated');

interface ToldExit {
  readonly pid: number;
  readonly exitStatus: number;
  readonly exitedAt: bigint;
}

/** What a told exit amounts to: a look at a stopped task whose streams have ended with it. */
export const stoppedTask = (id: string, exit: ToldExit): Reading<Task> =>
  E.right({
    id,
    pid: exit.pid,
    state: 'stopped',
    exitStatus: exit.exitStatus,
    exitedAt: exit.exitedAt === goZeroTime || exit.exitedAt === 0n ? O.none : O.some(exit.exitedAt),
    stdio: { stdin: '', stdout: '', stderr: '', terminal: false },
  });

type Again = Pick<ContainerDecision, 'status' | 'evidence' | 'monitored' | 'steps' | 'findings'>;

const judgeAgain = (
  policy: Policy,
  now: bigint,
  before: ContainerDecision,
  seen: SeenContainer,
  sight: TaskSight,
): Again => {
  const { recalled, record } = before;
  switch (sight._tag) {
    case 'Unanswered': {
      const { status, evidence } = recalled;
      const flagged = flagUnknown({ status, evidence }, before.status.unknown);
      return { ...flagged, monitored: before.monitored, steps: [], findings: withSilence(before.findings, sight.why) };
    }
    case 'Stopped': {
      const { known, findings } = noteWatchedExit(policy, now, recalled, sight.task);
      const remove: ContainerStep = { _tag: 'DeleteTask', id: record.id, state: 'stopped' };
      return { ...known, monitored: false, steps: [remove], findings };
    }
    case 'Absent':
    case 'Created':
    case 'Running':
    case 'Paused':
      return judgeContainer(policy, now, { record, processStartedAt: seen.processStartedAt }, sight, recalled);
  }
};

/** What is known by now, as if it had just been read. */
const recallKnown = ({ status, evidence, recalled, checkpoint }: ContainerDecision, outOfMemory: boolean): Recalled => {
  const known = flagUnknown({ status, evidence }, false);
  const isWritten = checkpoint === 'written';
  const isLearnt = status.startedAt !== 0n || status.finishedAt !== 0n;
  const state = containerState(known.status);
  return {
    ...recalled,
    ...(outOfMemory ? noteOutOfMemory(known) : known),
    says: isLearnt && state !== 'UNKNOWN' ? state : recalled.says,
    hasFile: recalled.hasFile || isWritten,
    stored: isWritten ? O.some(status) : recalled.stored,
    writable: isWritten ? 'yes' : recalled.writable,
    findings: [],
  };
};

const ofRecord: ReadonlyArray<FindingCode> = ['name-shadowed', 'metadata-id-differs', 'sandbox-missing'];

/** What was found of the record stands, whatever becomes of the task. */
const isOfRecord = ({ code }: Finding): boolean => ofRecord.includes(code);

/** What was found before, and that the task does not answer. */
const withSilence = (findings: ReadonlyArray<Finding>, why: string): ReadonlyArray<Finding> => [
  ...findings.filter(({ code }) => code !== 'task-not-answering'),
  finding('task-not-answering', `the task does not answer: ${why}`),
];
