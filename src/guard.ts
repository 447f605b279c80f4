/**
 * One at a time: whoever acts on a node does so without containerd's own CRI plugin and without another of our kind.
 */
import debug from 'debug';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { answer, withDeadline } from './bounds/deadline.js';
import type { Limits } from './bounds/limits.js';
import { describePortError, type RecoveryFailure } from './core/failure.js';
import type { Call, PortCall, PortError, ReadPorts, WritePorts } from './ports/index.js';

const trace = debug('cri-recovery:recover');

/** Does the work while this process has the node's lock, and gives it back however the work ends. */
export const alone = <A>(
  ports: ReadPorts & WritePorts,
  alongsideCri: boolean,
  limits: Limits,
  signal: AbortSignal,
  work: TE.TaskEither<RecoveryFailure, A>,
): TE.TaskEither<RecoveryFailure, A> => {
  const ask = <B>(call: Call, make: () => PortCall<B>, within: AbortSignal): TE.TaskEither<PortError, B> =>
    withDeadline(limits.itemTimeoutMs, within, (short) => answer(call, make, short));
  const subject = '';
  const hasActiveCri = ask(
    { port: 'daemon', operation: 'hasActiveCri', subject },
    () => ports.daemon.hasActiveCri(),
    signal,
  );
  const acquire = ask({ port: 'lock', operation: 'acquire', subject }, () => ports.lock.acquire(), signal);
  // Not under the signal: the lock is given back even when the caller has given up.
  const release = ask(
    { port: 'lock', operation: 'release', subject },
    () => ports.lock.release(),
    new AbortController().signal,
  );

  const locked = pipe(
    acquire,
    TE.mapLeft((error): RecoveryFailure => ({ _tag: 'NodeLocked', error })),
  );
  const guarded = TE.bracket(
    locked,
    () => work,
    () => TE.orElse(keepResult)(release),
  );
  if (alongsideCri) return guarded;
  return pipe(
    hasActiveCri,
    TE.mapLeft((error): RecoveryFailure => ({ _tag: 'NodeUnreadable', error })),
    TE.filterOrElse(
      (isActive) => !isActive,
      (): RecoveryFailure => ({ _tag: 'CriActive' }),
    ),
    TE.chain(() => guarded),
  );
};

/** A lock that cannot be given back is in nobody's way once this process has ended; the recovery is done all the same. */
const keepResult = (error: PortError): TE.TaskEither<never, void> => {
  trace('%s', describePortError(error));
  return TE.right(undefined);
};
