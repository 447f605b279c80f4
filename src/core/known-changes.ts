/**
 * The rules that change a status: a start found late, an exit reported by the task, an exit nobody saw.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { outOfMemoryReason, unknownExitCode, unknownExitReason } from './container-status.js';
import { flagUnknown, type Known, learn } from './evidence.js';
import { type Finding, finding } from './finding.js';
import type { Reading } from './observation.js';
import type { Policy } from './policy.js';
import type { Recalled } from './recall-checkpoint.js';
import { goZeroTime, type Task } from './task.js';

interface Change {
  readonly known: Known;
  readonly findings: ReadonlyArray<Finding>;
}

/** True when the checkpoint told nothing and the status is put together anew from record and task (H3, H4). */
export const isRebuilt = (policy: Policy, recalled: Recalled): boolean =>
  policy.unreadableCheckpoint === 'rebuild' && (recalled.says === 'LOST' || recalled.says === 'ZERO');

/**
 * The task runs and the checkpoint did not know yet: started now, as containerd has it, or, where the status is rebuilt, when the process
 * says it started.
 */
export const noteStart = (
  policy: Policy,
  now: bigint,
  recalled: Recalled,
  task: Task,
  processStartedAt: O.Option<Reading<bigint>>,
): Known => {
  const running = learn(recalled, 'task', { pid: task.pid });
  if (!isRebuilt(policy, recalled)) return learn(running, 'estimated', { startedAt: now });
  const clean = flagUnknown(learn(running, 'task', { exitCode: 0, reason: '' }), false);
  if (O.isSome(processStartedAt) && E.isRight(processStartedAt.value)) {
    return learn(clean, 'task', { startedAt: processStartedAt.value.right });
  }
  return learn(clean, 'estimated', { startedAt: now });
};

/** The task has stopped: its exit code and time count, even against a checkpoint that says EXITED. */
export const noteExit = (policy: Policy, now: bigint, recalled: Recalled, task: Task): Change => {
  const base = isRebuilt(policy, recalled) ? rebuiltForExit(recalled) : recalled;
  const coded = learn(base, 'task', { exitCode: task.exitStatus | 0 });
  const cleared = policy.unseenExit === 'estimated' ? learn(coded, 'task', { pid: 0 }) : coded;
  // H10: containerd stores whatever it is given, Go's zero time included; with 1970 the container would be RUNNING again.
  const isTime = O.isSome(task.exitedAt) && (task.exitedAt.value !== 0n || policy.unseenExit === 'now');
  if (O.isSome(task.exitedAt) && isTime) {
    return { known: learn(cleared, 'task', { finishedAt: task.exitedAt.value }), findings: [] };
  }
  const missing = finding('exit-time-missing', 'the task has stopped and does not say when');
  if (policy.unseenExit === 'now')
    return { known: learn(cleared, 'estimated', { finishedAt: goZeroTime }), findings: [missing] };
  // A time that was guessed and stored before is as good as another guess, and stays.
  const known = recalled.says === 'EXITED' ? cleared : learn(cleared, 'estimated', { finishedAt: now });
  return { known, findings: [missing] };
};

/**
 * The exit of a container that somebody watches (containerd `handleContainerExit`): in containerd an exit noted before stands, and the
 * UNKNOWN flag goes whatever raised it.
 */
export const noteWatchedExit = (policy: Policy, now: bigint, recalled: Recalled, task: Task): Change => {
  if (policy.unseenExit === 'now' && recalled.status.finishedAt !== 0n) {
    return { known: flagUnknown(recalled, false), findings: [] };
  }
  const { known, findings } = noteExit(policy, now, recalled, task);
  // An exit that had to be guessed had a reason to go with it.
  const isGuessed = recalled.evidence.reason === 'estimated' && policy.unseenExit === 'estimated';
  const told = learn(known, 'task', isGuessed ? { pid: 0, reason: '' } : { pid: 0 });
  return { known: flagUnknown(told, false), findings };
};

/** The kernel has killed a process of it for want of memory (containerd `TaskOOM`). */
export const noteOutOfMemory = (known: Known): Known => learn(known, 'task', { reason: outOfMemoryReason });

/** It ran at some time after its creation; when is lost with the checkpoint. */
const rebuiltForExit = (recalled: Recalled): Known => {
  const { createdAt } = recalled.status;
  const clean = flagUnknown(learn(recalled, 'task', { reason: '' }), false);
  return learn(clean, 'estimated', { startedAt: createdAt });
};

/** The container ran and its task is gone: finished at an unknown time with an unknown code (H10). */
export const noteUnseenExit = (policy: Policy, now: bigint, known: Known): Change => {
  const unseen = finding('exit-unseen', 'nobody saw the exit: its task is gone, its code and time are not known');
  const exited = learn(known, 'estimated', { finishedAt: now, exitCode: unknownExitCode });
  if (policy.unseenExit === 'now') {
    return { known: learn(exited, 'estimated', { reason: unknownExitReason }), findings: [unseen] };
  }
  const withoutPid = learn(exited, 'estimated', { pid: 0 });
  const hasReason = known.status.reason !== '';
  const reasoned = hasReason ? withoutPid : learn(withoutPid, 'estimated', { reason: unknownExitReason });
  return { known: reasoned, findings: [unseen] };
};
