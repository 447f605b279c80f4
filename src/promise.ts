/**
 * The Promise API: the same functions as an object, for callers who do not use fp-ts. The only place in the library that throws.
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { describeRecoveryFailure, type RecoveryFailure } from './core/failure.js';
import type { Observation } from './core/observation.js';
import type { Plan } from './core/plan.js';
import { observe } from './observe.js';
import type { Ports, ReadPorts, WritePorts } from './ports/index.js';
import { type PlanOptions, plan, type RecoverOptions, recover } from './recover.js';
import { type Watch, watch } from './watch.js';

/** What promises are rejected with; `failure` says what it was, for a `switch` on its `_tag`. */
export class RecoveryError extends Error {
  override readonly name = 'RecoveryError';
  readonly failure: RecoveryFailure;
  constructor(failure: RecoveryFailure) {
    super(describeRecoveryFailure(failure), failure._tag === 'NodeUnreadable' ? { cause: failure.error.cause } : {});
    this.failure = failure;
  }
}

/** What only reads. */
export interface Planner {
  /** Reads the node. @throws {RecoveryError} */
  readonly observe: (call?: { readonly signal?: AbortSignal }) => Promise<Observation>;
  /** Reads the node and decides what would become of everything on it. @throws {RecoveryError} */
  readonly plan: (call?: { readonly signal?: AbortSignal }) => Promise<Plan>;
}

export interface Recovery extends Planner {
  /** Recovers the node: the plan with every step done and settled. @throws {RecoveryError} */
  readonly recover: (call?: { readonly signal?: AbortSignal }) => Promise<Plan>;
}

/**
 * Plans over ports that only read. Options hold for every call; a call can bring a signal of its own.
 *
 * @example
 * const planner = createPlanner(fakePorts(fakeNode()), { policy: policies.careful });
 * const { containers } = await planner.plan();
 */
export const createPlanner = (ports: ReadPorts, options: PlanOptions = {}): Planner => ({
  observe: (call) => settled(observe({ ...options, ...call })(ports)),
  plan: (call) => settled(plan({ ...options, ...call })(ports)),
});

/**
 * Plans and recovers over ports that read and act. Options hold for every call; a call can bring a signal of its own.
 *
 * @example
 * const recovery = createRecovery(fakePorts(fakeNode()), { policy: policies.careful });
 * const { containers } = await recovery.recover();
 */
export const createRecovery = (ports: ReadPorts & WritePorts, options: RecoverOptions = {}): Recovery => ({
  ...createPlanner(ports, options),
  recover: (call) => settled(recover({ ...options, ...call })(ports)),
});

/** What recovers and stays. */
export interface Watcher extends Recovery {
  /** Recovers the node and stays until it is stopped or the signal fires. @throws {RecoveryError} */
  readonly watch: (call?: { readonly signal?: AbortSignal }) => Promise<Watch>;
}

/**
 * Plans, recovers and stays over the ports of a whole node. Options hold for every call; a call can bring a signal of its own.
 *
 * @example
 * const watcher = createWatcher(fakePorts(fakeNode()), { policy: policies.careful });
 * const { changes, stop } = await watcher.watch();
 * await stop();
 * for await (const change of changes) assert.fail(change._tag);
 */
export const createWatcher = (ports: Ports, options: RecoverOptions = {}): Watcher => ({
  ...createRecovery(ports, options),
  watch: (call) => settled(watch({ ...options, ...call })(ports)),
});

const settled = async <A>(task: TE.TaskEither<RecoveryFailure, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new RecoveryError(result.left);
  return result.right;
};
