import { getEventListeners } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test, vi } from 'vitest';
import { diskCall } from '../../src/disk/disk-call.js';
import { patient } from './temporary-node.js';

const call = { port: 'host', operation: 'ask', subject: 'it' } as const;

test('a call that is under way when the signal fires answers TimedOut then', async () => {
  const controller = new AbortController();
  const answer = diskCall<never>(call, () => new Promise(() => undefined))(controller.signal)();
  controller.abort();
  expect(await answer).toMatchObject(E.left({ _tag: 'TimedOut', ...call }));
});

test('nothing is done when the signal has fired before', async () => {
  const run = vi.fn(async () => E.right(1));
  expect(await diskCall(call, run)(AbortSignal.abort())()).toMatchObject(E.left({ _tag: 'TimedOut' }));
  expect(run).not.toHaveBeenCalled();
});

test('what is thrown underneath is an error with its errno told by the tag', async () => {
  const failing = (code: string) => diskCall(call, () => Promise.reject(Object.assign(new Error('no'), { code })));
  expect(await failing('EACCES')(patient())()).toMatchObject(E.left({ _tag: 'Denied', ...call }));
  expect(await failing('EIO')(patient())()).toMatchObject(E.left({ _tag: 'Unexpected', ...call }));
});

test('many calls on one signal bring no warning, and leave nothing on it', async () => {
  const warnings: unknown[] = [];
  const note = (warning: unknown) => void warnings.push(warning);
  process.on('warning', note);
  const controller = new AbortController();
  await Promise.all(Array.from({ length: 50 }, () => diskCall(call, async () => E.right(1))(controller.signal)()));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warnings).toEqual([]);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});
