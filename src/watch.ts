/**
 * Recovers a node and stays: listens before it looks, recovers, then follows every exit and every container's output until it is stopped.
 */
import { setMaxListeners } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as RTE from 'fp-ts/lib/ReaderTaskEither.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type BoundOptions, bounded } from './bounds/bounded.js';
import { answer, hasGivenUp, withDeadline } from './bounds/deadline.js';
import { limitsOf } from './bounds/limits.js';
import type { SandboxDecision } from './core/decide-sandbox.js';
import type { RecoveryFailure } from './core/failure.js';
import type { Plan } from './core/plan.js';
import { careful, type Policy } from './core/policy.js';
import { enter, refuseBesideCri } from './guard.js';
import { type Decision, isContainer } from './monitor/change.js';
import { type Monitor, openMonitor } from './monitor/monitor.js';
import type { PortError, Ports } from './ports/index.js';
import { type RecoverOptions, recoverUnder } from './recover.js';
import type { Tell } from './telling/tell.js';
import { toldRun } from './telling/told.js';

/** A recovered node, and somebody who stays with it. */
export interface Watch extends Pick<Monitor, 'changes' | 'follow' | 'forget' | 'stop' | 'stopped'> {
  /** What the recovery came to. */
  readonly recovered: Plan;
  /** The same as it is known by now, what has been followed since included. */
  readonly current: () => Plan;
}

/**
 * Recovers a node and stays until it is stopped or the signal fires. Fails as `recover` does. Containers' output goes to their CRI logs from
 * the recovery on, exits are stored as they happen, and `changes` tells of both.
 */
export const watch =
  (options: RecoverOptions = {}): RTE.ReaderTaskEither<Ports, RecoveryFailure, Watch> =>
  (ports) => {
    const { policy = careful } = options;
    const began = { mode: 'recover', policy: O.some(policy) } as const;
    return toldRun(
      ports.log,
      began,
      ({ recovered }) => O.some(recovered),
      (tell) => watchTold({ ...options, policy }, tell)(ports),
    );
  };

const watchTold =
  (
    { policy, alongsideCri = false, ...options }: RecoverOptions & { readonly policy: Policy },
    tell: Tell,
  ): RTE.ReaderTaskEither<Ports, RecoveryFailure, Watch> =>
  (ports) =>
  async () => {
    const limits = limitsOf(options.limits);
    const signal = options.signal ?? new AbortController().signal;
    const entered = await enter(ports, alongsideCri, limits, signal)();
    if (E.isLeft(entered)) return entered;
    const leave = entered.right;
    const mayStay = (within: AbortSignal) => refuseBesideCri(ports, limits, within);
    const monitor = openMonitor(ports, { policy, limits, ...(alongsideCri ? {} : { mayStay }) });
    const givingUp = new AbortController();
    setMaxListeners(0, givingUp.signal);
    const giveUp = (): void => givingUp.abort();
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const stopped = monitor.stopped.then(async (failure) => {
      giveUp();
      signal.removeEventListener('abort', giveUp);
      await leave();
      return failure;
    });
    const stop = async (): Promise<void> => {
      await monitor.stop();
      await stopped;
    };
    let stays = false;
    try {
      const recovered = await recoverWith(monitor, policy, tell, { ...options, signal: givingUp.signal })(ports)();
      if (E.isLeft(recovered)) return E.mapLeft(await orWhyStopped(monitor, givingUp.signal))(recovered);
      const { right: plan } = recovered;
      monitor.follow([...plan.sandboxes, ...plan.containers]);
      givingUp.signal.addEventListener('abort', () => void monitor.stop());
      stays = true;
      if (givingUp.signal.aborted) void monitor.stop();
      const { changes, follow, forget, known } = monitor;
      return E.right({
        recovered: plan,
        current: () => planWith(plan, known()),
        changes,
        follow,
        forget,
        stop,
        stopped,
      });
    } finally {
      if (!stays) await stop();
    }
  };

/** The recovery, begun once nothing can be missed any more. */
const recoverWith =
  (
    monitor: Monitor,
    policy: Policy,
    tell: Tell,
    options: BoundOptions,
  ): RTE.ReaderTaskEither<Ports, RecoveryFailure, Plan> =>
  (ports) =>
    bounded(options, (limits, signal) =>
      pipe(
        withDeadline(limits.itemTimeoutMs, signal, (short) => untilOpened(monitor, short)),
        TE.chain(() => recoverUnder(policy, limits, signal, monitor.attend, tell)(ports)),
      ),
    );

/** Who was made to give up says why. */
const orWhyStopped = async (
  monitor: Monitor,
  givingUp: AbortSignal,
): Promise<(failure: RecoveryFailure) => RecoveryFailure> => {
  const why = givingUp.aborted ? await Promise.race([monitor.stopped, Promise.resolve(O.none)]) : O.none;
  return (failure) => O.getOrElse(() => failure)(why);
};

const untilOpened = (monitor: Monitor, signal: AbortSignal): TE.TaskEither<RecoveryFailure, void> => {
  const call = { port: 'exits', operation: 'subscribe', subject: '' } as const;
  const opened = answer(call, () => () => () => monitor.opened, signal);
  return TE.mapLeft(
    (error: PortError): RecoveryFailure =>
      hasGivenUp(signal) ? { _tag: 'Aborted' } : { _tag: 'NodeUnreadable', error },
  )(opened);
};

/** The plan with what is known by now in the place of what was decided then. */
const planWith = (plan: Plan, known: ReadonlyArray<Decision>): Plan => {
  const sorted = [...known].sort((a, b) => (a.record.id < b.record.id ? -1 : 1));
  return {
    ...plan,
    sandboxes: sorted.filter((decision): decision is SandboxDecision => !isContainer(decision)),
    containers: sorted.filter(isContainer),
  };
};
