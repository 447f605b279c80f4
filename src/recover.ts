/**
 * The whole story on one screen. `plan` is `decide` after `observe`: what a recovery would do, and nothing done.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as RTE from 'fp-ts/lib/ReaderTaskEither.js';
import { decide } from './core/decide.js';
import type { RecoveryFailure } from './core/failure.js';
import type { Plan } from './core/plan.js';
import { careful, type Policy } from './core/policy.js';
import { type ObserveOptions, observe } from './observe.js';
import type { ReadPorts } from './ports/index.js';

export interface PlanOptions extends ObserveOptions {
  /** Default: `policies.careful`. */
  readonly policy?: Policy;
}

/** Plans the recovery of a node. It reads through the ports and has none to write through. */
export const plan = ({
  policy = careful,
  ...options
}: PlanOptions = {}): RTE.ReaderTaskEither<ReadPorts, RecoveryFailure, Plan> =>
  pipe(
    observe(options),
    RTE.chainEitherKW((observation) => decide(policy, observation.takenAt)(observation)),
  );
