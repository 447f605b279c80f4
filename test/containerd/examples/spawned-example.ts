/** A copied example as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import type { CopiedExample } from '../../examples/copied-example.js';
import { type TestNode, waitUntil } from '../harness/index.js';

export interface SpawnedExample {
  readonly pid: number;
  /** The lines of JSON it has printed so far. */
  readonly lines: ReadonlyArray<Readonly<Record<string, unknown>>>;
  /** Sends SIGTERM and waits for the end; the code is null where it had to be killed. */
  readonly end: () => Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Where the node is, as the examples are told. */
const environmentFor = (node: TestNode) => ({
  PATH: process.env.PATH,
  CONTAINERD_ADDRESS: node.socket,
  CRI_ROOT: node.criRoot,
  CRI_STATE: node.criState,
});

/** Starts it as its package.json says, after the words of `wrapper`, which has to end in an exec. Resolves with its first line. */
export const spawnExample = async (
  example: CopiedExample,
  node: TestNode,
  env: Readonly<Record<string, string>>,
  wrapper: ReadonlyArray<string> = [],
): Promise<SpawnedExample> => {
  expect(example.scripts.start).toBe('node build/main.js');
  const words = [...wrapper, process.execPath, join(example.folder, 'build', 'main.js')];
  const [program = '', ...args] = words;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environmentFor(node), ...env },
  });
  const stderr = text(child.stderr);
  const closed = once(child, 'close');
  const lines: Array<Readonly<Record<string, unknown>>> = [];
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const end = async (): Promise<Ended> => {
    if (!hasEnded()) child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await closed;
    clearTimeout(patience);
    return { code: child.exitCode, stderr: await stderr };
  };
  try {
    await waitUntil('its first line', () => hasEnded() || lines.length > 0);
    if (lines.length === 0) throw new Error(`it has ended: ${await stderr}`);
  } catch (error) {
    await end();
    throw error;
  }
  return { pid: child.pid ?? 0, lines, end };
};
