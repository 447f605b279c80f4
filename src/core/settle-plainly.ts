/** Settling for decisions to which no outcome makes a difference but that it is noted. */
import type { Outcome, Performed, Step } from './action.js';

interface Worked<S extends Step> {
  readonly steps: ReadonlyArray<S>;
  readonly performed: ReadonlyArray<Performed<S>>;
}

/** Moves the first step to what was done, where its outcome changes nothing else. */
export const settlePlainly = <S extends Step, D extends Worked<S>>(decision: D & Worked<S>, outcome: Outcome): D => {
  const [step, ...steps] = decision.steps;
  return step === undefined ? decision : { ...decision, steps, performed: [...decision.performed, { step, outcome }] };
};
