/**
 * The one way in which this adapter asks containerd something: typed errors, an end when nobody waits any more, one log line. What goes on
 * for longer is followed (`follow.ts`).
 */
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import type { Call, PortCall, PortError } from '../ports/index.js';
import type { Clients } from './clients.js';
import type { ContainerdConnection } from './connect.js';
import { endingWith } from './ending.js';
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
    const ending = endingWith([signal, closed]);
    const attempt = async (): Promise<E.Either<PortError, A>> => {
      try {
        ending.signal.throwIfAborted();
        return E.right(await request(await connection.clients(), { signal: ending.signal }));
      } catch (thrown) {
        return E.left(fromGrpc(call, thrown, { address, closed: closed.aborted, gaveUp: signal.aborted }));
      } finally {
        ending.end();
      }
    };
    const answer = await attempt();
    log('%s', logLine(call, started, E.isRight(answer) ? 'ok' : inWords(answer.left)));
    return answer;
  };

/** One line for a call that has ended. */
export const logLine = (call: Call, started: number, outcome: string): string =>
  [call.port, call.operation, call.subject, `${(performance.now() - started).toFixed(1)} ms`, outcome]
    .filter(Boolean)
    .join(' ');

export const inWords = ({ _tag, message }: PortError): string => `${_tag}: ${message}`;
