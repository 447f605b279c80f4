/**
 * What makes one policy's judgement of an item differ from containerd's: field by field, and row by row of the policy.
 */
import type {
  Choice,
  ContainerJudgement,
  DecisiveChoice,
  Difference,
  DifferingValue,
  SandboxJudgement,
} from './explanation.js';
import { containerd, type Policy } from './policy.js';

/** What is compared of an item, by field. */
export type Values = Readonly<Record<string, DifferingValue>>;

/** What is compared of a container. Evidence is not: containerd has none. */
export const containerValues = ({ item, steps }: Pick<ContainerJudgement, 'item' | 'steps'>): Values => ({
  state: item.state,
  pid: item.pid,
  createdAt: item.createdAt,
  startedAt: item.startedAt,
  finishedAt: item.finishedAt,
  exitCode: item.exitCode,
  reason: item.reason,
  message: item.message,
  checkpoint: item.checkpoint,
  monitored: item.monitored,
  steps: steps.map(({ step }) => step),
  findings: item.findings.map(({ code }) => code),
});

/** What is compared of a sandbox. */
export const sandboxValues = ({ item, steps }: Pick<SandboxJudgement, 'item' | 'steps'>): Values => ({
  state: item.state,
  pid: item.pid,
  monitored: item.monitored,
  steps: steps.map(({ step }) => step),
  findings: item.findings.map(({ code }) => code),
});

/** The fields whose values differ, with both. */
export const differencesOf = (here: Values, there: Values): ReadonlyArray<Difference> =>
  Object.keys(here).flatMap((field) => {
    const one = here[field];
    const other = there[field];
    if (one === undefined || other === undefined || isSame(one, other)) return [];
    return [{ field, here: one, containerd: other }];
  });

const isSame = (one: DifferingValue, other: DifferingValue): boolean =>
  isList(one) && isList(other) ? one.join() === other.join() : one === other;

const isList = (value: DifferingValue): value is ReadonlyArray<string> => Array.isArray(value);

/**
 * The rows that make the difference: those that change something when they alone are chosen as containerd does, and beside them no more than it
 * takes for the whole of the difference.
 */
export const decisiveChoices = (
  policy: Policy,
  valuesUnder: (policy: Policy) => Values,
): ReadonlyArray<DecisiveChoice> => {
  const departing = (Object.keys(containerd) as ReadonlyArray<Choice>).filter((row) => policy[row] !== containerd[row]);
  const isLike = (rows: ReadonlyArray<Choice>, values: Values): boolean =>
    differencesOf(valuesUnder(choosing(policy, rows)), values).length === 0;
  const here = valuesUnder(policy);
  const alone = departing.filter((row) => !isLike([row], here));
  const there = valuesUnder(containerd);
  const decisive = departing.reduce((rows, row) => {
    const fewer = rows.filter((one) => one !== row);
    return !alone.includes(row) && isLike(fewer, there) ? fewer : rows;
  }, departing);
  return [...alone, ...decisive.filter((row) => !alone.includes(row))].map((choice) => ({
    choice,
    here: policy[choice],
    containerd: containerd[choice],
    alone: alone.includes(choice),
  }));
};

/** The policy with some rows chosen as containerd does. */
export const choosing = (policy: Policy, rows: ReadonlyArray<Choice>): Policy => ({
  ...policy,
  ...Object.fromEntries(rows.map((row) => [row, containerd[row]])),
});
