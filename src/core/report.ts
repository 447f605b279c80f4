/**
 * The report: what a plan says, or what became of it, item by item. Its JSON form is documented in docs/report.md.
 */
import type { Action, Performed, Step } from './action.js';
import { isAction } from './action.js';
import type { CheckpointFate, ContainerDecision } from './container-decision.js';
import { type ContainerState, containerState } from './container-status.js';
import type { ImageDecision, ImageState } from './decide-image.js';
import type { OrphanDecision } from './decide-orphans.js';
import type { SandboxDecision } from './decide-sandbox.js';
import type { Evidence } from './evidence.js';
import { describePortError, type ItemFailure } from './failure.js';
import type { Finding } from './finding.js';
import type { NodeIdentity } from './observation.js';
import type { Plan } from './plan.js';
import type { Policy } from './policy.js';
import type { NetworkNamespace, SandboxState } from './sandbox-status.js';

/** Times in nanoseconds since 1970, 0 for "not yet". */
export interface Report {
  readonly mode: 'plan' | 'apply';
  readonly policy: Policy;
  readonly node: NodeIdentity;
  readonly startedAt: bigint;
  readonly durationMs: number;
  readonly sandboxes: ReadonlyArray<ReportedSandbox>;
  readonly containers: ReadonlyArray<ReportedContainer>;
  readonly images: ReadonlyArray<ReportedImage>;
  readonly orphans: ReadonlyArray<ReportedOrphan>;
  readonly failures: ReadonlyArray<ItemFailure>;
}

/** A sandbox: what it is taken to be, what was done about it, what is odd. */
export interface ReportedSandbox {
  readonly id: string;
  readonly name: string;
  readonly state: SandboxState;
  readonly pid: number;
  readonly createdAt: bigint;
  readonly netns: NetworkNamespace;
  readonly monitored: boolean;
  readonly actions: ReadonlyArray<ReportedAction>;
  readonly findings: ReadonlyArray<Finding>;
}

/** A container: what it is taken to be and how that is known, what was done about it, what is odd. */
export interface ReportedContainer {
  readonly id: string;
  readonly name: string;
  readonly sandboxId: string;
  readonly state: ContainerState;
  readonly pid: number;
  readonly createdAt: bigint;
  readonly startedAt: bigint;
  readonly finishedAt: bigint;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly evidence: Evidence;
  readonly checkpoint: CheckpointFate;
  readonly monitored: boolean;
  readonly actions: ReadonlyArray<ReportedAction>;
  readonly findings: ReadonlyArray<Finding>;
}

/** An image: whether all of it is there. */
export interface ReportedImage {
  readonly name: string;
  readonly id: string;
  readonly state: ImageState;
  readonly actions: ReadonlyArray<ReportedAction>;
  readonly findings: ReadonlyArray<Finding>;
}

/** A directory of no record, and what becomes of it. */
export interface ReportedOrphan {
  readonly path: string;
  readonly outcome: 'planned' | 'removed' | 'quarantined' | 'kept';
  readonly why: string;
  /** True for a directory that looks orphaned and is left alone all the same. */
  readonly refused: boolean;
  readonly actions: ReadonlyArray<ReportedAction>;
}

/** An action by its name in the field, and what came of it. */
export interface ReportedAction {
  readonly action: 'delete-task' | 'keep-aside' | 'write-checkpoint' | 'adopt-image' | 'remove' | 'quarantine';
  readonly outcome: 'planned' | 'done' | 'skipped' | 'failed';
  /** Why it was skipped or failed. */
  readonly error?: string;
}

/** Reports a plan of which nothing has been done, or all. */
export const reportPlan = (plan: Plan, durationMs: number): Report => ({
  mode: plan.mode,
  policy: plan.policy,
  node: plan.node,
  startedAt: plan.takenAt,
  durationMs,
  sandboxes: plan.sandboxes.map(reportSandbox),
  containers: plan.containers.map(reportContainer),
  images: plan.images.map(reportImage),
  orphans: plan.orphans.map(reportOrphan),
  failures: plan.failures,
});

/** One sandbox as the report has it. */
export const reportSandbox = (decision: SandboxDecision): ReportedSandbox => ({
  id: decision.record.id,
  name: decision.record.name,
  ...decision.status,
  netns: decision.netns,
  monitored: decision.monitored,
  actions: reportActions(decision),
  findings: decision.findings,
});

/** One container as the report has it. */
export const reportContainer = (decision: ContainerDecision): ReportedContainer => {
  const { unknown, ...values } = decision.status;
  return {
    id: decision.record.id,
    name: decision.record.name,
    sandboxId: decision.record.metadata.sandboxId,
    state: containerState(decision.status),
    ...values,
    evidence: decision.evidence,
    checkpoint: decision.checkpoint,
    monitored: decision.monitored,
    actions: reportActions(decision),
    findings: decision.findings,
  };
};

const reportImage = (decision: ImageDecision): ReportedImage => ({
  name: decision.record.name,
  id: decision.content.id,
  state: decision.state,
  actions: reportActions(decision),
  findings: decision.findings,
});

const reportOrphan = (decision: OrphanDecision): ReportedOrphan => ({
  path: decision.path,
  outcome: orphanOutcome(decision),
  why: decision.why,
  refused: decision.refused,
  actions: reportActions(decision),
});

const orphanOutcome = ({ steps, performed }: OrphanDecision): ReportedOrphan['outcome'] => {
  if (steps.length > 0) return 'planned';
  const done = performed.find(({ outcome }) => outcome._tag === 'Done' || outcome._tag === 'Absent');
  if (done === undefined) return 'kept';
  return done.step._tag === 'RemoveDirectory' ? 'removed' : 'quarantined';
};

/** What is done of a decision, and what is still to do. */
export interface Worked {
  readonly steps: ReadonlyArray<Step>;
  readonly performed: ReadonlyArray<Performed>;
}

/** What was done, then what is still planned. Attachments are not actions. */
export const reportActions = ({ steps, performed }: Worked): ReadonlyArray<ReportedAction> => [
  ...performed.flatMap(({ step, outcome }) => (isAction(step) ? [reportPerformed(step, outcome)] : [])),
  ...steps.filter(isAction).map((step): ReportedAction => ({ action: nameOf(step), outcome: 'planned' })),
];

const reportPerformed = (step: Action, outcome: Performed['outcome']): ReportedAction => {
  const action = nameOf(step);
  switch (outcome._tag) {
    case 'Done':
    case 'IoCreated':
    case 'Absent':
      return { action, outcome: 'done' };
    case 'Skipped':
      return { action, outcome: 'skipped', error: outcome.why };
    case 'Failed':
      return { action, outcome: 'failed', error: describePortError(outcome.error) };
  }
};

const nameOf = (action: Action): ReportedAction['action'] => {
  switch (action._tag) {
    case 'DeleteTask':
      return 'delete-task';
    case 'KeepAside':
      return 'keep-aside';
    case 'WriteCheckpoint':
      return 'write-checkpoint';
    case 'AdoptImage':
      return 'adopt-image';
    case 'RemoveDirectory':
      return 'remove';
    case 'QuarantineDirectory':
      return 'quarantine';
  }
};
