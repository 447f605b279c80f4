/** The agent's metrics: how the node is, as far as the last look could tell. No names and ids: they are many, and in the log. */
import type { Plan } from 'cri-recovery';
import { containerState } from 'cri-recovery/core';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { odditiesOf } from './oddities-of.js';

export interface Metrics {
  readonly registry: Registry;
  /** The node as it was just seen. */
  readonly seen: (plan: Plan, seconds: number) => void;
  /** It could not be seen: counts of old would pass for the truth, and are taken back. */
  readonly unseen: () => void;
}

const containerStates = ['CREATED', 'RUNNING', 'EXITED', 'UNKNOWN'] as const;
const sandboxStates = ['READY', 'NOTREADY', 'UNKNOWN'] as const;

export const openMetrics = (): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name: `cri_recovery_${name}`, help, labelNames, registers });
  const up = gauge('up', '1 where the last look at the node gave an answer, 0 where it did not.', []);
  const containers = gauge('containers', 'Containers by the state that a recovery would give them.', ['state']);
  const sandboxes = gauge('sandboxes', 'Pod sandboxes by the state that a recovery would give them.', ['state']);
  const findings = gauge('findings', 'What is odd about items, and items that could not be loaded, by kind and code.', [
    'kind',
    'code',
  ]);
  const orphans = gauge('orphaned_directories', 'Directories without a record, by what a recovery would do.', [
    'would',
  ]);
  const looks = new Counter({
    name: 'cri_recovery_looks_total',
    help: 'Looks at the node, by whether there was an answer.',
    labelNames: ['answered'],
    registers,
  });
  const duration = new Histogram({
    name: 'cri_recovery_look_duration_seconds',
    help: 'How long looks took that were answered.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const forget = (): void => {
    for (const counts of [containers, sandboxes, findings, orphans]) counts.reset();
  };
  for (const answered of ['yes', 'no']) looks.inc({ answered }, 0);
  return {
    registry,
    seen: (plan, seconds) => {
      forget();
      up.set(1);
      looks.inc({ answered: 'yes' });
      duration.observe(seconds);
      for (const state of containerStates) containers.set({ state }, 0);
      for (const { status } of plan.containers) containers.inc({ state: containerState(status) });
      for (const state of sandboxStates) sandboxes.set({ state }, 0);
      for (const { status } of plan.sandboxes) sandboxes.inc({ state: status.state });
      for (const { kind, code } of odditiesOf(plan).values()) findings.inc({ kind, code });
      for (const would of ['move', 'keep']) orphans.set({ would }, 0);
      for (const { steps } of plan.orphans) orphans.inc({ would: steps.length > 0 ? 'move' : 'keep' });
    },
    unseen: () => {
      forget();
      up.set(0);
      looks.inc({ answered: 'no' });
    },
  };
};
