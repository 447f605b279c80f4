/**
 * The steps of one decision, worked off one after the other: what comes next depends on how the last one went.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Outcome, Step } from './core/action.js';
import type { ItemFailure } from './core/failure.js';

/** A decision with its steps, the first of which is next. */
export interface Steps {
  readonly steps: ReadonlyArray<Step>;
}

/** What an outcome of the first step makes of a decision. */
export type Settle<D> = (decision: D, outcome: Outcome) => E.Either<ItemFailure, D>;

/** Does steps until there are none left. The left is an item that containerd would have skipped. */
export const workOff = async <D extends Steps>(
  decision: D,
  settle: Settle<D>,
  perform: (step: Step) => Promise<Outcome>,
): Promise<E.Either<ItemFailure, D>> => {
  let current: E.Either<ItemFailure, D> = E.right(decision);
  while (E.isRight(current)) {
    const [step] = current.right.steps;
    if (step === undefined) break;
    current = settle(current.right, await perform(step));
  }
  return current;
};

/** What comes of a decision when all its steps end in the same way. */
export const settleAll = <D extends Steps>(
  decision: D,
  settle: Settle<D>,
  outcome: Outcome,
): E.Either<ItemFailure, D> => {
  let current: E.Either<ItemFailure, D> = E.right(decision);
  while (E.isRight(current) && current.right.steps.length > 0) current = settle(current.right, outcome);
  return current;
};

/** A settling that fails no item. */
export const always =
  <D>(settle: (decision: D, outcome: Outcome) => D): Settle<D> =>
  (decision, outcome) =>
    E.right(settle(decision, outcome));
