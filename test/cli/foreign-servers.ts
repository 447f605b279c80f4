/** Things that listen on a unix socket and are not containerd. */
import { createServer as createHttp2Server } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';

const listening = async (server: Server, path: string): Promise<() => Promise<void>> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
};

/** What it does with everybody who connects. */
type Manners = (socket: Socket) => void;

const onConnection = (manners: Manners): Server =>
  createServer((socket) => {
    socket.on('error', () => undefined);
    manners(socket);
  });

/** Each resolves, once it listens, with what ends it. */
export const foreignServers = {
  'answers garbage': (path: string) =>
    listening(
      onConnection((socket) => socket.write('\u0000\u0007what?\n')),
      path,
    ),
  'speaks HTTP/1': (path: string) =>
    listening(
      onConnection((socket) => socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')),
      path,
    ),
  'hangs up at once': (path: string) =>
    listening(
      onConnection((socket) => socket.end()),
      path,
    ),
  'hangs up on the first word': (path: string) =>
    listening(
      onConnection((socket) => socket.once('data', () => socket.destroy())),
      path,
    ),
  'says nothing': (path: string) =>
    listening(
      onConnection(() => undefined),
      path,
    ),
  'speaks HTTP/2, but no gRPC': (path: string) => {
    const server = createHttp2Server((_, response) => response.writeHead(404).end('not here'));
    return listening(server as unknown as Server, path);
  },
  'speaks gRPC, but is no containerd': (path: string) => {
    const server = createHttp2Server((_, response) => {
      response.writeHead(200, {
        'content-type': 'application/grpc',
        'grpc-status': '12',
        'grpc-message': 'unknown service',
      });
      response.end();
    });
    return listening(server as unknown as Server, path);
  },
} satisfies Readonly<Record<string, (path: string) => Promise<() => Promise<void>>>>;
