/**
 * An explanation as a person reads it: what the item is, what was seen of it, what is decided and why, and what containerd would make of it.
 */
import { type Explanation, policyName } from '../index.js';
import { type Paint, plain } from './colour.js';
import { type Entry, sectionText } from './entries.js';
import { comparedEntries, decidedEntries, endingEntries } from './explain-decided.js';
import { seenEntries } from './explain-seen.js';
import { containerText, podText } from './item-names.js';
import { momentText } from './time-text.js';

/** Ends with a line break. */
export const explanationText = (explanation: Explanation, columns: number, paint: Paint = plain): string => {
  const { id, node, takenAt, policy } = explanation;
  const section = (heading: string, words: string, entries: ReadonlyArray<Entry>): string =>
    sectionText(heading, words, entries, columns, paint);
  const seenAt = `as of ${momentText(takenAt)}, containerd ${node.containerd}, namespace ${node.namespace}`;
  const sections = [
    section(kindOf(explanation), nameOf(explanation), [{ label: 'id', text: id }]),
    section('SEEN', seenAt, seenEntries(explanation)),
    section('DECIDED', `under policy ${policyName(policy)}`, decided(explanation)),
    section('CONTAINERD', 'as its own CRI plugin would decide', compared(explanation)),
  ];
  return `${sections.join('\n\n')}\n`;
};

const kindOf = (explanation: Explanation): string =>
  (explanation.about === 'failure' ? explanation.failure.kind : explanation.about).toUpperCase();

const nameOf = (explanation: Explanation): string => {
  const { id } = explanation;
  switch (explanation.about) {
    case 'container':
      return containerText({ id, name: explanation.seen.record.name });
    case 'sandbox':
      return podText({ id, name: explanation.seen.record.name });
    case 'failure':
      return 'without a name that could be read';
  }
};

const decided = (explanation: Explanation): ReadonlyArray<Entry> => [
  ...endingEntries(explanation.decided, explanation.policy),
  ...(explanation.about === 'failure' ? [undecided] : decidedEntries(explanation)),
];

const undecided: Entry = {
  label: 'failed',
  text: 'nothing is decided about it; what it has on the disk is left alone',
  style: 'red',
};

const compared = (explanation: Explanation): ReadonlyArray<Entry> => {
  if (explanation.about === 'failure') {
    return [
      ...endingEntries(explanation.containerd, explanation.policy),
      { label: 'failed', text: 'it would not load it either' },
    ];
  }
  const isSame = explanation.containerd.differences.length === 0 && explanation.decided.ends !== undefined;
  const ending = isSame ? [] : endingEntries(explanation.containerd, explanation.policy);
  return [...ending, ...comparedEntries(explanation)];
};
