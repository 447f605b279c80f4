/** The built command as a process of its own, the way a person or a script runs it. `npm test` builds it first. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Paint, plain } from '../../src/cli/colour.js';
import { run } from '../../src/cli/run.js';
import { fakeProcess } from './fake-process.js';

export const mainFile = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Ended {
  /** `null` for a process that a signal ended. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface SpawnOptions {
  /** Another copy of the command. */
  readonly main?: string;
  readonly cwd?: string;
  /** Runs it as this user and group. */
  readonly id?: number;
}

const environment = { PATH: process.env.PATH };

const ended = async (program: string, args: ReadonlyArray<string>, { id, cwd }: SpawnOptions): Promise<Ended> => {
  const identity = id === undefined ? {} : { uid: id, gid: id };
  const place = cwd === undefined ? {} : { cwd };
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment, ...place, ...identity });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
};

/** Runs the command to its end; neither of its outputs is a terminal. */
export const spawnCommand = (args: ReadonlyArray<string>, options: SpawnOptions = {}): Promise<Ended> =>
  ended(process.execPath, [options.main ?? mainFile, ...args], options);

/** Runs a line of shell in which `"$@"` is the command with its arguments. */
export const spawnInShell = (line: string, args: ReadonlyArray<string>): Promise<Ended> =>
  ended('sh', ['-c', line, 'sh', process.execPath, mainFile, ...args], {});

/** The command without a process of its own. */
export const runHere = async (args: ReadonlyArray<string>, columns = 120, paint: Paint = plain): Promise<Ended> => {
  const { terminal, own, written } = fakeProcess({ columns, paint });
  const code = await run(args, terminal, own);
  return { code, stdout: written.out, stderr: written.err };
};

/** Nothing on standard output, and on standard error one clear line: no stack trace, nothing of the inside. */
export const expectComplaint = ({ code, stdout, stderr }: Ended, expectedCode: 2 | 3, words: RegExp): void => {
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^cri-recovery: [^\n]{10,500}\n$/);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|node:internal|\[object|undefined|\[?ConnectError|[A-Z]\w*Error:/);
  expect(code).toBe(expectedCode);
};
