/**
 * The last line of a report, and the exit code that goes with it.
 */
import type { Report } from '../index.js';

type Action = Report['containers'][number]['actions'][number];

/** Counts of everything, as one line. */
export const summary = (report: Report): string => {
  const { sandboxes, containers, images, orphans, failures } = report;
  const refused = orphans.filter(isRefused).length;
  const doing = report.mode === 'plan' ? 'would do' : 'done';
  const actions = actionsOf(report);
  const undone = actions.filter(isUndone);
  const done = actions.filter((action) => !isUndone(action));
  const sentences = [
    `${count(sandboxes.length, 'sandbox', 'sandboxes')}${tally(sandboxes.map(({ state }) => state))}`,
    `${count(containers.length, 'container')}${tally(containers.map(({ state }) => state))}`,
    `${count(images.length, 'image')}${tally(images.map(({ state }) => state))}`,
    `${doing}: ${tallied(done.map(({ action }) => `× ${action.replace('-', ' ')}`)) || 'nothing'}`,
    ...(undone.length > 0 ? [`not done: ${tallied(undone.map(({ action }) => `× ${action.replace('-', ' ')}`))}`] : []),
    ...(refused > 0 ? [`left alone: ${count(refused, 'directory', 'directories')}`] : []),
    ...(failures.length > 0 ? [`failed: ${count(failures.length, 'item')}`] : []),
  ];
  return `${sentences.join('. ')}.`;
};

/** 0, or 1 where an item or an action failed, or a directory that looks orphaned was left alone. */
export const exitCodeOf = (report: Report): 0 | 1 => {
  const isIncomplete = report.failures.length > 0 || report.orphans.some(isRefused) || actionsOf(report).some(isUndone);
  return isIncomplete ? 1 : 0;
};

const actionsOf = ({ sandboxes, containers, images, orphans }: Report): ReadonlyArray<Action> =>
  [...sandboxes, ...containers, ...images, ...orphans].flatMap(({ actions }) => actions);

const isRefused = ({ refused }: Report['orphans'][number]): boolean => refused;

const isUndone = ({ outcome }: Action): boolean => outcome === 'failed' || outcome === 'skipped';

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
