/**
 * The one way in which this adapter calls containerd: typed errors, an end when nobody waits any more, one log line.
 */
import { setMaxListeners } from 'node:events';
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import type { Call, PortCall, PortError } from '../ports/index.js';
import type { Clients } from './clients.js';
import type { ContainerdConnection } from './connect.js';
import { fromGrpc } from './grpc-error.js';

const log = debug('cri-recovery:containerd');

/** What a request is to be sent with. */
export interface RequestOptions {
  readonly signal: AbortSignal;
}

/** A port call made of one request; a stream that it leaves half read is ended. */
export const ask =
  <A>(
    connection: ContainerdConnection,
    call: Call,
    request: (clients: Clients, options: RequestOptions) => Promise<A>,
  ): PortCall<A> =>
  (signal) =>
  async () => {
    const { address, closed } = connection;
    const started = performance.now();
    const answer = await endingWith([signal, closed], async (options) => {
      try {
        options.signal.throwIfAborted();
        return E.right(await request(await connection.clients(), options));
      } catch (thrown) {
        return E.left(fromGrpc(call, thrown, { address, closed: closed.aborted, gaveUp: signal.aborted }));
      }
    });
    log('%s', logLine(call, performance.now() - started, answer));
    return answer;
  };

/** Runs with a signal that fires with any of the given ones, and when all is done. */
const endingWith = async <A>(
  signals: ReadonlyArray<AbortSignal>,
  run: (options: RequestOptions) => Promise<A>,
): Promise<A> => {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  if (signals.some(({ aborted }) => aborted)) end();
  // Node warns of more than ten listeners, and one signal may well end a hundred calls.
  setMaxListeners(0, ...signals);
  for (const signal of signals) signal.addEventListener('abort', end);
  try {
    return await run({ signal: ending.signal });
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', end);
    end();
  }
};

const logLine = (call: Call, ms: number, answer: E.Either<PortError, unknown>): string => {
  const outcome = E.isRight(answer) ? 'ok' : `${answer.left._tag}: ${answer.left.message}`;
  return [call.port, call.operation, call.subject, `${ms.toFixed(1)} ms`, outcome].filter(Boolean).join(' ');
};
