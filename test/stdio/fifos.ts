/** FIFOs, logs and writers for the tests of the stdio adapter. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, openSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { onTestFinished, vi } from 'vitest';
import type { TaskStdio } from '../../src/core/task.js';
import type { PortCall } from '../../src/ports/index.js';
import { type ContainerIoAdapter, type ContainerIoOptions, openContainerIo } from '../../src/stdio/index.js';
import { fakeId } from '../../src/testing/index.js';
import { temporaryFolder } from '../disk/temporary-node.js';

export const nginx = fakeId('nginx');

/** A signal that never fires. */
export const patient = (): AbortSignal => new AbortController().signal;

/** The value of a call that must succeed. */
export const done = async <A>(call: PortCall<A>): Promise<A> => {
  const answer = await call(patient())();
  if (E.isLeft(answer)) throw new Error(`${answer.left._tag}: ${answer.left.message}`);
  return answer.right;
};

/** An adapter that is closed when the test ends. */
export const openIo = (options: ContainerIoOptions): ContainerIoAdapter => {
  const io = openContainerIo(options);
  onTestFinished(() => io.close());
  return io;
};

/** Asks until it is so, on a busy machine too. */
export const eventually = (check: () => unknown): Promise<unknown> =>
  vi.waitFor(check, { timeout: 10_000, interval: 10 });

export interface Place {
  readonly folder: string;
  readonly log: string;
  readonly stdio: TaskStdio;
  readonly io: ContainerIoAdapter;
}

/** A folder with two FIFOs, and an adapter. */
export const place = async (options: Partial<ContainerIoOptions> = {}): Promise<Place> => {
  const folder = await temporaryFolder();
  const [stdout, stderr] = [join(folder, 'stdout'), join(folder, 'stderr')];
  execFileSync('mkfifo', [stdout, stderr]);
  const io = openIo({ state: join(folder, 'state'), ...options });
  return { folder, log: join(folder, 'log'), stdio: { stdin: '', stdout, stderr, terminal: false }, io };
};

/** Both ends of a FIFO held open, as a shim does: what is written waits while nobody reads. */
export const hold = (
  path: string,
): { readonly write: (text: string | Buffer) => Promise<void>; readonly close: () => Promise<void> } => {
  let descriptor: number | undefined = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const close = async (): Promise<void> => {
    const open = descriptor;
    descriptor = undefined;
    if (open !== undefined) await fse.close(open);
  };
  onTestFinished(close);
  const write = async (text: string | Buffer): Promise<void> => {
    const bytes = Buffer.from(text as string);
    for (let offset = 0; offset < bytes.length; ) {
      try {
        offset += (await fse.write(descriptor ?? -1, bytes, offset)).bytesWritten;
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'EAGAIN') throw thrown;
        await pause(1);
      }
    }
  };
  return { write, close };
};

/** A process that runs a shell command with its output going to FIFOs; it is killed when the test ends. */
export const writer = (command: string, stdio: TaskStdio) => {
  const redirections = `exec >'${stdout(stdio)}' 2>'${stdio.stderr || '/dev/null'}'`;
  const child = spawn('sh', ['-c', `${redirections}; ${command}`], { stdio: 'ignore', detached: true });
  onTestFinished(() => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  });
  return { child, ended: once(child, 'exit') };
};
const stdout = (stdio: TaskStdio): string => stdio.stdout;

/** The lines of a log as `stdout F text`, in order; throws where one is not well-formed. */
export const linesOfLog = (path: string): ReadonlyArray<string> => {
  const lines = readFileSync(path, 'latin1').split('\n');
  if (lines.pop() !== '') throw new Error('the log ends in the middle of a line');
  return lines.map((line) => {
    const [, rest] = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z ((?:stdout|stderr) [PF] .*)$/s.exec(line) ?? [];
    if (rest === undefined) throw new Error(`not a line of a CRI log: ${line}`);
    return rest;
  });
};

/** The output that a log, or several after one another, tells of one stream. */
export const textOfLog = (stream: 'stdout' | 'stderr', ...paths: ReadonlyArray<string>): string =>
  paths
    .flatMap(linesOfLog)
    .filter((line) => line.startsWith(stream))
    .map((line) => (line.startsWith(`${stream} F`) ? `${line.slice(9)}\n` : line.slice(9)))
    .join('');

/** The open files of this process, by path. */
export const openFiles = (): ReadonlyArray<string> =>
  fse.readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      return [];
    }
  });

/** How many files and FIFOs below a folder this process has open. */
export const openBelow = (folder: string): number => openFiles().filter((path) => path.startsWith(folder)).length;
