/** A server on a unix socket in containerd's place whose answers are bytes: sound, broken, endless, or none. */
import http2, { type ServerHttp2Stream } from 'node:http2';
import net, { type Socket } from 'node:net';
import { join } from 'node:path';
import fse from 'fs-extra';

/** How a call is answered. */
export type Answer =
  /** So many messages, then this status. */
  | {
      readonly _tag: 'Messages';
      readonly messages: ReadonlyArray<Uint8Array>;
      readonly status: string;
      readonly words: string;
    }
  /** Bytes as they are, not framed by us, and then an end with or without a status. */
  | { readonly _tag: 'Bytes'; readonly bytes: Uint8Array; readonly status: string | undefined }
  /** A length that is not kept to, and a flag. */
  | { readonly _tag: 'Frame'; readonly flag: number; readonly length: number; readonly bytes: Uint8Array }
  /** The same message until nobody listens. */
  | { readonly _tag: 'Endless'; readonly message: Uint8Array }
  | { readonly _tag: 'Silence' }
  /** Some bytes, and then the stream or the whole connection is broken off. */
  | { readonly _tag: 'Broken'; readonly bytes: Uint8Array; readonly whole: boolean };

/** What is answered to a method, as in `/containerd.services.tasks.v1.Tasks/List`, the first time, the second time, and so on. */
export type Manners = (method: string, time: number) => Answer;

export const framed = (message: Uint8Array, flag = 0, length = message.length): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
};

const headers = { ':status': 200, 'content-type': 'application/grpc+proto' };

/** A status goes into a header, which holds no control characters; gRPC escapes them. */
const trailers = (status: string, words: string) => ({
  'grpc-status': status,
  'grpc-message': encodeURIComponent(words).slice(0, 8_000),
});

const writing = (stream: ServerHttp2Stream, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    stream.write(bytes, () => resolve());
  });

const endWith = (stream: ServerHttp2Stream, status: string, words: string): void => {
  stream.once('wantTrailers', () => stream.sendTrailers(trailers(status, words)));
  stream.end();
};

const repeat = async (stream: ServerHttp2Stream, message: Uint8Array): Promise<void> => {
  const many = Buffer.concat(
    Array.from({ length: Math.max(1, Math.ceil(65_536 / (message.length + 5))) }, () => framed(message)),
  );
  while (!stream.destroyed && !stream.closed) await writing(stream, many);
};

const give = async (stream: ServerHttp2Stream, answer: Answer): Promise<void> => {
  if (answer._tag === 'Silence') return;
  stream.respond(headers, { waitForTrailers: true });
  switch (answer._tag) {
    case 'Messages':
      for (const message of answer.messages) await writing(stream, framed(message));
      return endWith(stream, answer.status, answer.words);
    case 'Bytes':
      await writing(stream, answer.bytes);
      if (answer.status === undefined) stream.close();
      else endWith(stream, answer.status, '');
      return;
    case 'Frame':
      await writing(stream, framed(answer.bytes, answer.flag, answer.length));
      return endWith(stream, '0', '');
    case 'Endless':
      return repeat(stream, answer.message);
    case 'Broken':
      await writing(stream, answer.bytes);
      if (answer.whole) stream.session?.destroy();
      else stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
  }
};

export interface HostileServer {
  readonly address: string;
  /** How often each method was called. */
  readonly calls: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

/** Listens at a socket in the folder. */
export const hostileServer = async (
  folder: string,
  manners: Manners,
  name = 'hostile.sock',
): Promise<HostileServer> => {
  const address = join(folder, name);
  await fse.remove(address);
  const calls = new Map<string, number>();
  const server = http2.createServer();
  const sockets = new Set<Socket>();
  server.on('sessionError', () => undefined);
  server.on('stream', (stream, { ':path': method = '' }) => {
    stream.on('error', () => undefined);
    const time = (calls.get(method) ?? 0) + 1;
    calls.set(method, time);
    // What is written to somebody who has hung up is rejected, and that is all.
    give(stream, manners(method, time)).catch(() => undefined);
  });
  const listener = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    server.emit('connection', socket);
  });
  await new Promise<void>((resolve) => listener.listen(address, resolve));
  return {
    address,
    calls,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
};
