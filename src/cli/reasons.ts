/**
 * The words of the table: since when, what would be done, and why.
 */
import type { Report } from '../index.js';
import { printable } from './printable.js';
import { ageText } from './time-text.js';

type Sandbox = Report['sandboxes'][number];
type Container = Report['containers'][number];
type Image = Report['images'][number];
type Action = Container['actions'][number];

/** The actions in order, what came of them where it is not as planned, `-` for none. */
export const actionsText = (actions: ReadonlyArray<Action>): string => actions.map(actionText).join(', ') || '-';

const actionText = ({ action, outcome }: Action): string => {
  const words = action.replace('-', ' ');
  return outcome === 'failed' || outcome === 'skipped' ? `${words} (${outcome})` : words;
};

/** Why actions were not done, in words that nothing else in the row says. */
export const errorsText = (actions: ReadonlyArray<Action>): string =>
  printable(actions.flatMap(({ error }) => (error === undefined ? [] : [error])).join('; '));

export const sinceSandbox = ({ state, createdAt }: Sandbox, now: bigint): string =>
  state === 'READY' ? since(createdAt, now, false) : '-';

/** Since when a container is in its state; `~` before a time that nobody knows better. */
export const sinceContainer = (container: Container, now: bigint): string => {
  switch (container.state) {
    case 'CREATED':
      return since(container.createdAt, now, container.evidence.createdAt === 'estimated');
    case 'RUNNING':
      return since(container.startedAt, now, container.evidence.startedAt === 'estimated');
    case 'EXITED':
      return since(container.finishedAt, now, container.evidence.finishedAt === 'estimated');
    case 'UNKNOWN':
      return '-';
  }
};

const since = (time: bigint, now: bigint, isEstimated: boolean): string => {
  if (time <= 0n) return '-';
  return `${isEstimated ? '~' : ''}${ageText(time, now)}`;
};

export const sandboxReason = (sandbox: Sandbox): string => reason(sandboxState(sandbox.state), sandbox.findings);

const sandboxState = (state: Sandbox['state']): string => {
  switch (state) {
    case 'READY':
      return 'its task runs';
    case 'NOTREADY':
      return 'its task is gone';
    case 'UNKNOWN':
      return '';
  }
};

export const containerReason = (container: Container): string => reason(containerWords(container), container.findings);

const containerWords = ({ state, exitCode, reason: word }: Container): string => {
  switch (state) {
    case 'CREATED':
      return 'not started yet';
    case 'RUNNING':
      return 'its task runs';
    case 'EXITED':
      return `exit code ${exitCode}${word === '' ? '' : ` (${word})`}`;
    case 'UNKNOWN':
      return '';
  }
};

export const imageReason = ({ findings, actions }: Image): string => {
  const words = reason(findings.length === 0 ? 'complete and unpacked' : '', findings);
  return [words, errorsText(actions)].filter(Boolean).join('; ');
};

const reason = (words: string, findings: Container['findings']): string => {
  const parts = [...(words === '' ? [] : [words]), ...findings.map(({ message }) => message)];
  return printable(parts.join('; '));
};
