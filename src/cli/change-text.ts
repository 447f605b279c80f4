/**
 * A change as a person reads it, at night: when, what became of what, to whom, and in words what is known and what was done.
 */
import type { ReportedChange } from '../index.js';
import { stateStyle } from './colour.js';
import { containerText, podText, shortId } from './item-names.js';
import { printable } from './printable.js';
import { actionsText, containerReason, errorsText, sandboxReason, sinceContainer } from './reasons.js';
import { reportText } from './report-text.js';
import { wrap } from './table.js';
import type { Terminal } from './terminal.js';
import { stampText } from './time-text.js';

type ContainerChange = Extract<ReportedChange, { readonly change: 'container' }>;
type SandboxChange = Extract<ReportedChange, { readonly change: 'sandbox' }>;
type Item = ContainerChange['container'] | SandboxChange['sandbox'];

/** The report as `apply` shows it, or one line, which a terminal has indented where it is too narrow. Ends with a line break. */
export const changeText = (told: ReportedChange, terminal: Paper): string => {
  const { at } = told;
  switch (told.change) {
    case 'recovered': {
      const sentence = 'what changes from now on follows; containers go on when this ends';
      return reportText(told.report, terminal.columns, terminal.paint) + line(at, 'WATCHING', sentence, terminal);
    }
    case 'container':
      return line(at, transition(told.before.state, told.container.state), containerWords(told), terminal);
    case 'sandbox':
      return line(at, transition(told.before.state, told.sandbox.state), sandboxWords(told), terminal);
    case 'connection-lost':
      return line(at, 'CONNECTION LOST', `containerd tells nothing until it is back: ${told.error}`, terminal);
    case 'connection-back':
      return line(at, 'CONNECTION BACK', 'what happened meanwhile is asked for', terminal);
    case 'io-trouble':
      return line(at, ...troubleWords(told), terminal);
    case 'ended':
      return line(at, 'ENDED', told.error, terminal);
  }
};

/** As wide as the widest that is frequent. */
const headWidth = 'RUNNING → UNKNOWN'.length;
const indent = '    ';
/** Fewer characters than this are no place to begin a sentence in. */
const narrowestStart = 20;
/** Narrower terminals break lines themselves. */
const narrowest = 40;

type Paper = Pick<Terminal, 'columns' | 'isTerminal' | 'paint'>;

const line = (at: bigint, head: string, words: string, { columns, isTerminal, paint }: Paper): string => {
  const stamp = stampText(at);
  const shown = head.split(arrow).map((word) => paint(stateStyle(word) ?? 'bold', word));
  const width = Math.max(headWidth, head.length);
  const start = `${stamp} ${shown.join(arrow)}${' '.repeat(width - head.length)} `;
  const text = printable(words).replace(/ +/g, ' ');
  const room = columns - (stamp.length + width + 2);
  if (!isTerminal || [...text].length <= room) return `${start}${text}\n`;
  const [first = ''] = room < narrowestStart ? [] : wrap(text, room);
  const rest = wrap(text.slice(first.length).trimStart(), Math.max(columns, narrowest) - indent.length);
  return [`${start}${first}`.trimEnd(), ...rest.map((part) => indent + part), ''].join('\n');
};

const arrow = ' → ';
const transition = (before: string, now: string): string => (before === now ? now : `${before}${arrow}${now}`);

const containerWords = ({ at, before, container }: ContainerChange): string => {
  const since = sinceContainer(container, at);
  const isLate = container.state === 'EXITED' && since !== 'just now';
  return `${containerText(container)}: ${sentences(
    containerReason(container),
    isLate ? `ended ${since}` : '',
    ...outcomes(container, before.findings),
  )}`;
};

const sandboxWords = ({ before, sandbox }: SandboxChange): string =>
  `${podText(sandbox)}: ${sentences(sandboxReason(sandbox), ...outcomes(sandbox, before.findings))}`;

/** What was done about it, what was not, and what is over. */
const outcomes = ({ id, actions, findings }: Item, before: Item['findings']): ReadonlyArray<string> => {
  const done = actions.filter(({ outcome }) => outcome === 'done');
  const undone = actions.filter(({ outcome }) => outcome !== 'done');
  const over = before.filter(({ code }) => !findings.some((found) => found.code === code));
  return [
    done.length > 0 ? `done: ${actionsText(done)}` : '',
    undone.length > 0 ? `not done: ${sentences(actionsText(undone), errorsText(undone))}` : '',
    over.length > 0 ? `no longer: ${over.map(({ message }) => message).join('; ')}` : '',
    `id ${shortId(id)}`,
  ];
};

const troubleWords = (told: Extract<ReportedChange, { readonly change: 'io-trouble' }>): readonly [string, string] => {
  const { phase, dropped, error } = told;
  const what = `${error}; ${dropped} ${dropped === 1 ? 'line' : 'lines'} dropped`;
  const id = `id ${shortId(told.id)}`;
  return phase === 'began'
    ? ['LOG NOT WRITTEN', sentences(`${containerText(told)}: ${what} so far, more until it can be written`, id)]
    : ['LOG GAP IS OVER', sentences(`${containerText(told)}: ${what}`, id)];
};

const sentences = (...parts: ReadonlyArray<string>): string => parts.filter(Boolean).join('; ');
