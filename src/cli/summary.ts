/**
 * The last line of a report, and the exit code that goes with it.
 */
import type { Report } from '../index.js';

/** Counts of everything, as one line. */
export const summary = (report: Report): string => {
  const { sandboxes, containers, images, orphans, failures } = report;
  const actions = [...sandboxes, ...containers, ...images, ...orphans].flatMap((item) => item.actions);
  const sentences = [
    `${count(sandboxes.length, 'sandbox', 'sandboxes')}${tally(sandboxes.map(({ state }) => state))}`,
    `${count(containers.length, 'container')}${tally(containers.map(({ state }) => state))}`,
    `${count(images.length, 'image')}${tally(images.map(({ state }) => state))}`,
    `would do: ${tallied(actions.map(({ action }) => `× ${action.replace('-', ' ')}`)) || 'nothing'}`,
    ...(failures.length > 0 ? [`failed: ${count(failures.length, 'item')}`] : []),
  ];
  return `${sentences.join('. ')}.`;
};

/** 0, or 1 where an item failed or a directory that looks orphaned was left alone. */
export const exitCodeOf = ({ failures, orphans }: Report): 0 | 1 => {
  const isIncomplete = failures.length > 0 || orphans.some(({ refused }) => refused);
  return isIncomplete ? 1 : 0;
};

const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

const tally = (words: ReadonlyArray<string>): string => (words.length === 0 ? '' : `: ${tallied(words)}`);

/** How often each word occurs, most first. */
const tallied = (words: ReadonlyArray<string>): string => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([word, number]) => `${number} ${word}`)
    .join(', ');
};
