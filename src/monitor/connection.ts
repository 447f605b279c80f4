/** The subscription to exits as something that is lost and comes back, with whoever owns the node asked each time whether one may go on. */
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { describePortError, type RecoveryFailure } from '../core/failure.js';
import { type ExitNotice, type ExitSubscriber, type PortError, portError } from '../ports/index.js';
import { listen } from './listen.js';
import { pause } from './pause.js';

const trace = debug('cri-recovery:monitor');

/** Asked each time the connection is back. A failure other than `CriActive` is asked about again. */
export type MayStay = (signal: AbortSignal) => TE.TaskEither<RecoveryFailure, void>;

export interface ConnectionEvents {
  readonly onNotice: (notice: Extract<ExitNotice, { _tag: 'Exit' | 'OutOfMemory' }>) => void;
  readonly onLost: (error: PortError) => void;
  readonly onBack: () => void;
  /** There is no staying any more. */
  readonly onRefused: (failure: RecoveryFailure) => void;
}

export interface Connection {
  /** Resolves with the first subscription, or with the reason why there is none. */
  readonly opened: Promise<E.Either<PortError, void>>;
  readonly isLost: () => boolean;
  /** Resolves once the signal has fired and nobody listens any more. */
  readonly ended: Promise<void>;
}

const askAgainMs = 1_000;

export const keepConnected = (
  exits: ExitSubscriber,
  mayStay: MayStay,
  signal: AbortSignal,
  { onNotice, onLost, onBack, onRefused }: ConnectionEvents,
): Connection => {
  let isLost = false;
  /** Counts what opens and what breaks: an answer to an earlier question is none to this one. */
  let turn = 0;
  let tellOpened: (opened: E.Either<PortError, void>) => void = () => undefined;
  const opened = new Promise<E.Either<PortError, void>>((resolve) => {
    tellOpened = resolve;
  });

  const comeBack = async (mine: number): Promise<void> => {
    while (!signal.aborted && mine === turn) {
      const may = await asked(mayStay, signal);
      if (signal.aborted || mine !== turn) return;
      if (E.isRight(may)) {
        isLost = false;
        return onBack();
      }
      if (may.left._tag === 'CriActive') return onRefused(may.left);
      await pause(askAgainMs, signal);
    }
  };
  const hear = (notice: ExitNotice): void => {
    switch (notice._tag) {
      case 'Open':
        turn += 1;
        tellOpened(E.right(undefined));
        if (isLost) void comeBack(turn);
        return;
      case 'Broken':
        turn += 1;
        trace('%s', describePortError(notice.error));
        tellOpened(E.left(notice.error));
        if (!isLost) onLost(notice.error);
        isLost = true;
        return;
      case 'Exit':
      case 'OutOfMemory':
        onNotice(notice);
    }
  };
  const ended = listen(exits, signal, hear).then(() => tellOpened(E.left(stopped)));
  return { opened, isLost: () => isLost, ended };
};

const stopped = portError(
  'Unavailable',
  { port: 'exits', operation: 'subscribe', subject: '' },
  'nobody listens any more',
);

/** Somebody else's code may throw, whatever its type says. */
const asked = async (
  mayStay: MayStay,
  signal: AbortSignal,
): Promise<E.Either<RecoveryFailure | { readonly _tag: 'Thrown' }, void>> => {
  try {
    return await mayStay(signal)();
  } catch (thrown) {
    trace('whether to stay could not be asked: %s', thrown);
    return E.left({ _tag: 'Thrown' });
  }
};
