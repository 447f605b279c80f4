import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { expect, test } from 'vitest';
import { openStdin } from '../../src/stdio/index.js';
import { temporaryFolder } from '../disk/temporary-node.js';
import { done, openBelow, patient } from './fifos.js';

const fifo = async (): Promise<{ readonly folder: string; readonly stdin: string }> => {
  const folder = await temporaryFolder();
  const stdin = join(folder, 'stdin');
  execFileSync('mkfifo', [stdin]);
  return { folder, stdin };
};

test('what is written arrives, more than a pipe holds too, and the end is seen', async () => {
  const { stdin, folder } = await fifo();
  const reading = text(fse.createReadStream(stdin));
  const stream = await done(openStdin({ stdin }));
  const input = 'x'.repeat(300_000);
  stream.write('hello ');
  stream.end(input);
  await once(stream, 'close');
  expect((await reading) === `hello ${input}`).toBe(true);
  expect(openBelow(folder)).toBe(0);
});

test('a reader that comes a moment later is waited for', async () => {
  const { stdin } = await fifo();
  const opening = done(openStdin({ stdin }));
  await pause(50);
  const reading = text(fse.createReadStream(stdin));
  (await opening).end('late');
  expect(await reading).toBe('late');
});

test('where nobody reads it is Unavailable, or TimedOut when the signal fires before', async () => {
  const { stdin, folder } = await fifo();
  const call = { port: 'container-io', operation: 'openStdin', subject: stdin };
  expect(await openStdin({ stdin })(patient())()).toMatchObject(E.left({ _tag: 'Unavailable', ...call }));
  expect(await openStdin({ stdin })(AbortSignal.timeout(20))()).toMatchObject(E.left({ _tag: 'TimedOut', ...call }));
  expect(await openStdin({ stdin })(AbortSignal.abort())()).toMatchObject(E.left({ _tag: 'TimedOut', ...call }));
  expect(openBelow(folder)).toBe(0);
});

test('given up at any moment it leaves nothing open', async () => {
  const { stdin, folder } = await fifo();
  const reader = openSync(stdin, constants.O_RDONLY | constants.O_NONBLOCK);
  let gaveUp = 0;
  for (let moment = 0; moment < 60; moment += 1) {
    const controller = new AbortController();
    const opening = openStdin({ stdin })(controller.signal)();
    for (let tick = 0; tick < moment / 4; tick += 1) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    const answer = await opening;
    if (E.isRight(answer)) await once(answer.right.destroy(), 'close');
    else gaveUp += 1;
    expect(openBelow(folder)).toBe(1);
  }
  expect(gaveUp).toBeGreaterThan(3);
  await fse.close(reader);
});

test('no stdin is NotFound, as is a FIFO that is gone; what is none is Corrupt', async () => {
  const { folder } = await fifo();
  await fse.writeFile(join(folder, 'file'), '');
  const tagOf = async (stdin: string) => {
    const answer = await openStdin({ stdin })(patient())();
    return E.isLeft(answer) ? answer.left._tag : 'opened';
  };
  expect(await tagOf('')).toBe('NotFound');
  expect(await tagOf(join(folder, 'gone'))).toBe('NotFound');
  expect(await tagOf(join(folder, 'file'))).toBe('Corrupt');
  expect(await tagOf('binary:///bin/true')).toBe('Corrupt');
});

test('when the reader has gone, writing is an error', async () => {
  const { stdin } = await fifo();
  const reader = openSync(stdin, constants.O_RDONLY | constants.O_NONBLOCK);
  const stream = await done(openStdin({ stdin }));
  await fse.close(reader);
  const failed = once(stream, 'error');
  stream.write('x');
  expect((await failed)[0]).toMatchObject({ code: 'EPIPE' });
});
