/** As much of a gRPC server as answers with bytes that are encoded already, so that next to nothing of the machine is its own. */
import http2, { type ServerHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** The messages to answer a request with, or none where there is no such thing. */
export type Answer = (request: Buffer) => Iterable<Uint8Array> | 'not found';

/** Listens on a unix socket; answers by the path of the method. */
export const serveGrpc = (address: string, answers: Readonly<Record<string, Answer>>): Promise<void> => {
  const server = http2.createServer();
  server.on('sessionError', () => undefined);
  server.on('stream', async (stream, headers) => {
    // The caller may go at any time.
    stream.on('error', () => undefined);
    const request = await buffer(stream).catch(() => undefined);
    const answer = answers[headers[':path'] ?? ''];
    if (request === undefined || stream.destroyed) return;
    if (answer === undefined) refuse(stream, unimplemented);
    else send(stream, answer(request));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
};

const unimplemented = 12;
const notFound = 5;

const refuse = (stream: ServerHttp2Stream, status: number): void =>
  stream.respond({ ...headers, 'grpc-status': `${status}` }, { endStream: true });

const send = (stream: ServerHttp2Stream, messages: Iterable<Uint8Array> | 'not found'): void => {
  if (messages === 'not found') {
    refuse(stream, notFound);
    return;
  }
  stream.respond(headers, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  Readable.from(framed(messages)).pipe(stream);
};

const headers = { ':status': 200, 'content-type': 'application/grpc' };

/** One byte for "not compressed", four for the length. */
const framed = function* (messages: Iterable<Uint8Array>): Generator<Buffer> {
  for (const message of messages) {
    const frame = Buffer.allocUnsafe(5 + message.length);
    frame.writeUInt8(0, 0);
    frame.writeUInt32BE(message.length, 1);
    frame.set(message, 5);
    yield frame;
  }
};
