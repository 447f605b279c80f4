/**
 * Colours: where they are shown, and which words have one. Everything else about the text is the same with and without.
 */
import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

/** Text in a style, or as it is where no colours are shown. */
export type Paint = (style: Style | undefined, text: string) => string;

/** For what is no terminal. */
export const plain: Paint = (_, text) => text;

/** For a terminal; whether it is one is decided by then. */
export const coloured: Paint = (style, text) =>
  style === undefined || text === '' ? text : styleText(style, text, { validateStream: false });

/**
 * Whether to show colours: on a terminal that has them, unless NO_COLOR is set, and elsewhere where FORCE_COLOR is set to anything but 0 or
 * false. An empty variable counts as none.
 */
export const showsColours = (
  isTerminal: boolean,
  { NO_COLOR = '', FORCE_COLOR = '', TERM }: Readonly<Record<string, string | undefined>>,
): boolean => {
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
};

/** The style of a word that says how an item is, none for other words. */
export const stateStyle = (word: string): Style | undefined => {
  switch (word) {
    case 'RUNNING':
    case 'READY':
    case 'ready':
      return 'green';
    case 'UNKNOWN':
    case 'incomplete':
    case 'not-unpacked':
      return 'yellow';
    case 'EXITED':
    case 'NOTREADY':
      return 'dim';
    default:
      return undefined;
  }
};
