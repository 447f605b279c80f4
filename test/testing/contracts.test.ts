import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import type { TaskReader } from '../../src/ports/index.js';
import {
  type Check,
  type Fault,
  fakeContainer,
  fakeId,
  fakeNode,
  fakePorts,
  taskReaderContract,
  withFaults,
} from '../../src/testing/index.js';

const node = fakeNode({ containers: [fakeContainer({ id: 'nginx' })] });
const sound = (): TaskReader => fakePorts(node).tasks;
const faulty = (fault: Fault): TaskReader => withFaults(fakePorts(node), [fault]).tasks;

/** The names of the checks that fail, each on a port of its own. */
const failing = async (make: () => TaskReader): Promise<ReadonlyArray<string>> => {
  const checks = taskReaderContract(async () => ({ port: make(), present: fakeId('nginx'), absent: fakeId('bare') }));
  const names = await Promise.all(
    checks.map(({ name, run }: Check) =>
      run().then(
        () => [],
        () => [name],
      ),
    ),
  );
  return names.flat();
};

test('an adapter that keeps the contract fails no check', async () => {
  expect(await failing(sound)).toEqual([]);
});

test('an adapter that throws, rejects or gives no Either is found out', async () => {
  const throwing = () => {
    throw new Error('oh');
  };
  const rejecting = () => () => () => Promise.reject(new Error('oh'));
  const odd = () => () => async () => undefined as never;
  for (const get of [throwing, rejecting, odd])
    expect((await failing(() => ({ ...sound(), get }))).length).toBeGreaterThanOrEqual(5);
});

test('an adapter that does not heed the signal is found out, whether it answers all the same or never', async () => {
  const deaf: TaskReader = { ...sound(), get: (id) => () => sound().get(id)(new AbortController().signal) };
  const giveUp = [expect.stringContaining('TimedOut at once'), expect.stringContaining('before it is run')];
  expect(await failing(() => deaf)).toEqual(giveUp);
  const slow = { ...sound(), list: faulty({ port: 'tasks', operation: 'list', effect: { delayMs: 1_100 } }).list };
  expect(await failing(() => slow)).toEqual(giveUp);
});

test('an adapter that begins before it is run is found out', async () => {
  const eager: TaskReader = {
    ...sound(),
    list: () => (signal) => {
      const answer = sound().list()(signal)();
      return () => answer;
    },
  };
  expect(await failing(() => eager)).toEqual([expect.stringContaining('tasks list: does nothing before it is run')]);
});

test('an adapter that answers otherwise the second time is found out', async () => {
  const tiring = () => faulty({ port: 'tasks', operation: 'list', nth: 2, effect: { error: 'Unavailable' } });
  expect(await failing(tiring)).toEqual([expect.stringContaining('tasks list: can be run twice')]);
});

test('an adapter that knows of no absence, or names another call in its errors, is found out', async () => {
  const unavailable = faulty({ port: 'tasks', operation: 'get', subject: 'bare', effect: { error: 'Unavailable' } });
  expect(await failing(() => unavailable)).toEqual([expect.stringContaining('NotFound')]);
  const anonymous: TaskReader = {
    ...sound(),
    get: (id) => (signal) => async () =>
      E.mapLeft((error: object) => ({ ...error, subject: '' }) as never)(await sound().get(id)(signal)()),
  };
  expect(await failing(() => anonymous)).toEqual([expect.stringContaining('NotFound')]);
  const half = fakeNode({ containers: [...node.containers, fakeContainer({ id: 'bare', task: 'half-deleted' })] });
  expect(await failing(() => fakePorts(half).tasks)).toEqual([expect.stringContaining('NotFound')]);
});

test('an adapter whose list and get disagree is found out', async () => {
  const other = fakePorts(fakeNode({ containers: [fakeContainer({ id: 'nginx', task: 'paused' })] })).tasks;
  expect(await failing(() => ({ list: sound().list, get: other.get }))).toEqual([expect.stringContaining('agree')]);
  expect(await failing(() => ({ list: fakePorts(fakeNode()).tasks.list, get: sound().get }))).toEqual([
    expect.stringContaining('agree'),
  ]);
});
