/**
 * The other way to call containerd: a stream that is read for as long as it lasts. Shares with `ask` the typed errors, the end when nobody
 * waits any more, and the one log line at the end.
 */
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import { type Call, type PortError, portError } from '../ports/index.js';
import { inWords, logLine, type RequestOptions } from './ask.js';
import type { Clients } from './clients.js';
import type { ContainerdConnection } from './connect.js';
import { endingWith } from './ending.js';
import { fromGrpc } from './grpc-error.js';

const log = debug('cri-recovery:containerd');

/**
 * The messages of a stream that containerd should never end: where it does, or the connection breaks, the last value is a left. With the
 * signal it ends without one, though what had arrived by then may still come. HTTP/2 lets little more through than was read; the rest waits
 * at containerd.
 */
export const follow = async function* <A>(
  connection: ContainerdConnection,
  call: Call,
  signal: AbortSignal,
  request: (clients: Clients, options: RequestOptions) => AsyncIterable<A>,
): AsyncGenerator<E.Either<PortError, A>, void> {
  const { address, closed } = connection;
  const started = performance.now();
  const ending = endingWith([signal, closed]);
  let outcome = 'not wanted any more';
  const broken = (error: PortError): E.Either<PortError, A> => {
    outcome = inWords(error);
    return E.left(error);
  };
  try {
    ending.signal.throwIfAborted();
    for await (const message of request(await connection.clients(), { signal: ending.signal })) yield E.right(message);
    yield broken(portError('Unavailable', call, `containerd at ${address} has ended the stream`));
  } catch (thrown) {
    if (!signal.aborted) yield broken(fromGrpc(call, thrown, { address, closed: closed.aborted, gaveUp: false }));
  } finally {
    ending.end();
    log('%s', logLine(call, started, outcome));
  }
};
