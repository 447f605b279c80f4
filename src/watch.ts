/**
 * Recovers a node and stays: listens before it looks, recovers, then follows every exit and every container's output until it is stopped.
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as RTE from 'fp-ts/lib/ReaderTaskEither.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { attendWith } from './attend.js';
import { bounded } from './bounds/bounded.js';
import { answer, hasGivenUp, withDeadline } from './bounds/deadline.js';
import { defaultLimits } from './bounds/limits.js';
import type { SandboxDecision } from './core/decide-sandbox.js';
import type { RecoveryFailure } from './core/failure.js';
import type { Plan } from './core/plan.js';
import { careful } from './core/policy.js';
import { enter, refuseBesideCri } from './guard.js';
import { type Decision, isContainer } from './monitor/change.js';
import { type Monitor, openMonitor } from './monitor/monitor.js';
import type { PortError, Ports } from './ports/index.js';
import { type RecoverOptions, recoverUnder } from './recover.js';

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
  ({
    policy = careful,
    alongsideCri = false,
    ...options
  }: RecoverOptions = {}): RTE.ReaderTaskEither<Ports, RecoveryFailure, Watch> =>
  (ports) =>
  async () => {
    const limits = { ...defaultLimits, ...options.limits };
    const signal = options.signal ?? new AbortController().signal;
    const entered = await enter(ports, alongsideCri, limits, signal)();
    if (E.isLeft(entered)) return entered;
    const leave = entered.right;
    const mayStay = (within: AbortSignal) => refuseBesideCri(ports, limits, within);
    const monitor = openMonitor(ports, { policy, limits, ...(alongsideCri ? {} : { mayStay }) });
    const opened = await withDeadline(limits.itemTimeoutMs, signal, (short) => untilOpened(monitor, short))();
    const recovered = E.isLeft(opened)
      ? opened
      : await bounded(options, (_, whole) => recoverUnder(policy, limits, whole, attendWith(ports))(ports))();
    if (E.isLeft(recovered)) {
      await monitor.stop();
      await leave();
      return recovered;
    }
    monitor.follow([...recovered.right.sandboxes, ...recovered.right.containers]);
    const stopBySignal = (): void => void monitor.stop();
    signal.addEventListener('abort', stopBySignal);
    if (signal.aborted) stopBySignal();
    const stopped = monitor.stopped.then(leave).finally(() => signal.removeEventListener('abort', stopBySignal));
    return E.right({
      recovered: recovered.right,
      current: () => planWith(recovered.right, monitor.known()),
      changes: monitor.changes,
      follow: monitor.follow,
      forget: monitor.forget,
      stop: () => monitor.stop().then(() => stopped),
      stopped,
    });
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
