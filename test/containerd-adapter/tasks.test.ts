/** Tasks as a shim might report them, and what goes over the wire only once in a while. */
import { getEventListeners } from 'node:events';
import { format } from 'node:util';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import debug from 'debug';
import * as O from 'fp-ts/lib/Option.js';
import { expect, onTestFinished, test } from 'vitest';
import { type ProcessSchema, Tasks } from '../../src/containerd/proto/gen/tasks_pb.js';
import type { Id } from '../../src/core/identity.js';
import type { Task } from '../../src/core/task.js';
import { answerOf, failureOf, outcomeOf, portsOf } from './fake-containerd.js';

const id = 'task' as Id;

const taskFrom = async (process: MessageInitShape<typeof ProcessSchema>): Promise<Task> => {
  const { tasks } = await portsOf((router) => router.service(Tasks, { get: () => ({ process }) }));
  return answerOf(tasks.get(id));
};

test.each(['unknown', 'created', 'running', 'stopped', 'paused', 'pausing', 'unknown', 'unknown'])(
  'state %# is %s',
  async (state) => {
    const states = ['unknown', 'created', 'running', 'stopped', 'paused', 'pausing'];
    const status = states.indexOf(state);
    expect(await taskFrom({ id, status })).toMatchObject({ id, state });
  },
);

test.each([-1, 6, 2 ** 31 - 1])('a state that nobody has heard of (%i) is unknown', async (status) => {
  expect((await taskFrom({ id, status })).state).toBe('unknown');
});

const int64 = { most: 2n ** 63n - 1n, least: -(2n ** 63n) };
test.each([
  ["Go's zero time", { seconds: -62_135_596_800n, nanos: 0 }, O.none],
  ['none', undefined, O.none],
  ['1970', { seconds: 0n, nanos: 0 }, O.none],
  ['a time', { seconds: 1_700_000_000n, nanos: 123_456_789 }, O.some(1_700_000_000_123_456_789n)],
  ['a time before 1970', { seconds: -1n, nanos: 999_999_999 }, O.some(-1n)],
  ['the last second there is', { seconds: int64.most, nanos: 0 }, O.some(BigInt.asIntN(64, int64.most * 10n ** 9n))],
  ['the first second there is', { seconds: int64.least, nanos: -1 }, O.some(-1n)],
])('an exit at %s', async (_, exitedAt, expected) => {
  const { exitedAt: got } = await taskFrom({ id, ...(exitedAt && { exitedAt }) });
  expect(got).toEqual(expected);
});

test('a list is in the order of ids, whatever order it came in', async () => {
  const { tasks } = await portsOf((router) =>
    router.service(Tasks, { list: () => ({ tasks: [{ id: 'b' }, { id: 'c' }, { id: 'a' }] }) }),
  );
  expect((await answerOf(tasks.list())).map((task) => task.id)).toEqual(['a', 'b', 'c']);
});

test('an exit status is a uint32', async () => {
  expect((await taskFrom({ id, exitStatus: 4_294_967_295 })).exitStatus).toBe(4_294_967_295);
});

test('an answer without a process is corrupt', async () => {
  const { tasks } = await portsOf((router) => router.service(Tasks, { get: () => ({}) }));
  expect(await failureOf(tasks.get(id))).toMatchObject({
    _tag: 'Corrupt',
    port: 'tasks',
    operation: 'get',
    subject: 'task',
  });
});

const refusing = (code: Code, message: string) =>
  portsOf((router) =>
    router.service(Tasks, {
      get: () => {
        throw new ConnectError(message, code);
      },
    }),
  );

test.each([
  [Code.Canceled, 'Unavailable'],
  [Code.Unknown, 'Unexpected'],
  [Code.InvalidArgument, 'Unexpected'],
  [Code.DeadlineExceeded, 'TimedOut'],
  [Code.NotFound, 'NotFound'],
  [Code.AlreadyExists, 'Unexpected'],
  [Code.PermissionDenied, 'Denied'],
  [Code.ResourceExhausted, 'Unexpected'],
  [Code.FailedPrecondition, 'Unexpected'],
  [Code.Aborted, 'Unexpected'],
  [Code.OutOfRange, 'Unexpected'],
  [Code.Unimplemented, 'Unavailable'],
  [Code.Internal, 'Unexpected'],
  [Code.Unavailable, 'Unavailable'],
  [Code.DataLoss, 'Corrupt'],
  [Code.Unauthenticated, 'Denied'],
])('gRPC code %i is %s', async (code, tag) => {
  const { tasks } = await refusing(code, 'because\n  of this');
  const { _tag, message } = await failureOf(tasks.get(id));
  expect(_tag).toBe(tag);
  expect(message).not.toContain('\n');
});

test.each([
  ['container not created: not found', true],
  ['container not created', true],
  ['task task not found', false],
  ['container "task" in namespace "k8s.io": not found', false],
])('a task that is not found (%s): half deleted %s', async (message, isHalfDeleted) => {
  const { tasks } = await refusing(Code.NotFound, message);
  const failure = await failureOf(tasks.get(id));
  expect(failure).toMatchObject({ _tag: 'NotFound', message });
  expect('halfDeleted' in failure && failure.halfDeleted === true).toBe(isHalfDeleted);
});

test('the words of a half-deleted task mean nothing where it is not said that there is none', async () => {
  const { tasks } = await refusing(Code.Unknown, 'container not created');
  expect(await failureOf(tasks.get(id))).not.toHaveProperty('halfDeleted');
});

test('a deadline that containerd reports as an unknown error is a deadline', async () => {
  const { tasks } = await refusing(Code.Unknown, 'failed to get state: context deadline exceeded: unknown');
  expect(await failureOf(tasks.get(id))).toMatchObject({ _tag: 'TimedOut' });
});

test('every call is one line in the log, with how long it took and how it ended', async () => {
  const lines: string[] = [];
  const { log } = debug;
  onTestFinished(() => {
    debug.log = log;
    debug.disable();
  });
  debug.log = (...parts: unknown[]) => lines.push(format(...parts));
  debug.enable('cri-recovery:containerd');
  const { tasks } = await portsOf((router) => router.service(Tasks, { list: () => ({}) }));
  await outcomeOf(tasks.list());
  await outcomeOf(tasks.get(id));
  expect(lines).toEqual([
    expect.stringMatching(/cri-recovery:containerd tasks list \d+\.\d ms ok/),
    expect.stringMatching(/cri-recovery:containerd tasks get task \d+\.\d ms Unavailable: .+/),
  ]);
});

test('many calls may share a signal: none leaves a listener on it, and Node does not warn', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on('warning', warn);
  onTestFinished(() => void process.off('warning', warn));
  const { tasks } = await portsOf((router) => router.service(Tasks, { list: () => ({}) }));
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 50 }, () => tasks.list()(signal)()));
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(warnings).toEqual([]);
});
