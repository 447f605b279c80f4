/** What happens during an observation, a plan or a recovery, told as it happens. */
import type * as E from 'fp-ts/lib/Either.js';
import type * as O from 'fp-ts/lib/Option.js';
import type { Performed } from '../core/action.js';
import type { ItemFailure, PortError, RecoveryFailure } from '../core/failure.js';
import type { Finding } from '../core/finding.js';
import type { Plan } from '../core/plan.js';
import type { Policy } from '../core/policy.js';

/** A sandbox or container by its id, an image by its name, a directory by its path. */
export interface Item {
  readonly kind: ItemFailure['kind'];
  readonly id: string;
}

/** What a run does; where something does not answer it decides and acts twice, with the early part while the observation goes on. */
export interface Phase {
  readonly phase: 'observe' | 'decide' | 'act';
  readonly part: 'whole' | 'early' | 'rest';
}

/** The first of every run: one observation, plan or recovery, that of a watch included. */
export interface RunBegan {
  readonly _tag: 'RunBegan';
  readonly mode: 'observe' | 'plan' | 'recover';
  /** None where nothing is decided. */
  readonly policy: O.Option<Policy>;
}

/** What an item has come to. */
export interface ItemActed extends Item {
  readonly _tag: 'ItemActed';
  readonly result: E.Either<
    ItemFailure,
    { readonly performed: ReadonlyArray<Performed>; readonly findings: ReadonlyArray<Finding> }
  >;
}

/** A step of one run. */
export type Happening =
  | RunBegan
  | ({ readonly _tag: 'PhaseBegan' } & Phase)
  | { readonly _tag: 'Listed'; readonly sandboxes: number; readonly containers: number; readonly images: number }
  /** The one call for all tasks did not answer in time; they are asked one by one. */
  | { readonly _tag: 'TaskListStalled'; readonly afterMs: number }
  /** Its turn has come: it is read from now on. */
  | ({ readonly _tag: 'ItemObserving' } & Item)
  | ({
      readonly _tag: 'ItemObserved';
      readonly answered: boolean;
      /** Why what could not be read of it could not; that something is not there is an answer. */
      readonly errors: ReadonlyArray<PortError>;
    } & Item)
  /** Told of items with something to do. */
  | ({ readonly _tag: 'ItemActing' } & Item)
  | ItemActed
  | ({ readonly _tag: 'PhaseEnded'; readonly failure: O.Option<RecoveryFailure> } & Phase)
  /** The plan as it is decided or performed; none after an observation alone. What is still being read then is told all the same. */
  | { readonly _tag: 'RunEnded'; readonly result: E.Either<RecoveryFailure, O.Option<Plan>> };

/** A change that somebody who stays is told of, by the tag it has there. */
export interface Changed {
  readonly _tag: 'Changed';
  readonly change: 'ContainerChanged' | 'SandboxChanged' | 'ConnectionLost' | 'ConnectionBack' | 'Ended';
}

/** A step of a run, which goes by a number of its own in this process, or a change after it. */
export type Progress = (Happening & { readonly run: number }) | Changed;

/** Is told; what it throws is ignored. */
export interface Log {
  /** Whatever it throws disturbs nobody. */
  readonly progress: (event: Progress) => void;
}

/** Tells nobody. */
export const silentLog: Log = { progress: () => undefined };
