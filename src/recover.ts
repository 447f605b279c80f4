/**
 * The whole story on one screen. `plan` is what a recovery would do, and nothing done: `decide` after `observe`. `recover` does it:
 * `act` after that, while nobody else acts on the node.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RTE from 'fp-ts/lib/ReaderTaskEither.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { act } from './act.js';
import { type Attend, nobodyStays } from './attend.js';
import { type BoundOptions, bounded } from './bounds/bounded.js';
import { breathing } from './bounds/breathing.js';
import type { Limits } from './bounds/limits.js';
import { decideInTurns } from './core/decide.js';
import { earlyPart, together, without } from './core/early.js';
import type { RecoveryFailure } from './core/failure.js';
import type { Observation } from './core/observation.js';
import type { Plan } from './core/plan.js';
import { careful, type Policy } from './core/policy.js';
import { alone } from './guard.js';
import { look, observeUnder, unlessGivenUp } from './observe.js';
import type { ReadPorts, WritePorts } from './ports/index.js';
import type { EarlyLook, Look } from './reading/look.js';
import type { Tell } from './telling/tell.js';
import { toldPhase, toldRun } from './telling/told.js';

/** How a plan is decided, how long it may take, and a signal to give up by. */
export interface PlanOptions extends BoundOptions {
  /** Default: `policies.careful`. */
  readonly policy?: Policy;
}

/** The same for who acts. */
export interface RecoverOptions extends PlanOptions {
  /** Acts although containerd's own CRI plugin is at work there. Default: false. */
  readonly alongsideCri?: boolean;
}

/** Plans the recovery of a node. It reads through the ports and has none to write through. */
export const plan =
  ({ policy = careful, ...options }: PlanOptions = {}): RTE.ReaderTaskEither<ReadPorts, RecoveryFailure, Plan> =>
  (ports) =>
    toldRun(ports.log, { mode: 'plan', policy: O.some(policy) }, O.some, (tell) =>
      bounded(options, (limits, signal) => planUnder(policy, limits, signal, tell)(ports)),
    );

/**
 * Recovers a node: the plan with every step done and settled. Fails without a plan, or where somebody else acts on the node (`CriActive`,
 * `NodeLocked`); an item that fails is in the result.
 */
export const recover =
  ({
    policy = careful,
    alongsideCri = false,
    ...options
  }: RecoverOptions = {}): RTE.ReaderTaskEither<ReadPorts & WritePorts, RecoveryFailure, Plan> =>
  (ports) =>
    toldRun(ports.log, { mode: 'recover', policy: O.some(policy) }, O.some, (tell) =>
      bounded(options, (limits, signal) =>
        alone(ports, alongsideCri, limits, signal, recoverUnder(policy, limits, signal, nobodyStays, tell)(ports)),
      ),
    );

/** What is decided on, and acted on: all of it, or what has answered first and then the rest. */
type Part = 'whole' | 'early' | 'rest';

const decideUnder =
  (policy: Policy, tell: Tell, part: Part) =>
  (observation: Observation): TE.TaskEither<RecoveryFailure, Plan> =>
    toldPhase(
      tell,
      { phase: 'decide', part },
      breathing(() => decideInTurns(policy, observation.takenAt, observation)),
    );

const planUnder = (
  policy: Policy,
  limits: Limits,
  signal: AbortSignal,
  tell: Tell,
): RTE.ReaderTaskEither<ReadPorts, RecoveryFailure, Plan> =>
  pipe(observeUnder(limits, signal, tell), RTE.chainTaskEitherK(decideUnder(policy, tell, 'whole')));

/**
 * The same under limits, a signal and a lock that somebody else watches, told as part of a run; `attend` does what only those need who stay. Where something does not
 * answer, all that does not depend on it is recovered before the rest is waited for.
 */
export const recoverUnder =
  (
    policy: Policy,
    limits: Limits,
    signal: AbortSignal,
    attend: Attend,
    tell: Tell,
  ): RTE.ReaderTaskEither<ReadPorts & WritePorts, RecoveryFailure, Plan> =>
  (ports) => {
    const decideOn = (part: Part) => decideUnder(policy, tell, part);
    const perform = (part: Part) => (planned: Plan) =>
      toldPhase(tell, { phase: 'act', part }, TE.fromTask(act(planned, limits, signal, attend, tell)(ports)));
    const atOnce = ({ whole }: Look) =>
      pipe(unlessGivenUp(signal)(whole), TE.chain(decideOn('whole')), TE.chain(perform('whole')));
    const inTwo = ({ whole }: Look, { observation, late }: EarlyLook) =>
      pipe(
        decideOn('early')(observation),
        TE.map((planned) => earlyPart(planned, late)),
        TE.bindTo('part'),
        TE.bind('begun', ({ part }) => perform('early')(part)),
        TE.bind('planned', () => pipe(TE.fromTask(whole), TE.chain(decideOn('rest')))),
        TE.bind('rest', ({ part, planned }) => perform('rest')(without(planned, part))),
        TE.map(({ begun, rest }) => together(begun, rest)),
      );
    return pipe(
      look(limits, signal, tell)(ports),
      TE.bindTo('looking'),
      TE.bind('early', ({ looking }) => TE.fromTask(looking.early)),
      TE.chain(({ looking, early }) => (O.isNone(early) ? atOnce(looking) : inTwo(looking, early.value))),
    );
  };
