/**
 * Another look at an item that somebody watches: the same tables, with what is known of it in the place of the checkpoint. An exit that was
 * told of is a look at a stopped task. What recovery does to leftovers (kill what was never started, make new FIFOs) is done here only where it
 * could not be done then: of anything else it may be somebody's work by now. A half-deleted task is left to the next recovery, since a task that
 * somebody begins to make looks the same.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { ContainerStep } from './action.js';
import type { ContainerDecision } from './container-decision.js';
import { containerState } from './container-status.js';
import { attach, judgeContainer } from './decide-container.js';
import { decideSandbox, type SandboxDecision } from './decide-sandbox.js';
import { flagUnknown, type Known } from './evidence.js';
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
    // Whoever watches writes only what has changed (containerd `UpdateSync`), and kills no task for being unexpected.
    const policy: Policy = { ...given, checkpointWrite: 'when-changed', unexpectedCreatedTask: 'keep' };
    const recalled = recallKnown(before);
    const sight = sightTask(seen.task);
    const { status, evidence, ...verdict } = judgeAgain(policy, now, before, seen, sight, recalled);
    const known = seen.outOfMemory ? noteOutOfMemory({ status, evidence }) : { status, evidence };
    const isOver = !mayBeAlive(sight) || verdict.steps.some(({ _tag }) => _tag === 'DeleteTask');
    const isUntold = sight._tag === 'Unanswered' || sight._tag === 'Created';
    return planCheckpoint(policy, {
      ...before,
      ...known,
      steps: verdict.steps,
      monitored: verdict.monitored || (before.monitored && !isOver),
      recalled,
      mayBeAlive: isUntold ? before.mayBeAlive : mayBeAlive(sight),
      performed: [],
      findings: [...before.findings.filter(isOfRecord), ...recalled.findings, ...verdict.findings],
    });
  };

/** Decides a watched sandbox again. A task that does not answer now leaves everything as it is, and so does one that is not known to be over. */
export const decideSandboxAgain =
  (policy: Policy) =>
  (before: SandboxDecision, seen: Pick<ObservedSandbox, 'task' | 'netns'>): SandboxDecision => {
    const sight = sightTask(seen.task);
    const asBefore: SandboxDecision = { ...before, steps: [], performed: [] };
    if (sight._tag === 'Unanswered') return { ...asBefore, findings: withSilence(before.findings, sight.why) };
    const isKnown = before.status.state !== 'UNKNOWN';
    // A start that is under way, unless it was not known what became of an earlier one.
    if (isKnown && sight._tag === 'Created') return asBefore;
    if (isKnown && sight._tag === 'Paused' && policy.unansweringSandbox === 'kill') return asBefore;
    const decision = decideSandbox(policy)({ record: before.record, ...seen });
    const steps = sight._tag === 'Absent' ? [] : decision.steps;
    const kept = [...before.findings.filter(isOfRecord), ...stillUndeleted(before.findings, sight)];
    return { ...decision, steps, findings: [...kept, ...decision.findings] };
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
export const stoppedTask = (id: string, { pid, exitStatus, exitedAt }: ToldExit): Reading<Task> =>
  E.right({
    id,
    pid,
    state: 'stopped',
    exitStatus,
    exitedAt: exitedAt === goZeroTime || exitedAt === 0n ? O.none : O.some(exitedAt),
    stdio: { stdin: '', stdout: '', stderr: '', terminal: false },
  });

interface Again extends Known, Pick<ContainerDecision, 'monitored' | 'steps' | 'findings'> {}

const judgeAgain = (
  policy: Policy,
  now: bigint,
  before: ContainerDecision,
  seen: SeenContainer,
  sight: TaskSight,
  recalled: Recalled,
): Again => {
  const { record, status, evidence, monitored } = before;
  const asBefore: Again = { status, evidence, monitored, steps: [], findings: [] };
  const asSeen = () =>
    judgeContainer(policy, now, { record, processStartedAt: seen.processStartedAt }, sight, recalled);
  switch (sight._tag) {
    case 'Unanswered':
      return { ...asBefore, findings: withSilence(before.findings.filter(isOfTask), sight.why) };
    case 'Created':
      // A start that is under way, unless it was not known what became of an earlier one.
      return before.mayBeAlive ? asSeen() : asBefore;
    case 'Stopped': {
      const { known, findings } = noteWatchedExit(policy, now, recalled, sight.task);
      const remove: ContainerStep = { _tag: 'DeleteTask', id: record.id, state: 'stopped' };
      const isUnread = before.io !== 'attached' && sight.task.stdio.stdout !== '';
      const steps = isUnread ? [attach(record, sight.task), remove] : [remove];
      return { ...known, monitored: false, steps, findings };
    }
    case 'Absent': {
      const verdict = asSeen();
      // FIFOs that were made are somebody's by now.
      const isOurs = ({ _tag }: ContainerStep): boolean => _tag === 'CreateIo' && before.io !== 'created';
      const findings = [...verdict.findings, ...stillUndeleted(before.findings, sight)];
      return { ...verdict, steps: verdict.steps.filter(isOurs), findings };
    }
    case 'Running':
    case 'Paused': {
      const verdict = asSeen();
      // In containerd nothing but an exit ever ends an UNKNOWN.
      const isStuck = before.status.unknown && policy.unknownContainer !== 'monitor';
      return isStuck ? { ...verdict, ...flagUnknown(verdict, true) } : verdict;
    }
  }
};

/** What is known by now, as if it had just been read. */
const recallKnown = ({ status, evidence, recalled, checkpoint }: ContainerDecision): Recalled => {
  const isWritten = checkpoint === 'written';
  const isLearnt = status.startedAt !== 0n || status.finishedAt !== 0n;
  const state = containerState({ ...status, unknown: false });
  const says = isLearnt && state !== 'UNKNOWN' ? state : recalled.says;
  return {
    ...recalled,
    ...flagUnknown({ status, evidence }, says === 'LOST' || says === 'ZERO'),
    says,
    hasFile: recalled.hasFile || isWritten,
    stored: isWritten ? O.some(status) : recalled.stored,
    writable: isWritten ? 'yes' : recalled.writable,
    findings: isWritten ? [] : recalled.findings,
  };
};

const ofRecord: ReadonlyArray<FindingCode> = [
  'name-shadowed',
  'metadata-id-differs',
  'sandbox-missing',
  'sandbox-not-ready',
];
const ofTask: ReadonlyArray<FindingCode> = [
  'task-paused',
  'task-unexpected',
  'task-kept',
  'task-not-deleted',
  'exit-unseen',
  'exit-time-missing',
  'io-degraded',
];

/** What was found of the record stands, whatever becomes of the task. */
const isOfRecord = ({ code }: Finding): boolean => ofRecord.includes(code);

/** What was found of the task stands for as long as nothing else is heard of it. */
const isOfTask = ({ code }: Finding): boolean => ofTask.includes(code);

/** A deletion that failed and turns out to have been cut short is not done. */
const stillUndeleted = (findings: ReadonlyArray<Finding>, sight: TaskSight): ReadonlyArray<Finding> =>
  sight._tag === 'Absent' && sight.halfDeleted ? findings.filter(({ code }) => code === 'task-not-deleted') : [];

const isNotOfSilence = ({ code }: Finding): boolean => code !== 'task-not-answering';

/** What was found before, and that the task does not answer. */
const withSilence = (findings: ReadonlyArray<Finding>, why: string): ReadonlyArray<Finding> => [
  ...findings.filter(isNotOfSilence),
  finding('task-not-answering', `the task does not answer: ${why}`),
];
