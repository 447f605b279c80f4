/** What is thrown below a call, where no server on a socket can be made to bring it about. */
import { Code, ConnectError } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { type Circumstances, fromGrpc } from '../../src/containerd/grpc-error.js';

const call = { port: 'tasks', operation: 'get', subject: 'a' } as const;
const waiting: Circumstances = { address: '/run/c.sock', closed: false, gaveUp: false };

const wrapped = (code: string): ConnectError => {
  const inner = Object.assign(new Error(`write ${code}`), { code });
  const outer = Object.assign(new Error('stream canceled', { cause: inner }), { code: 'ERR_HTTP2_STREAM_CANCEL' });
  return new ConnectError('stream canceled', Code.Internal, undefined, undefined, outer);
};

test.each([
  ['ENOENT', 'Unavailable', 'there is no socket at /run/c.sock'],
  ['ENOTDIR', 'Unavailable', 'there is no socket at /run/c.sock'],
  ['ECONNREFUSED', 'Unavailable', 'nobody listens at /run/c.sock'],
  ['EACCES', 'Denied', 'not allowed to connect to /run/c.sock'],
  ['EPERM', 'Denied', 'not allowed to connect to /run/c.sock'],
  ['ECONNRESET', 'Unavailable', 'the connection to /run/c.sock was lost'],
  ['EPIPE', 'Unavailable', 'the connection to /run/c.sock was lost'],
  ['ELOOP', 'Unexpected', 'stream canceled'],
])('%s, however deep, is %s', (code, tag, message) => {
  const thrown = wrapped(code);
  expect(fromGrpc(call, thrown, waiting)).toEqual({ _tag: tag, ...call, message, cause: thrown });
});

test('an error that is not gRPC is unexpected, even when the caller has given up', () => {
  const thrown = new TypeError('not a\nfunction');
  const expected = { _tag: 'Unexpected', message: 'TypeError: not a function' };
  expect(fromGrpc(call, thrown, waiting)).toMatchObject(expected);
  expect(fromGrpc(call, thrown, { ...waiting, gaveUp: true })).toMatchObject(expected);
});

test('what cannot be thrown by anyone sane is still one line', () => {
  for (const thrown of [undefined, null, 7, 'text', { code: 5 }])
    expect(fromGrpc(call, thrown, waiting)).toMatchObject({ _tag: 'Unexpected', message: expect.any(String) });
});

test('an answer that crossed the end of the wait stands', () => {
  const found = new ConnectError('no such task', Code.NotFound);
  expect(fromGrpc(call, found, { ...waiting, gaveUp: true })._tag).toBe('NotFound');
});
