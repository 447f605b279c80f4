/** What is counted: each run with how long it took and what it came to, and what is told after it. */
import { type Attributes, metrics } from '@opentelemetry/api';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Plan } from '../core/plan.js';
import { type Report, reportPlan } from '../core/report.js';
import type { Progress } from '../ports/index.js';

type Of<Tag extends Progress['_tag']> = Extract<Progress, { readonly _tag: Tag }>;

/** Looked up when something is to be counted, so that providers may be registered at any time before. */
const meter = () => metrics.getMeter('cri-recovery');

/** From what a small node takes to the deadline, which is two minutes unless told otherwise. */
const bucketsOfSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Takes the time of a run from now on; what it yields counts the run once it has ended. */
export const timeRun = ({ mode }: Pick<Of<'RunBegan'>, 'mode'>): ((ended: Pick<Of<'RunEnded'>, 'result'>) => void) => {
  const began = performance.now();
  const common = { 'cri_recovery.mode': mode };
  return ({ result }) => {
    const seconds = (performance.now() - began) / 1_000;
    const failed = E.isLeft(result) ? { 'error.type': result.left._tag } : {};
    const duration = meter().createHistogram('cri_recovery.duration', {
      unit: 's',
      description: 'How long an observation, a plan or a recovery took',
      advice: { explicitBucketBoundaries: bucketsOfSeconds },
    });
    duration.record(seconds, { ...common, ...failed });
    if (E.isRight(result) && O.isSome(result.right)) countPlan(result.right.value, common);
  };
};

/** An item of the report, whatever its kind. */
interface Counted {
  readonly state: string;
  readonly actions: Report['images'][number]['actions'];
  readonly findings: Report['images'][number]['findings'];
}

const countPlan = (plan: Plan, common: Attributes): void => {
  const counterOf = (noun: string, description: string) => {
    const counter = meter().createCounter(`cri_recovery.${noun}s`, { unit: `{${noun}}`, description });
    return (attributes: Attributes): void => counter.add(1, { ...common, ...attributes });
  };
  const countItem = counterOf('item', 'Items that have a decision, by what they have become or would');
  const countAction = counterOf('action', 'Actions, by what came of them');
  const countFinding = counterOf('finding', 'What is odd about items, by code');
  const countFailure = counterOf('failure', 'Items that could not be loaded, by why');
  const count = (kind: string, { state, actions, findings }: Counted): void => {
    countItem({ 'cri_recovery.item.kind': kind, 'cri_recovery.item.state': state });
    for (const { action, outcome } of actions)
      countAction({ 'cri_recovery.action': action, 'cri_recovery.outcome': outcome });
    for (const { code } of findings) countFinding({ 'cri_recovery.finding': code });
  };
  const report = reportPlan(plan, 0);
  for (const sandbox of report.sandboxes) count('sandbox', sandbox);
  for (const container of report.containers) count('container', container);
  for (const image of report.images) count('image', image);
  for (const { outcome, actions } of report.orphans) count('directory', { state: outcome, actions, findings: [] });
  for (const { kind, tag } of report.failures) countFailure({ 'cri_recovery.item.kind': kind, 'error.type': tag });
};

/** Counts a change that somebody who stays is told of. */
export const countChange = ({ change }: Of<'Changed'>): void => {
  const options = { unit: '{change}', description: 'Changes after a recovery, told to those who stay' };
  meter().createCounter('cri_recovery.changes', options).add(1, { 'cri_recovery.change': change });
};
