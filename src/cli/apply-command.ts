/** `apply`: recovers a live node once and shows what was done. */
import * as E from 'fp-ts/lib/Either.js';
import { type Plan, recover, reportPlan } from '../index.js';
import type { Recovering } from './arguments.js';
import { failureText } from './failure-text.js';
import { onLiveNode } from './live-node.js';
import type { Elapsed } from './plan-command.js';
import { showReport } from './show-report.js';
import type { ExitCode, Terminal } from './terminal.js';

export const applyPlan = async (
  { node, policy, alongsideCri, json }: Recovering,
  elapsedMs: Elapsed,
  terminal: Terminal,
): Promise<E.Either<string, ExitCode>> => {
  const recovered = await onLiveNode(node, terminal, async (ports) =>
    E.mapLeft(failureText(node.address))(await recover({ policy, alongsideCri, limits: node.limits })(ports)()),
  );
  return E.map((plan: Plan) => showReport(reportPlan(plan, elapsedMs()), json, terminal))(recovered);
};
