import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fse from 'fs-extra';
import { expect, test } from 'vitest';
import { done, eventually, hold, linesOfLog, nginx, openBelow, place, textOfLog, writer } from './fifos.js';

/** A command that prints numbered lines of many lengths, some longer than a record. */
const numbering = (count: number): string =>
  `awk 'BEGIN { x = "x"; while (length(x) < 40000) x = x x; for (i = 0; i < ${count}; i++) ` +
  `printf "%d %s\\n", i, substr(x, 1, i % 97 == 0 ? 40000 : i % 60) }'`;

const numbered = (count: number): string =>
  Array.from(
    { length: count },
    (_, number) => `${number} ${'x'.repeat(number % 97 === 0 ? 40_000 : number % 60)}\n`,
  ).join('');

/** Equal, told without printing megabytes. */
const expectSame = (text: string, expected: string): void => {
  let at = 0;
  while (at < text.length && text[at] === expected[at]) at += 1;
  expect({ length: text.length, differs: text.slice(at, at + 60) }).toEqual({ length: expected.length, differs: '' });
};

test('the rest of a line that was begun before a detach follows after the next attach', async () => {
  const { io, stdio, log } = await place();
  const stdout = hold(stdio.stdout);
  for (const piece of ['on', 'e\ntw', 'o\n', '']) {
    await stdout.write(piece);
    await done(io.attach(nginx, stdio, log));
    // Until it is read, which shows nowhere before the end of a line.
    await pause(30);
    await done(io.detach(nginx));
  }
  expect(linesOfLog(log)).toEqual(['stdout P on', 'stdout F e', 'stdout P tw', 'stdout F o']);
});

test('detached and attached many times at any moment, nothing is lost or doubled', async () => {
  const { io, stdio, log, folder } = await place();
  hold(stdio.stdout);
  hold(stdio.stderr);
  const count = 20_000;
  const { ended } = writer(`${numbering(count)} & ${numbering(count)} >&2; wait`, stdio);
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  let rounds = 0;
  for (; !hasEnded; rounds += 1) {
    await done(io.attach(nginx, stdio, log));
    await pause(Math.random() * 5);
    await done(io.detach(nginx));
  }
  await done(io.attach(nginx, stdio, log));
  const whole = numbered(count);
  await eventually(() => expect(textOfLog('stdout', log).length).toBeGreaterThanOrEqual(whole.length));
  await eventually(() => expect(textOfLog('stderr', log).length).toBeGreaterThanOrEqual(whole.length));
  await done(io.detach(nginx));
  expect(rounds).toBeGreaterThan(5);
  expectSame(textOfLog('stdout', log), whole);
  expectSame(textOfLog('stderr', log), whole);
  // The test's own ends.
  expect(openBelow(folder)).toBe(2);
}, 30_000);

test('rotated under load, every line is in one of the logs, once, in order and whole', async () => {
  const { io, stdio, log, folder } = await place();
  const count = 20_000;
  await done(io.attach(nginx, stdio, log));
  const { ended } = writer(`${numbering(count)} & ${numbering(count)} >&2; wait`, stdio);
  const rotated: string[] = [];
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  while (!hasEnded && rotated.length < 50) {
    await pause(Math.random() * 5);
    const old = join(folder, `log.${rotated.length}`);
    await fse.rename(log, old);
    rotated.push(old);
    const reopened = await Promise.race([done(io.reopenLog(nginx)).then(() => true), ended.then(() => false)]);
    if (!reopened) break;
  }
  await ended;
  await eventually(() => expect(openBelow(folder)).toBe(0));
  if (!(await fse.pathExists(log))) await fse.writeFile(log, '');
  expect(rotated.length).toBeGreaterThan(5);
  const filled = [...rotated, log].filter((path) => linesOfLog(path).length > 0);
  expect(filled.length).toBeGreaterThan(3);
  expectSame(textOfLog('stdout', ...rotated, log), numbered(count));
  expectSame(textOfLog('stderr', ...rotated, log), numbered(count));
}, 30_000);

test('a log that cannot be reopened goes on in the old file', async () => {
  const { io, stdio, log, folder } = await place();
  const stdout = hold(stdio.stdout);
  await done(io.attach(nginx, stdio, log));
  await fse.rename(log, join(folder, 'old'));
  await fse.mkdir(log);
  await expect(done(io.reopenLog(nginx))).rejects.toThrow('Corrupt');
  await stdout.write('x\n');
  await eventually(() => expect(linesOfLog(join(folder, 'old'))).toEqual(['stdout F x']));
  await fse.rmdir(log);
  await done(io.reopenLog(nginx));
  await stdout.write('y\n');
  await eventually(() => expect(linesOfLog(log)).toEqual(['stdout F y']));
});

test('a line that is not complete when its log is reopened is not cut', async () => {
  const { io, stdio, log, folder } = await place();
  const stdout = hold(stdio.stdout);
  await done(io.attach(nginx, stdio, log));
  await stdout.write('one\ntw');
  await eventually(() => expect(linesOfLog(log)).toEqual(['stdout F one']));
  await fse.rename(log, join(folder, 'old'));
  await done(io.reopenLog(nginx));
  await stdout.write('o\n');
  await eventually(() => expect(linesOfLog(log)).toEqual(['stdout F two']));
});

test('what a writer that has ended left in the pipe is read before it is let go', async () => {
  const lines = Array.from({ length: 9_000 }, (_, number) => `${number}\n`).join('');
  const { io, stdio, log } = await place();
  const shim = openSync(stdio.stdout, constants.O_RDWR | constants.O_NONBLOCK);
  await done(io.attach(nginx, stdio, log));
  // In one step, so that nobody has read any of it when its writer is gone.
  expect(writeSync(shim, lines)).toBe(lines.length);
  closeSync(shim);
  await done(io.detach(nginx));
  const texts = (await fse.readFile(log, 'utf8')).split('\n').map((line) => line.split(' ').at(3) ?? '');
  expect(texts.slice(0, -1).join('\n')).toBe(lines.trimEnd());
});
