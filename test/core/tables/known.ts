/** What is known of a container that is watched, what can be seen of it or told, and another look at it. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Outcome } from '../../../src/core/action.js';
import type { ContainerDecision } from '../../../src/core/container-decision.js';
import { decideContainerAgain, type SeenContainer } from '../../../src/core/decide-again.js';
import { decideContainer } from '../../../src/core/decide-container.js';
import type { Reading } from '../../../src/core/observation.js';
import { careful, containerd, type Policy } from '../../../src/core/policy.js';
import { settleContainer } from '../../../src/core/settle-container.js';
import type { Task } from '../../../src/core/task.js';
import { finish } from '../every-way.js';
import { observedContainer } from '../records.js';
import { outcomes } from './path.js';
import { type CheckpointCase, pids, processReadings, type TaskCase, taskReadings, times } from './readings.js';

export const policies = { careful, containerd } as const;
export type PolicyName = keyof typeof policies;

export const later = times.now + 60_000_000_000n;
export const toldAt = times.now + 30_000_000_000n;

/** What a recovery found: the task and the checkpoint, everything done but, where the disk was full, the write. */
export const recoveries = {
  CREATED: ['absent', 'CREATED'],
  RUNNING: ['running', 'RUNNING'],
  EXITED: ['absent', 'EXITED'],
  'EXITED unseen': ['absent', 'RUNNING'],
  'silent CREATED': ['timed out', 'CREATED'],
  'silent RUNNING': ['timed out', 'RUNNING'],
  'silent EXITED': ['unknown', 'EXITED'],
  'alive EXITED': ['running', 'EXITED'],
  'created RUNNING': ['created', 'RUNNING'],
  'LOST rebuilt': ['running', 'LOST corrupt'],
  'LOST silent': ['timed out', 'LOST corrupt'],
  'LOST foreign': ['timed out', 'LOST foreign'],
  'LOST absent': ['absent', 'LOST missing'],
  'dirty start': ['running', 'CREATED'],
  'dirty exit': ['stopped', 'RUNNING'],
} as const satisfies Record<string, readonly [TaskCase, CheckpointCase]>;
export type KnownName = keyof typeof recoveries;
export const knownNames = Object.keys(recoveries) as ReadonlyArray<KnownName>;

export const recovered = (policy: Policy, name: KnownName): ContainerDecision => {
  const [task, checkpoint] = recoveries[name];
  const decided = decideContainer(policy, times.now)(observedContainer(task, checkpoint, 'known'));
  return name.startsWith('dirty')
    ? workOff(policy, decided, { WriteCheckpoint: outcomes.NoSpace })
    : finish(policy, times.now, decided);
};

export const workOff = (
  policy: Policy,
  decision: ContainerDecision,
  given: Partial<Record<string, Outcome>> = {},
): ContainerDecision => {
  const [step] = decision.steps;
  if (step === undefined) return decision;
  const settled = settleContainer(policy, later)(decision, given[step._tag] ?? outcomes.Done);
  if (E.isLeft(settled)) throw new Error(settled.left.message);
  return workOff(policy, settled.right, given);
};

const toldWith = (exitedAt: O.Option<bigint>): Reading<Task> => {
  const stdio = { stdin: '', stdout: '', stderr: '', terminal: false };
  return E.right({ id: 'c1', pid: pids.task, state: 'stopped', exitStatus: 9, exitedAt, stdio });
};

export const told = toldWith(O.some(toldAt));
export const toldUndated = toldWith(O.none);
export const sights = { ...taskReadings, told, 'told undated': toldUndated };
export type SightName = keyof typeof sights;
export const sightNames = Object.keys(sights) as ReadonlyArray<SightName>;
export const silent = ['denied', 'unavailable', 'timed out', 'corrupt', 'no space', 'unexpected', 'unknown'] as const;

export const seen = (name: SightName, outOfMemory = false): SeenContainer => ({
  task: sights[name],
  processStartedAt: processReadings.known,
  outOfMemory,
});

export const look = (
  policy: Policy,
  before: ContainerDecision,
  name: SightName,
  outOfMemory = false,
): ContainerDecision => decideContainerAgain(policy, later)(before, seen(name, outOfMemory));

export const stepsOf = ({ steps }: Pick<ContainerDecision, 'steps'>): string => steps.map(({ _tag }) => _tag).join(' ');
export const codesOf = ({ findings }: ContainerDecision): string =>
  [...new Set(findings.map(({ code }) => code))].sort().join(' ');
