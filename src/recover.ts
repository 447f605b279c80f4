/**
 * The whole story on one screen. `plan` is what a recovery would do, and nothing done: `decide` after `observe`. `recover` does it:
 * `act` after that, while nobody else acts on the node.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as RTE from 'fp-ts/lib/ReaderTaskEither.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { act } from './act.js';
import { type Attend, nobodyStays } from './attend.js';
import { type BoundOptions, bounded } from './bounds/bounded.js';
import type { Limits } from './bounds/limits.js';
import { decide } from './core/decide.js';
import type { RecoveryFailure } from './core/failure.js';
import type { Plan } from './core/plan.js';
import { careful, type Policy } from './core/policy.js';
import { alone } from './guard.js';
import { observeUnder } from './observe.js';
import type { ReadPorts, WritePorts } from './ports/index.js';

export interface PlanOptions extends BoundOptions {
  /** Default: `policies.careful`. */
  readonly policy?: Policy;
}

export interface RecoverOptions extends PlanOptions {
  /** Acts although containerd's own CRI plugin is at work there. Default: false. */
  readonly alongsideCri?: boolean;
}

type Recovering<P, A> = RTE.ReaderTaskEither<P, RecoveryFailure, A>;

/** Plans the recovery of a node. It reads through the ports and has none to write through. */
export const plan =
  ({ policy = careful, ...options }: PlanOptions = {}): Recovering<ReadPorts, Plan> =>
  (ports) =>
    bounded(options, (limits, signal) => planUnder(policy, limits, signal)(ports));

/**
 * Recovers a node: the plan with every step done and settled. Fails without a plan, or where somebody else acts on the node (`CriActive`,
 * `NodeLocked`); an item that fails is in the result.
 */
export const recover =
  ({
    policy = careful,
    alongsideCri = false,
    ...options
  }: RecoverOptions = {}): Recovering<ReadPorts & WritePorts, Plan> =>
  (ports) =>
    bounded(options, (limits, signal) =>
      alone(ports, alongsideCri, limits, signal, recoverUnder(policy, limits, signal, nobodyStays)(ports)),
    );

const planUnder = (policy: Policy, limits: Limits, signal: AbortSignal): Recovering<ReadPorts, Plan> =>
  pipe(
    observeUnder(limits, signal),
    RTE.chainEitherKW((observation) => decide(policy, observation.takenAt)(observation)),
  );

/** The same under limits, a signal and a lock that somebody else watches; `attend` does what only those need who stay. */
export const recoverUnder =
  (policy: Policy, limits: Limits, signal: AbortSignal, attend: Attend): Recovering<ReadPorts & WritePorts, Plan> =>
  (ports) =>
    pipe(
      planUnder(policy, limits, signal)(ports),
      TE.chainTaskK((planned) => act(planned, limits, signal, attend)(ports)),
    );
