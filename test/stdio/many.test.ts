/** Many containers at once, and disks that do not keep up. */
import { execFileSync } from 'node:child_process';
import { promises } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import fse from 'fs-extra';
import { afterEach, expect, test, vi } from 'vitest';
import type { TaskStdio } from '../../src/core/task.js';
import { fakeId } from '../../src/testing/index.js';
import { temporaryFolder } from '../disk/temporary-node.js';
import { done, eventually, linesOfLog, nginx, openBelow, openIo, place, textOfLog, writer } from './fifos.js';

afterEach(() => {
  vi.restoreAllMocks();
});

test('500 containers with two streams each: all are read, other files are not kept waiting, nothing stays open', async () => {
  const folder = await temporaryFolder();
  const io = openIo({ state: folder });
  const ids = Array.from({ length: 500 }, (_, index) => fakeId(`c${index}`));
  const sets = await Promise.all(
    ids.map(async (id) => ({ id, stdio: await done(io.create(id, { tty: false, stdin: false })) })),
  );
  expect(openBelow(folder)).toBe(0);
  const logOf = (id: string) => join(folder, 'logs', id, '0.log');
  await Promise.all(sets.map(({ id, stdio }) => done(io.attach(id, stdio, logOf(id)))));
  expect(openBelow(folder)).toBe(3 * ids.length);
  const paths = sets.flatMap(({ stdio }) => [stdio.stdout, stdio.stderr]);
  await fse.writeFile(join(folder, 'paths'), `${paths.join('\n')}\n`);
  const script = `while read path; do { i=0; while [ $i -lt 40 ]; do echo "line $i"; i=$((i+1)); done; } > "$path"; done`;
  const { ended } = writer(`exec < ${join(folder, 'paths')}; ${script}`, {
    stdin: '',
    stdout: '/dev/null',
    stderr: '',
    terminal: false,
  });
  let slowest = 0;
  let isWriting = true;
  void ended.then(() => {
    isWriting = false;
  });
  while (isWriting) {
    const start = performance.now();
    await promises.stat(folder);
    slowest = Math.max(slowest, performance.now() - start);
    await pause(2);
  }
  await eventually(() => expect(openBelow(folder)).toBe(0));
  const lines = Array.from({ length: 40 }, (_, number) => `line ${number}\n`).join('');
  for (const { id } of sets)
    for (const stream of ['stdout', 'stderr'] as const) expect(textOfLog(stream, logOf(id))).toBe(lines);
  // Threads that wait for a FIFO would not be late but never come.
  expect(slowest).toBeLessThan(10_000);
}, 60_000);

/** Lets no write of this process to a file end before it is told to. */
const stopWrites = () => {
  const write = fse.write;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let running = 0;
  let most = 0;
  const gated = async (...given: Parameters<typeof write>) => {
    running += 1;
    most = Math.max(most, running);
    await released;
    running -= 1;
    return (write as (...all: Parameters<typeof write>) => Promise<{ bytesWritten: number; buffer: Buffer }>)(...given);
  };
  vi.spyOn(fse, 'write').mockImplementation(gated as never);
  return { release, most: () => most };
};

test('a disk that does not keep up holds back the container: little is taken out of the pipe, and nothing lost', async () => {
  const { io, stdio, log, folder } = await place();
  const gate = stopWrites();
  await done(io.attach(nginx, stdio, log));
  const progress = join(folder, 'progress');
  const command = `i=0; while [ $i -lt 1000 ]; do printf '%01000d\\n' $i; i=$((i+1)); echo >> ${progress}; done`;
  const { ended } = writer(command, stdio);
  // How many lines the container has got rid of.
  const written = async () => ((await fse.pathExists(progress)) ? (await fse.stat(progress)).size : 0);
  await eventually(async () => expect(await written()).toBeGreaterThan(60));
  await pause(300);
  const stuckAt = await written();
  await pause(300);
  expect(await written()).toBe(stuckAt);
  // The pipe holds 64 KiB, as much may be on its way into the log, and as much read in advance.
  expect(stuckAt * 1_001).toBeLessThan(4 * 65_536);
  gate.release();
  await ended;
  await eventually(() => expect(openBelow(folder)).toBe(0));
  const expected = Array.from({ length: 1000 }, (_, number) => `stdout F ${String(number).padStart(1000, '0')}`);
  expect(linesOfLog(log).join('\n') === expected.join('\n')).toBe(true);
}, 30_000);

test('no more than two writes are under way, however many containers write', async () => {
  const folder = await temporaryFolder();
  const io = openIo({ state: folder });
  const ids = Array.from({ length: 20 }, (_, index) => fakeId(`c${index}`));
  const sets: TaskStdio[] = [];
  for (const id of ids) {
    const stdio = await done(io.create(id, { tty: false, stdin: false }));
    await done(io.attach(id, stdio, join(folder, `${id}.log`)));
    sets.push(stdio);
  }
  const gate = stopWrites();
  for (const { stdout, stderr } of sets) execFileSync('sh', ['-c', `echo one > ${stdout}; echo two > ${stderr}`]);
  await pause(50);
  expect(gate.most()).toBe(2);
  gate.release();
  await eventually(() =>
    expect(ids.map((id) => [...linesOfLog(join(folder, `${id}.log`))].sort())).toEqual(
      ids.map(() => ['stderr F two', 'stdout F one']),
    ),
  );
  expect(gate.most()).toBe(2);
});

test('what is detached while its log is not written is given up with the signal, and written all the same', async () => {
  const { io, stdio, log, folder } = await place();
  const gate = stopWrites();
  await done(io.attach(nginx, stdio, log));
  await promises.appendFile(stdio.stdout, 'one\n');
  await pause(30);
  const answer = await io.detach(nginx)(AbortSignal.timeout(30))();
  expect(answer).toMatchObject({ left: { _tag: 'TimedOut', operation: 'detach' } });
  expect(openBelow(folder)).toBe(1);
  gate.release();
  await eventually(() => expect(openBelow(folder)).toBe(0));
  expect(linesOfLog(log)).toEqual(['stdout F one']);
});

test('a log is reopened between two writes, and a call given up before its turn is not made', async () => {
  const { io, stdio, log, folder } = await place();
  const gate = stopWrites();
  await done(io.attach(nginx, stdio, log));
  const stdout = await promises.open(stdio.stdout, 'a');
  await stdout.appendFile('one\n');
  await eventually(() => expect(gate.most()).toBe(1));
  await fse.rename(log, join(folder, 'old'));
  const reopening = done(io.reopenLog(nginx));
  expect(await io.detach(nginx)(AbortSignal.timeout(30))()).toMatchObject({ left: { _tag: 'TimedOut' } });
  await stdout.appendFile('two\n');
  gate.release();
  await reopening;
  await eventually(() => expect(linesOfLog(log)).toEqual(['stdout F two']));
  expect(linesOfLog(join(folder, 'old'))).toEqual(['stdout F one']);
  await done(io.reopenLog(nginx));
  await stdout.close();
});
