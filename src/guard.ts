/**
 * One at a time: whoever acts on a node does so without containerd's own CRI plugin and without another of our kind.
 */
import debug from 'debug';
import { pipe } from 'fp-ts/lib/function.js';
import type * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { answer, hasGivenUp, withDeadline } from './bounds/deadline.js';
import type { Limits } from './bounds/limits.js';
import { describePortError, type RecoveryFailure } from './core/failure.js';
import type { Call, PortCall, PortError, ReadPorts, WritePorts } from './ports/index.js';

const trace = debug('cri-recovery:recover');

/** Gives the node back. What cannot be given back is in nobody's way once this process has ended. */
export type Leave = T.Task<void>;

/** Does the work while this process has the node's lock, and gives it back however the work ends. */
export const alone = <A>(
  ports: ReadPorts & WritePorts,
  alongsideCri: boolean,
  limits: Limits,
  signal: AbortSignal,
  work: TE.TaskEither<RecoveryFailure, A>,
): TE.TaskEither<RecoveryFailure, A> =>
  TE.bracket(
    enter(ports, alongsideCri, limits, signal),
    () => work,
    (leave) => TE.fromTask(leave),
  );

/** Takes the node's lock, unless containerd's own CRI plugin is at work there; the lock is given back by what it yields. */
export const enter = (
  ports: ReadPorts & WritePorts,
  alongsideCri: boolean,
  limits: Limits,
  signal: AbortSignal,
): TE.TaskEither<RecoveryFailure, Leave> => {
  const call = { port: 'lock', subject: '' } as const;
  const acquire = within(limits, { ...call, operation: 'acquire' }, () => ports.lock.acquire(), signal);
  // Not under the signal: the lock is given back even when the caller has given up.
  const unlimited = new AbortController().signal;
  const release = within(limits, { ...call, operation: 'release' }, () => ports.lock.release(), unlimited);
  const leave: Leave = pipe(release, TE.getOrElse(traceOnly));
  const locked = pipe(
    acquire,
    TE.bimap(
      (error): RecoveryFailure => (hasGivenUp(signal) ? { _tag: 'Aborted' } : { _tag: 'NodeLocked', error }),
      () => leave,
    ),
  );
  return alongsideCri
    ? locked
    : pipe(
        refuseBesideCri(ports, limits, signal),
        TE.chain(() => locked),
      );
};

/** `CriActive` while containerd's own CRI plugin is at work, `NodeUnreadable` where it cannot be told. */
export const refuseBesideCri = (
  { daemon }: Pick<ReadPorts, 'daemon'>,
  limits: Limits,
  signal: AbortSignal,
): TE.TaskEither<RecoveryFailure, void> => {
  const call = { port: 'daemon', operation: 'hasActiveCri', subject: '' } as const;
  return pipe(
    within(limits, call, () => daemon.hasActiveCri(), signal),
    TE.mapLeft(
      (error): RecoveryFailure => (hasGivenUp(signal) ? { _tag: 'Aborted' } : { _tag: 'NodeUnreadable', error }),
    ),
    TE.chain((isActive) => (isActive ? TE.left<RecoveryFailure, void>({ _tag: 'CriActive' }) : TE.right(undefined))),
  );
};

const within = <A>(
  limits: Limits,
  call: Call,
  make: () => PortCall<A>,
  signal: AbortSignal,
): TE.TaskEither<PortError, A> => withDeadline(limits.itemTimeoutMs, signal, (short) => answer(call, make, short));

const traceOnly = (error: PortError): T.Task<void> => {
  trace('%s', describePortError(error));
  return async () => undefined;
};
