/**
 * A section of entries: a heading, then labels with what is said of each beside them, wrapped.
 */
import type { Paint, Style } from './colour.js';
import { printable } from './printable.js';
import { wrap } from './table.js';

export interface Entry {
  /** Empty where it goes on under the label before it. */
  readonly label: string;
  readonly text: string;
  readonly style?: Style | undefined;
}

/** Narrower terminals break lines themselves. */
const narrowest = 40;
const labelWidth = 14;

/** A section without a line break at its end, for a terminal of so many columns. */
export const sectionText = (
  heading: string,
  words: string,
  entries: ReadonlyArray<Entry>,
  given: number,
  paint: Paint,
): string => {
  const columns = Math.max(given, narrowest);
  const [first = '', ...more] = wrap(`${heading} ${printable(words)}`, columns - 2);
  const title = [paint('bold', heading) + first.slice(heading.length), ...more.map((line) => `  ${line}`)];
  const lines = entries.flatMap(({ label, text, style }) =>
    wrap(printable(text), columns - labelWidth).map(
      (line, index) => `${(index === 0 ? `  ${label}` : '').padEnd(labelWidth)}${paint(style, line)}`,
    ),
  );
  return [...title, ...lines].join('\n');
};
