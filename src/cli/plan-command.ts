/** `plan`: decides what was observed, and shows it. */
import * as E from 'fp-ts/lib/Either.js';
import { decide, encodeReport, type Observation, type Policy, reportPlan } from '../index.js';
import { failureText } from './failure-text.js';
import { reportText } from './report-text.js';
import { exitCodeOf } from './summary.js';
import type { ExitCode, Terminal } from './terminal.js';

interface Shown {
  readonly policy: Policy;
  readonly json: boolean;
}

/** Prints the plan; on the left the line that says why there is none. `source` is the socket or file observed, `elapsedMs` the time so far. */
export const showPlan = (
  { policy, json }: Shown,
  observation: Observation,
  source: string,
  elapsedMs: () => number,
  terminal: Terminal,
): E.Either<string, ExitCode> => {
  const plan = decide(policy, observation.takenAt)(observation);
  if (E.isLeft(plan)) return E.left(failureText(source)(plan.left));
  const report = reportPlan(plan.right, elapsedMs());
  terminal.out(json ? encodeReport(report) : reportText(report, terminal.columns));
  return E.right(exitCodeOf(report));
};
