/**
 * The HTTP/2 session below the gRPC client. The client's own session manager stops listening for errors after the first; Node reports two
 * when the other side does not speak HTTP/2, and the second would end the process.
 */
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';

/** What the gRPC client sends its requests through. */
export interface SessionManager {
  readonly authority: string;
  readonly request: (method: string, path: string, headers: OutgoingHttpHeaders) => Promise<ClientHttp2Stream>;
  readonly notifyResponseByteRead: () => void;
}

/** Goes nowhere: the socket is what is connected to. */
export const baseUrl = 'http://localhost';

/** One session for all requests, opened with the first, replaced when it has ended, and ended for good by `closed`. */
export const sessionManager = (address: string, closed: AbortSignal): SessionManager => {
  let session: ClientHttp2Session | undefined;
  const openSession = (): ClientHttp2Session => {
    if (session === undefined || session.closed || session.destroyed) session = open(address);
    return session;
  };
  closed.addEventListener('abort', () => session?.destroy(), { once: true });
  return {
    authority: baseUrl,
    request: async (method, path, headers) => {
      const current = openSession();
      const stream = current.request({ ...headers, ':method': method, ':path': path });
      holdWhileOpen(current, stream);
      return stream;
    },
    // Of use to those who ping the other side; on a unix socket the system tells when it is gone.
    notifyResponseByteRead: () => undefined,
  };
};

const open = (address: string): ClientHttp2Session => {
  const session = http2.connect(baseUrl, {
    createConnection: () => connect(address),
    settings: { initialWindowSize: windowSize },
  });
  session.once('connect', () => session.setLocalWindowSize(windowSize));
  // Every stream fails with the error of its session.
  session.on('error', () => undefined);
  return session;
};

/** How many bytes containerd may send ahead of their being read. By Node's default of 64 kB it waits after every few records of a list. */
const windowSize = 1024 * 1024;

const openStreams = new WeakMap<ClientHttp2Session, number>();

/** Lets the session keep the process alive only as long as it has a stream open. */
const holdWhileOpen = (session: ClientHttp2Session, stream: ClientHttp2Stream): void => {
  const count = (change: number): void => {
    const streams = (openStreams.get(session) ?? 0) + change;
    openStreams.set(session, streams);
    if (streams === 0) session.unref();
    else session.ref();
  };
  count(1);
  stream.once('close', () => count(-1));
};
