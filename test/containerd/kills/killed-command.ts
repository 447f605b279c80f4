/** `apply` and `watch` as processes that are killed with SIGKILL, at a moment told by the clock or by what they have done so far. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { mainFile } from '../../cli/spawned-command.js';
import type { TestNode } from '../harness/index.js';
import { whereIs } from '../plan/plan-of.js';

export interface Doomed {
  readonly verb: 'apply' | 'watch';
  /** So many things it has done by then; taking the lock is the first, and is done before it acts. */
  readonly afterDeeds: number;
  /** So much later. */
  readonly thenMs: number;
  /** At the latest: nobody waits longer for deeds. For who is to stay it counts from when the node is recovered. */
  readonly latestMs: number;
  /** Done as soon as a watch has recovered the node; only what it does after that counts then. */
  readonly whileItStays?: () => Promise<void>;
}

export interface Killed {
  /** False for one that had ended before. */
  readonly byUs: boolean;
  /** What it had told of having done. */
  readonly deeds: ReadonlyArray<string>;
  readonly hasRecovered: boolean;
}

/** What is done to a node, as told when it is done; what is only read does not count. */
const deed =
  /cri-recovery:(?:disk (acquire|write|keepAside|quarantine)|containerd (tasks delete|images adopt)|stdio (attach|create)) /;

/** Starts the command and kills it. */
export const killInTime = async (node: TestNode, doomed: Doomed): Promise<Killed> => {
  const child = spawn(process.execPath, [mainFile, doomed.verb, '--json', ...whereIs(node)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, DEBUG: 'cri-recovery:*' },
  });
  const ended = once(child, 'exit');
  const deeds: string[] = [];
  let hasRecovered = false;
  let counted = 0;
  let now: () => void = () => undefined;
  const isTime = new Promise<void>((resolve) => {
    now = resolve;
  });
  const atLatest = (): NodeJS.Timeout => setTimeout(now, doomed.latestMs);
  let latest = doomed.whileItStays === undefined ? atLatest() : undefined;
  let meanwhile: Promise<void> | undefined;
  createInterface(child.stderr).on('line', (line) => {
    const [, onDisk, atContainerd, onStreams] = deed.exec(line) ?? [];
    const done = onDisk ?? atContainerd ?? onStreams;
    if (done === undefined) return;
    deeds.push(done);
    if (doomed.whileItStays === undefined || hasRecovered) counted += 1;
    if (counted === doomed.afterDeeds) now();
  });
  createInterface(child.stdout).on('line', () => {
    if (hasRecovered) return;
    hasRecovered = true;
    latest ??= atLatest();
    meanwhile = doomed.whileItStays?.();
    meanwhile?.catch(() => undefined);
  });
  await Promise.race([isTime, ended]);
  clearTimeout(latest);
  if (doomed.thenMs > 0) await pause(doomed.thenMs);
  child.kill('SIGKILL');
  await ended;
  await meanwhile;
  return { byUs: child.signalCode === 'SIGKILL', deeds, hasRecovered };
};
