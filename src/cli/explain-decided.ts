/**
 * What is decided about an item, entry by entry, and how containerd's decision differs.
 */
import { describeRecoveryFailure, type Explanation, type Policy, policies } from '../index.js';
import { stateStyle } from './colour.js';
import type { Entry } from './entries.js';
import { timeText } from './explain-seen.js';

type Decided = Exclude<Explanation, { readonly about: 'failure' }>;
type ContainerItem = Extract<Explanation, { readonly about: 'container' }>['decided']['item'];
type Difference = Decided['containerd']['differences'][number];
type Value = Difference['here'];

/** Why there would be no recovery, where that is so, and which choices of the policy say so. */
export const endingEntries = ({ ends }: Explanation['decided'], policy: Policy): ReadonlyArray<Entry> => {
  if (ends === undefined) return [];
  const choices = ends.choices.map((choice) => choiceText(choice, policies.containerd[choice], policy[choice]));
  return [
    { label: 'ends', text: `there would be no recovery: ${describeRecoveryFailure(ends.failure)}`, style: 'red' },
    ...choices.map((text) => ({ label: 'because of', text })),
    { label: 'otherwise', text: 'if it were not for that:' },
  ];
};

export const decidedEntries = (explanation: Decided): ReadonlyArray<Entry> => {
  const { row, decided, takenAt } = explanation;
  const { item, steps } = decided;
  return [
    { label: 'row', text: row.id },
    { label: '', text: row.rule },
    { label: 'state', text: item.state, style: stateStyle(item.state) },
    ...(explanation.about === 'container'
      ? statusEntries(explanation.decided.item, takenAt)
      : [{ label: 'pid', text: `${item.pid}` }]),
    { label: 'followed', text: item.monitored ? 'yes: its exit is waited for' : 'no' },
    ...listEntries(
      'would do',
      steps.map(({ step, why }, index) => `${index + 1}. ${words(step)}: ${why}`),
    ),
    ...(explanation.about === 'container' && !steps.some(({ step }) => step === 'write-checkpoint')
      ? [{ label: 'checkpoint', text: `not written: ${explanation.decided.checkpointReason}` }]
      : []),
    ...item.findings.map(({ code, message }) => ({ label: 'found', text: `${code}: ${message}` })),
  ];
};

/** Every value with where it came from. */
const statusEntries = (item: ContainerItem, now: bigint): ReadonlyArray<Entry> => {
  const { evidence } = item;
  return [
    { label: 'pid', text: `${item.pid}${originText(evidence.pid)}` },
    { label: 'created', text: `${timeText(item.createdAt, now)}${originText(evidence.createdAt)}` },
    { label: 'started', text: `${timeText(item.startedAt, now)}${originText(evidence.startedAt)}` },
    { label: 'finished', text: `${timeText(item.finishedAt, now)}${originText(evidence.finishedAt)}` },
    { label: 'exit code', text: `${item.exitCode}${originText(evidence.exitCode)}` },
    { label: 'reason', text: `${item.reason || 'none'}${originText(evidence.reason)}` },
    ...(item.message === '' ? [] : [{ label: 'message', text: item.message }]),
  ];
};

const originText = (origin: ContainerItem['evidence']['pid']): string =>
  origin === 'estimated' ? ', estimated' : `, from the ${origin}`;

export const comparedEntries = ({ containerd, policy, takenAt }: Decided): ReadonlyArray<Entry> => {
  const { differences, choices } = containerd;
  if (differences.length === 0) return [{ label: 'the same', text: 'it would decide the same and do the same' }];
  return [
    ...differences.map((difference) => differenceEntry(difference, takenAt)),
    ...choices.map(({ choice, alone }) => ({
      label: 'because of',
      text: `${choiceText(choice, policies.containerd[choice], policy[choice])}${alone ? '' : ', together with the others'}`,
    })),
  ];
};

/** Times that a second does not tell apart are shown to the nanosecond. */
const differenceEntry = ({ field, here, containerd }: Difference, now: bigint): Entry => {
  const [there, ours] = [valueText(field, containerd, now), valueText(field, here, now)];
  const text = there === ours ? `${containerd} ns; here ${here} ns` : `${there}; here ${ours}`;
  return { label: labelOf(field), text };
};

const choiceText = (choice: string, there: string, here: string): string =>
  `${choice}: ${there}${here === there ? '' : `; here ${here}`}`;

const valueText = (field: string, value: Value, now: bigint): string => {
  if (typeof value === 'bigint') return timeText(value, now);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return value.map(field === 'steps' ? words : String).join(', ') || 'nothing';
  return value === '' ? 'none' : `${value}`;
};

/** Fields by the labels they have above. */
const labelOf = (field: string): string => {
  switch (field) {
    case 'createdAt':
    case 'startedAt':
    case 'finishedAt':
      return field.replace('At', '');
    case 'exitCode':
      return 'exit code';
    case 'monitored':
      return 'followed';
    case 'steps':
      return 'would do';
    case 'findings':
      return 'found';
    default:
      return field;
  }
};

const listEntries = (label: string, texts: ReadonlyArray<string>): ReadonlyArray<Entry> =>
  texts.length === 0
    ? [{ label, text: 'nothing' }]
    : texts.map((text, index) => ({ label: index === 0 ? label : '', text }));

const words = (name: string): string => name.replace('-', ' ');
