/** The JSON that `plan --json` prints, as its reader sees it. */
import { expect } from 'vitest';

export interface PlannedAction {
  readonly action: string;
  readonly outcome: string;
}

export interface FoundOdd {
  readonly code: string;
  readonly message: string;
}

interface Planned {
  readonly actions: ReadonlyArray<PlannedAction>;
  readonly findings: ReadonlyArray<FoundOdd>;
}

/** Times are nanoseconds since 1970 as decimal strings. */
export interface PlannedSandbox extends Planned {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly pid: number;
  readonly createdAt: string;
  readonly netns: { readonly mode: string; readonly path?: string; readonly present?: boolean | null };
  readonly monitored: boolean;
}

export interface PlannedContainer extends Planned {
  readonly id: string;
  readonly name: string;
  readonly sandboxId: string;
  readonly state: string;
  readonly pid: number;
  readonly createdAt: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly evidence: Readonly<Record<string, string>>;
  readonly checkpoint: string;
  readonly monitored: boolean;
}

export interface PlannedImage extends Planned {
  readonly name: string;
  readonly id: string;
  readonly state: string;
}

export interface PlannedOrphan {
  readonly path: string;
  readonly outcome: string;
  readonly why: string;
  readonly refused: boolean;
  readonly actions: ReadonlyArray<PlannedAction>;
}

export interface PlanDocument {
  readonly schema: string;
  readonly mode: string;
  readonly policy: Readonly<Record<string, string>>;
  readonly node: Readonly<Record<string, string>>;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly sandboxes: ReadonlyArray<PlannedSandbox>;
  readonly containers: ReadonlyArray<PlannedContainer>;
  readonly images: ReadonlyArray<PlannedImage>;
  readonly orphans: ReadonlyArray<PlannedOrphan>;
  readonly failures: ReadonlyArray<{
    readonly kind: string;
    readonly id: string;
    readonly tag: string;
    readonly message: string;
  }>;
}

/** Reads standard output, which has to be one JSON document and nothing else. */
export const parsePlan = (stdout: string): PlanDocument => {
  const document: PlanDocument = JSON.parse(stdout);
  expect(document).toMatchObject({ schema: 'cri-recovery/report@1', mode: 'plan' });
  return document;
};

export const actionsOf = ({ actions }: { readonly actions: ReadonlyArray<PlannedAction> }): ReadonlyArray<string> =>
  actions.map(({ action }) => action);

export const codesOf = ({ findings }: { readonly findings: ReadonlyArray<FoundOdd> }): ReadonlyArray<string> =>
  findings.map(({ code }) => code);

/** The item of that id; fails the test where there is none. */
export const itemOf = <A extends { readonly id: string }>(items: ReadonlyArray<A>, id: string): A => {
  const item = items.find((candidate) => candidate.id === id);
  if (item === undefined) throw new Error(`not in the plan: ${id}`);
  return item;
};
