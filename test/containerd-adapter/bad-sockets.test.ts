/**
 * What stands at the address may be anything. Whatever it is, a call ends with one line on the left, nothing is thrown beside it, and the
 * process can end.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import http2, { type ServerHttp2Stream } from 'node:http2';
import net, { type Socket } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type ContainerdPorts, containerdPorts } from '../../src/containerd/index.js';
import type { PortError } from '../../src/ports/index.js';
import { listen, unusedPath } from './socket.js';

const connect = (address: string): ContainerdPorts => {
  const ports = containerdPorts({ address, namespace: 'k8s.io' });
  onTestFinished(ports.close);
  return ports;
};

const failureOf = <A>(answer: E.Either<PortError, A>): PortError => {
  if (E.isRight(answer)) throw new Error('there was an answer');
  return answer.left;
};

/** The failure of a unary call, which a second one and a stream have to share: they may find what is left of the first. */
const failureAt = async (address: string, deadlineMs = 5_000): Promise<PortError> => {
  const { daemon, containers } = connect(address);
  const signal = AbortSignal.timeout(deadlineMs);
  const first = failureOf(await daemon.version()(signal)());
  const others = [failureOf(await daemon.version()(signal)()), failureOf(await containers.listSandboxes()(signal)())];
  for (const { _tag, message } of others)
    expect({ _tag, message }).toEqual({ _tag: first._tag, message: first.message });
  expect(first.message).toContain(address);
  expect(first.message).not.toContain('\n');
  return first;
};

const stray: unknown[] = [];
const catchStray = (error: unknown): void => {
  stray.push(error);
};

beforeEach(() => {
  stray.length = 0;
  process.on('uncaughtException', catchStray).on('unhandledRejection', catchStray);
});
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('uncaughtException', catchStray).off('unhandledRejection', catchStray);
  expect(stray).toEqual([]);
});

describe('a path without a listener', () => {
  test('that does not exist', async () => {
    const address = await unusedPath();
    expect(await failureAt(address)).toMatchObject({
      _tag: 'Unavailable',
      message: `there is no socket at ${address}`,
      cause: expect.any(Error),
    });
  });

  test('below something that is no directory', async () => {
    const file = await unusedPath();
    await writeFile(file, '');
    expect((await failureAt(`${file}/socket`)).message).toBe(`there is no socket at ${file}/socket`);
  });

  test.each(['a file', 'a directory'])('that is %s', async (what) => {
    const path = await unusedPath();
    await (what === 'a file' ? writeFile(path, '') : mkdir(path));
    expect(await failureAt(path)).toMatchObject({ _tag: 'Unavailable', message: `nobody listens at ${path}` });
  });

  test.runIf(process.geteuid?.() === 0)('that may not be connected to', async () => {
    const path = await listen(net.createServer());
    process.seteuid?.(65534);
    try {
      expect(await failureAt(path)).toMatchObject({ _tag: 'Denied', message: `not allowed to connect to ${path}` });
    } finally {
      process.seteuid?.(0);
    }
  });
});

describe('a listener that is not containerd', () => {
  const sockets: Record<string, readonly [(socket: Socket) => void, string]> = {
    'and hangs up at once': [(socket) => socket.destroy(), 'was lost'],
    'and ends at once': [(socket) => socket.end(), 'was lost'],
    'and hangs up when it is spoken to': [(socket) => socket.once('data', () => socket.destroy()), 'was lost'],
    'and talks garbage': [(socket) => socket.write('220 ready\r\n'.repeat(50)), 'it does not speak HTTP/2'],
    'and sends zeros': [(socket) => socket.write(Buffer.alloc(4096)), 'it does not speak HTTP/2'],
  };
  test.each(Object.entries(sockets))('%s', async (_, [onConnection, message]) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      onConnection(socket);
    });
    expect(await failureAt(await listen(server))).toMatchObject({
      _tag: 'Unavailable',
      message: expect.stringContaining(message),
    });
  });

  test('but plain HTTP', async () => {
    const server = http.createServer((_, response) => response.end('hello'));
    expect(await failureAt(await listen(server))).toMatchObject({
      _tag: 'Unavailable',
      message: expect.stringContaining('it does not speak HTTP/2'),
    });
  });

  const streams: Record<string, readonly [(stream: ServerHttp2Stream) => void, string]> = {
    'but a web page': [(stream) => stream.respond({ 'content-type': 'text/html' }), 'it does not speak gRPC'],
    'but a web server that knows no such page': [
      (stream) => stream.respond({ ':status': 404 }),
      'it does not speak gRPC',
    ],
    'but a proxy without a server': [(stream) => stream.respond({ ':status': 503 }), 'it does not speak gRPC'],
    'but a gRPC server that sends no status': [
      (stream) => stream.respond({ 'content-type': 'application/grpc' }),
      'was cut off or is not gRPC',
    ],
    'but another gRPC server': [
      (stream) =>
        stream.respond({ 'content-type': 'application/grpc', 'grpc-status': '12', 'grpc-message': 'unknown service' }),
      'is not containerd (unknown service)',
    ],
  };
  test.each(Object.entries(streams))('%s', async (_, [respond, message]) => {
    const server = http2.createServer();
    server.on('sessionError', () => undefined);
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      respond(stream);
      stream.end();
    });
    expect(await failureAt(await listen(server))).toMatchObject({
      _tag: 'Unavailable',
      message: expect.stringContaining(message),
    });
  });
});

describe('nobody answers', () => {
  const silent: Record<string, () => net.Server> = {
    'on the socket': () => net.createServer((socket) => socket.on('error', () => undefined)),
    'over HTTP/2': () => http2.createServer().on('sessionError', () => undefined),
  };
  test.each(Object.entries(silent))('%s', async (_, server) => {
    const address = await listen(server());
    const started = performance.now();
    expect(await failureAt(address, 200)).toMatchObject({
      _tag: 'TimedOut',
      message: `no answer from ${address} in time`,
    });
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  test('and the caller has given up before the call', async () => {
    const { daemon } = connect(await listen(net.createServer()));
    expect(failureOf(await daemon.version()(AbortSignal.abort('enough'))())).toMatchObject({ _tag: 'TimedOut' });
  });

  test('and the connection is closed meanwhile', async () => {
    const address = await listen(net.createServer());
    const { daemon, close } = connect(address);
    const signal = new AbortController().signal;
    const underWay = daemon.version()(signal)();
    setTimeout(close, 50);
    const closed = { _tag: 'Unavailable', message: `the connection to ${address} was closed` };
    expect(failureOf(await underWay)).toMatchObject(closed);
    expect(failureOf(await daemon.version()(signal)())).toMatchObject(closed);
  });
});
