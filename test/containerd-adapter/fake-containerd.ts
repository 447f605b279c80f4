/** A gRPC server with as much of containerd's services as a test gives it, on a socket of its own. */
import http2 from 'node:http2';
import type { ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import * as E from 'fp-ts/lib/Either.js';
import { onTestFinished } from 'vitest';
import { type ContainerdPorts, containerdPorts } from '../../src/containerd/index.js';
import type { PortCall, PortError } from '../../src/ports/index.js';
import { listen } from './socket.js';

/** The ports of a containerd with these services. */
export const portsOf = async (
  routes: (router: ConnectRouter) => void,
  namespace = 'k8s.io',
): Promise<ContainerdPorts> => {
  const server = http2.createServer(connectNodeAdapter({ routes }));
  server.on('sessionError', () => undefined);
  const ports = containerdPorts({ address: await listen(server), namespace });
  onTestFinished(ports.close);
  return ports;
};

export const outcomeOf = <A>(call: PortCall<A>): Promise<E.Either<PortError, A>> => call(AbortSignal.timeout(5_000))();

export const answerOf = async <A>(call: PortCall<A>): Promise<A> => {
  const answer = await outcomeOf(call);
  if (E.isLeft(answer)) throw new Error(answer.left.message);
  return answer.right;
};

export const failureOf = async <A>(call: PortCall<A>): Promise<PortError> => {
  const answer = await outcomeOf(call);
  if (E.isRight(answer)) throw new Error('there was an answer');
  return answer.left;
};
