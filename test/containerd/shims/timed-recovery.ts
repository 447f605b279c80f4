/** A recovery by `apply` of pods whose checkpoints were taken away, with how long it took. */
import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import { type Applied, applyTo } from '../apply/apply-of.js';
import type { TestNode } from '../harness/index.js';
import { itemOf } from '../plan/plan-document.js';
import { checkpointOf, type Pod, writtenAtMs } from './ten-pods.js';

export interface Timed extends Applied {
  /** Until the last of the pods was recovered, which is when its checkpoint was written. */
  readonly recoveredMs: number;
  readonly wholeMs: number;
}

/** Leaves the containers of the pods without checkpoints, so that there is something to do. */
export const takeCheckpoints = (node: TestNode, pods: ReadonlyArray<Pod>): void => {
  for (const { teller, ender } of pods) for (const each of [teller, ender]) rmSync(checkpointOf(node, each));
};

export const timedRecovery = async (node: TestNode, pods: ReadonlyArray<Pod>, deadlineMs: number): Promise<Timed> => {
  takeCheckpoints(node, pods);
  const start = Date.now();
  const applied = await applyTo(node, 'careful', '--deadline', `${deadlineMs}ms`);
  const wholeMs = Date.now() - start;
  const written = pods.flatMap(({ teller, ender }) => [teller, ender].map((each) => writtenAtMs(node, each)));
  return { ...applied, recoveredMs: Math.max(...written) - start, wholeMs };
};

/** One time against another, for people: machines differ too much to assert it. */
export const ratioOf = (one: Timed, other: Timed): string => {
  const ratio = (key: 'recoveredMs' | 'wholeMs'): string =>
    `${one[key].toFixed(0)} ms : ${other[key].toFixed(0)} ms = ${(one[key] / other[key]).toFixed(1)}`;
  return `the others ${ratio('recoveredMs')}, the whole ${ratio('wholeMs')}`;
};

/** Every one of the pods is what it was before its checkpoints were taken. */
export const expectRecovered = ({ report }: Pick<Timed, 'report'>, pods: ReadonlyArray<Pod>): void => {
  for (const { id, teller, ender } of pods) {
    expect(itemOf(report.sandboxes, id)).toMatchObject({ state: 'READY', findings: [] });
    for (const each of [teller, ender])
      expect(itemOf(report.containers, each.id)).toMatchObject({
        state: 'RUNNING',
        pid: each.pid,
        checkpoint: 'written',
      });
  }
};
