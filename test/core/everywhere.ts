/** Asks something of every decision on every way: under both presets in every situation of the tables, and under mixed policies in many others. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { ContainerStep } from '../../src/core/action.js';
import type { ContainerDecision } from '../../src/core/container-decision.js';
import type { ObservedContainer } from '../../src/core/observation.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { arbitraryContainer, arbitraryPolicy } from './arbitraries.js';
import { walk } from './every-way.js';
import { observedContainer } from './records.js';
import { checkpointCases, processCases, taskCases } from './tables/readings.js';

export const situations: ReadonlyArray<ObservedContainer> = taskCases.flatMap((task) =>
  checkpointCases.flatMap((checkpoint) => processCases.map((process) => observedContainer(task, checkpoint, process))),
);

export interface Point {
  readonly policy: Policy;
  readonly observed: ObservedContainer;
  readonly decision: ContainerDecision;
}

export interface Asking {
  /** Rows that every asked policy has. */
  readonly given?: Partial<Policy>;
  readonly numRuns?: number;
}

/** Returns how many decisions were asked. */
export const everywhere = (ask: (point: Point) => void, { given = {}, numRuns = 250 }: Asking = {}): number => {
  let asked = 0;
  const askAll = (mixed: Policy, observed: ObservedContainer): void => {
    const policy = { ...mixed, ...given };
    walk(policy, observed, (_, decision) => {
      if (E.isLeft(decision)) return;
      asked += 1;
      ask({ policy, observed, decision: decision.right });
    });
  };
  for (const policy of [containerd, careful]) for (const observed of situations) askAll(policy, observed);
  fc.assert(fc.property(arbitraryPolicy, arbitraryContainer, askAll), { numRuns });
  return asked;
};

export const has = (steps: ReadonlyArray<ContainerStep>, tag: ContainerStep['_tag']): boolean =>
  steps.some(({ _tag }) => _tag === tag);

export const writesOf = (steps: ReadonlyArray<ContainerStep>) =>
  steps.flatMap((step) => (step._tag === 'WriteCheckpoint' ? [step.checkpoint] : []));
