/** `watch --json` on a test node, as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { mainFile } from '../../cli/spawned-command.js';
import { type TestNode, waitUntil } from '../harness/index.js';
import { whereIs } from '../plan/plan-of.js';

/** One line of what it prints, as far as tests look at it. */
export interface ChangeLine {
  readonly change: string;
  readonly at: string;
  readonly before?: { readonly state: string };
  readonly container?: ChangedContainer;
  readonly sandbox?: ChangedSandbox;
  readonly report?: {
    readonly sandboxes: ReadonlyArray<ChangedSandbox>;
    readonly containers: ReadonlyArray<ChangedContainer>;
  };
}

interface ChangedSandbox {
  readonly id: string;
  readonly state: string;
}

export interface ChangedContainer {
  readonly id: string;
  readonly state: string;
  readonly exitCode: number;
  readonly reason: string;
  readonly finishedAt: string;
  readonly checkpoint: string;
  readonly evidence: Readonly<Record<string, string>>;
}

export interface Watching {
  readonly pid: number;
  /** What has been printed so far. */
  readonly changes: () => ReadonlyArray<ChangeLine>;
  /** Resolves with the first line that is like this, printed by now or to come. */
  readonly until: (what: string, isLike: (change: ChangeLine) => boolean) => Promise<ChangeLine>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<Ended>;
  /** Sends the signal and waits for the end. */
  readonly end: (name?: NodeJS.Signals) => Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Resolves once the node is recovered. */
export const watchNode = async (node: TestNode, ...options: ReadonlyArray<string>): Promise<Watching> => {
  const child = spawn(process.execPath, [mainFile, 'watch', '--json', ...whereIs(node), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH },
  });
  const stderr = text(child.stderr);
  const closed = once(child, 'close');
  const ended = closed.then(async () => ({ code: child.exitCode, stderr: await stderr }));
  const lines: ChangeLine[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
  const until = (what: string, isLike: (change: ChangeLine) => boolean): Promise<ChangeLine> =>
    waitUntil(what, async () => {
      if (hasEnded(child) && !lines.some(isLike)) throw new Error(`the watch has ended: ${await stderr}`);
      return lines.find(isLike) ?? false;
    });
  await until('the node is recovered', ({ change }) => change === 'recovered');
  return {
    pid: child.pid ?? 0,
    changes: () => lines,
    until,
    signal: (name) => child.kill(name),
    ended,
    end: (name = 'SIGTERM') => {
      if (!hasEnded(child)) child.kill(name);
      return ended;
    },
  };
};

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
