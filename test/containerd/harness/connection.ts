/** A gRPC connection to a node's socket, which finds the daemon again after a restart. */
import { connect } from 'node:net';
import type { Interceptor, Transport } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';

export const namespace = 'k8s.io';

export interface Connection {
  readonly transport: Transport;
  /** Drops the connection; the next call makes a new one. */
  readonly drop: () => void;
}

const inNamespace: Interceptor = (next) => (request) => {
  request.header.set('containerd-namespace', namespace);
  return next(request);
};

/** Connects with the first call. A call without a deadline of its own ends after 30 s. */
export const connectTo = (socket: string): Connection => {
  const baseUrl = 'http://localhost';
  const sessionManager = new Http2SessionManager(baseUrl, {}, { createConnection: () => connect(socket) });
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager,
    interceptors: [inNamespace],
    defaultTimeoutMs: 30_000,
  });
  return { transport, drop: () => sessionManager.abort() };
};
