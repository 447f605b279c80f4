/**
 * A plain text table. The last column is prose: it wraps, beside the others where there is room and beneath them where there is not.
 */
import { clipped, printable } from './printable.js';

export interface Table {
  readonly heads: ReadonlyArray<string>;
  /** As many cells as heads. */
  readonly rows: ReadonlyArray<ReadonlyArray<string>>;
}

const gap = '  ';
const widestCell = 48;
const narrowestProse = 36;
/** Narrower terminals break lines themselves. */
const narrowestTable = 40;

/** The lines of a table for a terminal of so many columns. */
export const renderTable = ({ heads, rows }: Table, given: number): ReadonlyArray<string> => {
  const columns = Math.max(given, narrowestTable);
  const cells = [heads, ...rows.map((row) => row.map(printable))];
  const last = heads.length - 1;
  const widths = heads
    .slice(0, last)
    .map((_, index) => Math.min(widestCell, Math.max(...cells.map((row) => lengthOf(row[index])))));
  const left = widths.reduce((sum, width) => sum + width + gap.length, 0);
  const isBeside = columns - left >= narrowestProse;
  return cells.flatMap((row) => {
    const head = widths.map((width, column) => pad(clipped(row[column] ?? '', width), width)).join(gap);
    const prose = row[last] ?? '';
    if (isBeside) return beside(head, wrap(prose, columns - left), left);
    return [head.trimEnd(), ...wrap(prose, columns - 4).map((line) => `    ${line}`)];
  });
};

const beside = (head: string, [first = '', ...more]: ReadonlyArray<string>, left: number): ReadonlyArray<string> => [
  `${head}${gap}${first}`.trimEnd(),
  ...more.map((line) => ' '.repeat(left) + line),
];

/** Lines of at most `width` characters, broken at spaces, a longer word on its own broken anywhere. */
export const wrap = (text: string, width: number): ReadonlyArray<string> => {
  const words = text.split(' ').flatMap((word) => word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? []);
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    const fits = line !== undefined && lengthOf(line) + 1 + lengthOf(word) <= width;
    if (fits) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
};

const lengthOf = (text: string | undefined): number => [...(text ?? '')].length;
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - lengthOf(text)));
