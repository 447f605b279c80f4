/** `plan`: what would become of a node. */
import * as E from 'fp-ts/lib/Either.js';
import { decide, type Observation, observe, reportPlan } from '../index.js';
import type { Planned } from './arguments.js';
import { showExplanation } from './explain-command.js';
import { failureText } from './failure-text.js';
import { onLiveNode } from './live-node.js';
import type { NodeSettings } from './settings.js';
import { showReport } from './show-report.js';
import type { ExitCode, Terminal } from './terminal.js';

/** How long the command has run, in milliseconds. */
export type Elapsed = () => number;

/** Shows the plan for what was observed at `source`, a socket or a file, or the story of one item. */
export const showPlan = (
  { policy, json, explain }: Planned,
  observation: Observation,
  source: string,
  elapsedMs: Elapsed,
  terminal: Terminal,
): E.Either<string, ExitCode> => {
  if (explain !== undefined) return E.right(showExplanation(explain, policy, observation, json, terminal));
  const plan = decide(policy, observation.takenAt)(observation);
  if (E.isLeft(plan)) return E.left(failureText(source)(plan.left));
  return E.right(showReport(reportPlan(plan.right, elapsedMs()), json, terminal));
};

/** Observes a live node. */
export const observeLive = (node: NodeSettings, terminal: Terminal): Promise<E.Either<string, Observation>> =>
  onLiveNode(node, terminal, async (ports) =>
    E.mapLeft(failureText(node.address))(await observe({ limits: node.limits })(ports)()),
  );
