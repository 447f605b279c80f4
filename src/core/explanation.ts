/**
 * Why a sandbox or container would become what the plan says, told in plain values: what was seen, the row of the table that applies, what is
 * decided with a reason for every step, and what containerd's CRI plugin would make of the same. Its JSON form is documented in docs/command.md.
 */
import type { ItemFailure, RecoveryFailure } from './failure.js';
import type { NodeIdentity } from './observation.js';
import type { Policy } from './policy.js';
import type { ReportedAction, ReportedContainer, ReportedSandbox } from './report.js';
import type { ContainerSighting, SandboxSighting } from './sighting.js';
import type { TableRow } from './table-row.js';

/** `about` says of what: a failure is an item that was listed and could not be loaded, about which nothing is decided. */
export type Explanation = ContainerExplanation | SandboxExplanation | FailureExplanation;

interface ExplanationFields {
  readonly id: string;
  readonly node: NodeIdentity;
  /** When the observation began, in nanoseconds since 1970: the present as far as the decision goes. */
  readonly takenAt: bigint;
  readonly policy: Policy;
}

/** The story of a container. */
export interface ContainerExplanation extends ExplanationFields {
  readonly about: 'container';
  readonly seen: ContainerSighting;
  readonly row: TableRow;
  readonly decided: ContainerJudgement;
  readonly containerd: ContainerJudgement & Comparison;
}

/** The story of a sandbox. */
export interface SandboxExplanation extends ExplanationFields {
  readonly about: 'sandbox';
  readonly seen: SandboxSighting;
  readonly row: TableRow;
  readonly decided: SandboxJudgement;
  readonly containerd: SandboxJudgement & Comparison;
}

/** The story of what was listed and could not be loaded. */
export interface FailureExplanation extends ExplanationFields {
  readonly about: 'failure';
  readonly failure: ItemFailure;
  readonly decided: Judgement;
  readonly containerd: Judgement;
}

/** What a policy makes of an item. */
export interface Judgement {
  /** Why there would be no recovery at all under it. What is told beside it is what would be decided if that were not so. */
  readonly ends: Ending | undefined;
}

export interface ContainerJudgement extends Judgement {
  readonly item: ReportedContainer;
  /** In the order they are done. */
  readonly steps: ReadonlyArray<ExplainedStep>;
  /** Why its checkpoint is written, or left as it is. */
  readonly checkpointReason: string;
}

export interface SandboxJudgement extends Judgement {
  readonly item: ReportedSandbox;
  readonly steps: ReadonlyArray<ExplainedStep>;
}

/** What ends a recovery before anything is done, and the choices of the policy each of which has it ended. */
export interface Ending {
  readonly failure: RecoveryFailure;
  readonly choices: ReadonlyArray<Choice>;
}

/** A row of a policy. */
export type Choice = keyof Policy;

/** An action, or an attachment: something that takes part in the node and changes nothing on it. */
export interface ExplainedStep {
  readonly step: ReportedAction['action'] | 'attach-io' | 'create-io' | 'watch-exit';
  readonly why: string;
}

/** How containerd's judgement differs from the policy's, and what in the policy makes it differ. */
export interface Comparison {
  readonly differences: ReadonlyArray<Difference>;
  readonly choices: ReadonlyArray<DecisiveChoice>;
}

/** A field of the item, `steps` by their names or `findings` by their codes, with both values. */
export interface Difference {
  readonly field: string;
  readonly here: DifferingValue;
  readonly containerd: DifferingValue;
}

/** A value that may differ: times are `bigint`, steps and findings are lists of their names. */
export type DifferingValue = string | number | bigint | boolean | ReadonlyArray<string>;

/** A row in which the policy departs from containerd, where it makes a difference to the item. */
export interface DecisiveChoice {
  readonly choice: Choice;
  readonly here: string;
  readonly containerd: string;
  /** True where this row alone, chosen as containerd does, changes something of the item; false where it does only beside the others. */
  readonly alone: boolean;
}
