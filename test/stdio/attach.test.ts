import { execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { expect, onTestFinished, test } from 'vitest';
import { isRoot } from '../disk/privilege.js';
import { done, eventually, hold, linesOfLog, nginx, openBelow, patient, place, textOfLog, writer } from './fifos.js';

const bits = (path: string): number => statSync(path).mode & 0o7777;

const withUmask = (umask: number): void => {
  const before = process.umask(umask);
  onTestFinished(() => void process.umask(before));
};

test('both streams go into one log, each line as it was written', async () => {
  const { io, stdio, log } = await place();
  await done(io.attach(nginx, stdio, log));
  await writer("printf 'one\\ntwo\\n'; sleep 0.05; printf 'three\\n\\n' >&2; sleep 0.05; printf tail", stdio).ended;
  await eventually(() =>
    expect(linesOfLog(log)).toEqual(['stdout F one', 'stdout F two', 'stderr F three', 'stderr F ', 'stdout P tail']),
  );
});

test('what was written before anybody read is read, and goes to the end of a log that there is', async () => {
  const { io, stdio, log } = await place();
  await fse.writeFile(log, '2024-05-01T08:00:01Z stdout F before\n');
  await hold(stdio.stdout).write('after\n');
  await done(io.attach(nginx, stdio, log));
  await eventually(() => expect(linesOfLog(log)).toEqual(['stdout F before', 'stdout F after']));
});

test('times are when a line was read', async () => {
  const { io, stdio, log } = await place();
  await done(io.attach(nginx, stdio, log));
  const before = Date.now();
  await hold(stdio.stdout).write('x\n');
  await eventually(() => expect(linesOfLog(log)).toHaveLength(1));
  const time = Date.parse((await fse.readFile(log, 'utf8')).split(' ')[0] ?? '');
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
});

test('the read end that is opened before any writer has not ended', async () => {
  const { io, stdio, log } = await place();
  await done(io.attach(nginx, stdio, log));
  await pause(50);
  await done(io.reopenLog(nginx));
  await writer('echo late', stdio).ended;
  await eventually(() => expect(linesOfLog(log)).toEqual(['stdout F late']));
});

test('what is attached keeps its log, and the line that it is in', async () => {
  const { io, stdio, log, folder } = await place();
  const stdout = hold(stdio.stdout);
  await done(io.attach(nginx, stdio, log));
  await stdout.write('on');
  await pause(30);
  await done(io.attach(nginx, stdio, join(folder, 'other')));
  await stdout.write('e\n');
  await eventually(() => expect(linesOfLog(log)).toEqual(['stdout F one']));
  expect(await fse.pathExists(join(folder, 'other'))).toBe(false);
});

test('when all streams have ended the log is closed, and the container can be attached again', async () => {
  const { io, stdio, log, folder } = await place();
  for (const text of ['one', 'two']) {
    await done(io.attach(nginx, stdio, log));
    const stderr = hold(stdio.stderr);
    await writer(`echo ${text}`, stdio).ended;
    await eventually(() => expect(linesOfLog(log).at(-1)).toBe(`stdout F ${text}`));
    await done(io.reopenLog(nginx));
    await stderr.close();
    await eventually(() => expect(openBelow(folder)).toBe(0));
    expect(await io.reopenLog(nginx)(patient())()).toMatchObject(E.left({ _tag: 'NotFound' }));
  }
  expect(linesOfLog(log)).toEqual(['stdout F one', 'stdout F two']);
});

test('of a terminal only stdout is read', async () => {
  const { io, stdio, log } = await place();
  const [stdout, stderr] = [hold(stdio.stdout), hold(stdio.stderr)];
  await stderr.write('never\n');
  await stdout.write('yes\r\n');
  await done(io.attach(nginx, { ...stdio, terminal: true }, log));
  await eventually(() => expect(linesOfLog(log)).toEqual(['stdout F yes']));
  await done(io.detach(nginx));
  await done(io.attach(nginx, stdio, log));
  await eventually(() => expect(linesOfLog(log)).toEqual(['stdout F yes', 'stderr F never']));
});

test('without a path of a stream the other is read', async () => {
  const { io, stdio, log } = await place();
  await hold(stdio.stderr).write('x\n');
  await done(io.attach(nginx, { ...stdio, stdout: '' }, log));
  await eventually(() => expect(linesOfLog(log)).toEqual(['stderr F x']));
});

test('without a log everything is read and nothing kept', async () => {
  const { io, stdio, folder } = await place();
  await done(io.attach(nginx, stdio, ''));
  await writer('head -c 1000000 /dev/zero', stdio).ended;
  await done(io.reopenLog(nginx)).catch(() => undefined);
  await eventually(() => expect(openBelow(folder)).toBe(0));
  expect((await fse.readdir(folder)).sort()).toEqual(['stderr', 'stdout']);
});

test('a new log is 0640 and the directories made for it 0755, whatever the umask; others stay as they are', async () => {
  const { io, stdio, folder } = await place();
  chmodSync(folder, 0o711);
  const log = join(folder, 'pods', 'pod', 'container', '0.log');
  withUmask(0o077);
  await done(io.attach(nginx, stdio, log));
  withUmask(0);
  await done(io.detach(nginx));
  expect(['pods', 'pods/pod', 'pods/pod/container', ''].map((name) => bits(join(folder, name)))).toEqual([
    0o755, 0o755, 0o755, 0o711,
  ]);
  expect(bits(log)).toBe(0o640);
  chmodSync(log, 0o600);
  await done(io.attach(nginx, stdio, log));
  expect(bits(log)).toBe(0o600);
});

test('a log that is no regular file is Corrupt; nothing is taken out of the pipe, and nothing left open', async () => {
  const { io, stdio, folder, log } = await place();
  const stdout = hold(stdio.stdout);
  await stdout.write('kept\n');
  execFileSync('mkfifo', [join(folder, 'fifo'), join(folder, 'read')]);
  hold(join(folder, 'read'));
  await fse.symlink('file', join(folder, 'link'));
  await fse.symlink('nowhere', join(folder, 'dangling'));
  await fse.writeFile(join(folder, 'file'), 'x');
  const before = openBelow(folder);
  for (const path of ['fifo', 'read', 'link', 'dangling', '', 'file/below', '../../dev/null'].map((name) =>
    join(folder, name),
  )) {
    const answer = await io.attach(nginx, stdio, path)(patient())();
    expect(answer, path).toMatchObject(E.left({ _tag: expect.stringMatching('Corrupt|Unexpected'), subject: nginx }));
    expect(openBelow(folder), path).toBe(before);
  }
  await done(io.attach(nginx, stdio, log));
  await eventually(() => expect(linesOfLog(log)).toEqual(['stdout F kept']));
});

test.skipIf(!isRoot)('a device in the place of a log is Corrupt (making one needs root)', async () => {
  const { io, stdio, log } = await place();
  execFileSync('mknod', [log, 'c', '1', '3']);
  expect(await io.attach(nginx, stdio, log)(patient())()).toMatchObject(E.left({ _tag: 'Corrupt' }));
});

test('an attach that is given up at any moment leaves nothing open, and loses nothing', async () => {
  const { io, stdio, log, folder } = await place();
  const [stdout, stderr] = [hold(stdio.stdout), hold(stdio.stderr)];
  const before = openBelow(folder);
  let [answered, gaveUp] = [0, 0];
  for (let moment = 0; moment < 60; moment += 1) {
    await stdout.write(`${moment}\n`);
    await stderr.write(`${moment}\n`);
    const controller = new AbortController();
    const answer = io.attach(nginx, stdio, log)(controller.signal)();
    for (let tick = 0; tick < moment; tick += 1)
      await (moment % 2 === 0 ? new Promise((resolve) => setImmediate(resolve)) : Promise.resolve());
    controller.abort();
    if (E.isRight(await answer)) {
      answered += 1;
      expect(openBelow(folder)).toBeGreaterThan(before);
      await done(io.detach(nginx));
    } else {
      gaveUp += 1;
      // Its turn comes when the attach that was given up has ended.
      expect(await io.reopenLog(nginx)(patient())()).toMatchObject(E.left({ _tag: 'NotFound' }));
    }
    expect(openBelow(folder)).toBe(before);
  }
  expect([answered > 0, gaveUp > 10]).toEqual([true, true]);
  await done(io.attach(nginx, stdio, log));
  const numbers = Array.from({ length: 60 }, (_, moment) => `${moment}\n`).join('');
  await eventually(() => expect([textOfLog('stdout', log), textOfLog('stderr', log)]).toEqual([numbers, numbers]));
});

test('giving up an attach of what is attached already does not detach it', async () => {
  const { io, stdio, log, folder } = await place();
  await done(io.attach(nginx, stdio, log));
  for (let moment = 0; moment < 8; moment += 1) {
    const controller = new AbortController();
    const answer = io.attach(nginx, stdio, log)(controller.signal)();
    for (let tick = 0; tick < moment; tick += 1) await Promise.resolve();
    controller.abort();
    await answer;
    await done(io.reopenLog(nginx));
  }
  expect(openBelow(folder)).toBe(3);
});

test('closing lets go of everything, also of what is being attached; later calls are Unavailable', async () => {
  const { io, stdio, log, folder } = await place();
  const attaching = io.attach(nginx, stdio, log)(patient())();
  await io.close();
  await attaching;
  expect(openBelow(folder)).toBe(0);
  const unavailable = E.left(expect.objectContaining({ _tag: 'Unavailable', port: 'container-io', subject: nginx }));
  expect(await io.attach(nginx, stdio, log)(patient())()).toEqual(unavailable);
  expect(await io.create(nginx, { tty: false, stdin: false })(patient())()).toEqual(unavailable);
  await io.close();
});
