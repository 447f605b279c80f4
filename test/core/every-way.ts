/** Walks a container decision through every outcome of every step, and says where each way ends. */
import * as E from 'fp-ts/lib/Either.js';
import type { ContainerDecision } from '../../src/core/container-decision.js';
import { containerState } from '../../src/core/container-status.js';
import { decideContainer } from '../../src/core/decide-container.js';
import type { ItemFailure } from '../../src/core/failure.js';
import type { ObservedContainer } from '../../src/core/observation.js';
import type { Policy } from '../../src/core/policy.js';
import { settleContainer } from '../../src/core/settle-container.js';
import type { Leaf, Leaves } from './tables/container-row.js';
import { type OutcomeCase, outcomes, outcomesOf, type StepName } from './tables/path.js';
import { times } from './tables/readings.js';

/** More steps than any decision has. */
const longest = 12;

/** Calls back at every decision on the way, the first one included, with the way that led to it. */
export const walk = (
  policy: Policy,
  observed: ObservedContainer,
  visit: (way: string, decision: E.Either<ItemFailure, ContainerDecision>) => void,
  choose: (step: StepName) => ReadonlyArray<OutcomeCase> = outcomesOf,
  now: bigint = times.now,
): void => {
  const settle = settleContainer(policy, now);
  const go = (way: ReadonlyArray<string>, decision: ContainerDecision): void => {
    visit(way.join(' '), E.right(decision));
    const [step] = decision.steps;
    if (step === undefined) return;
    if (way.length > longest) throw new Error(`does not end: ${way.join(' ')}`);
    for (const name of choose(step._tag)) {
      const next = [...way, `${step._tag}:${name}`];
      const settled = settle(decision, outcomes[name]);
      if (E.isLeft(settled)) visit(next.join(' '), settled);
      else go(next, settled.right);
    }
  };
  go([], decideContainer(policy, now)(observed));
};

/** A decision with all that is still to be done done. */
export const finish = (policy: Policy, now: bigint, decision: ContainerDecision): ContainerDecision => {
  if (decision.steps.length === 0) return decision;
  const settled = settleContainer(policy, now)(decision, outcomes.Done);
  if (E.isLeft(settled)) throw new Error(settled.left.message);
  return finish(policy, now, settled.right);
};

/** Where every way ends. */
export const endsOf = (policy: Policy, observed: ObservedContainer): Leaves => {
  const leaves = new Map<string, Leaf | 'skipped'>();
  walk(policy, observed, (way, decision) => {
    if (E.isLeft(decision)) leaves.set(way, 'skipped');
    else if (decision.right.steps.length === 0) leaves.set(way, leafOf(decision.right));
  });
  return leaves;
};

export const leafOf = (decision: ContainerDecision): Leaf => {
  const wrote = decision.performed
    .flatMap(({ step }) => (step._tag === 'WriteCheckpoint' ? [step.checkpoint.status] : []))
    .at(-1);
  return {
    state: containerState(decision.status),
    status: decision.status,
    evidence: decision.evidence,
    monitored: decision.monitored,
    file: decision.checkpoint,
    // The flag is not stored; that the step does not carry it is asked elsewhere.
    wrote: wrote === undefined ? undefined : { ...wrote, unknown: false },
    findings: decision.findings.map(({ code }) => code).sort(),
  };
};
