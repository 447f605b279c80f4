/**
 * A plain text table. The last column is prose: it wraps, beside the others where there is room and beneath them where there is not.
 */
import { type Paint, plain, type Style } from './colour.js';
import { clipped, printable } from './printable.js';

export interface Table {
  readonly heads: ReadonlyArray<string>;
  /** As many cells as heads. */
  readonly rows: ReadonlyArray<ReadonlyArray<string>>;
  /** Where there is not room for all beside each other, the last column but one becomes part of the prose; `-` in it says nothing. */
  readonly folds?: boolean;
  /** The style of a row's first cell. */
  readonly style?: (cell: string) => Style | undefined;
}

const gap = '  ';
const widestCell = 48;
const narrowestCell = 8;
const narrowestProse = 36;
/** Narrower terminals break lines themselves. */
const narrowestTable = 40;

/** The lines of a table for a terminal of so many columns, none of them longer. */
export const renderTable = (table: Table, given: number, paint: Paint = plain): ReadonlyArray<string> => {
  const columns = Math.max(given, narrowestTable);
  const widths = widthsOf(table);
  if (columns - sizeOf(widths) >= narrowestProse) return linesOf(table, widths, columns, paint);
  if (table.folds) return renderTable(folded(table), given, paint);
  return linesOf(table, narrowed(widths, columns), columns, paint);
};

const linesOf = (table: Table, widths: ReadonlyArray<number>, columns: number, paint: Paint): ReadonlyArray<string> => {
  const last = widths.length;
  const left = sizeOf(widths);
  const isBeside = columns - left >= narrowestProse;
  const line = (row: ReadonlyArray<string>, styles: Styles): ReadonlyArray<string> => {
    const cells = widths.map((width, column) => {
      const cell = clipped(row[column] ?? '', width);
      return paint(styles(column, cell), cell) + ' '.repeat(width - lengthOf(cell));
    });
    const head = cells.join(gap);
    const prose = row[last] ?? '';
    const wrapped = wrap(prose, isBeside ? columns - left : columns - 4).map((part) => paint(styles(last, part), part));
    if (!isBeside) return [head.trimEnd(), ...wrapped.map((part) => `    ${part}`)];
    const [first = '', ...more] = wrapped;
    return [`${head}${gap}${first}`.trimEnd(), ...more.map((part) => ' '.repeat(left) + part)];
  };
  const ofRow: Styles = (column, cell) => (column === 0 ? table.style?.(cell) : undefined);
  return [...line(table.heads, () => 'bold'), ...table.rows.flatMap((row) => line(row.map(printable), ofRow))];
};

type Styles = (column: number, cell: string) => Style | undefined;

/** The widths of all columns but the last. */
const widthsOf = ({ heads, rows }: Table): ReadonlyArray<number> =>
  heads
    .slice(0, -1)
    .map((head, column) =>
      Math.min(widestCell, Math.max(lengthOf(head), ...rows.map((row) => lengthOf(printable(row[column] ?? ''))))),
    );

/** The widest column gives up what is too much for a line of its own. */
const narrowed = (widths: ReadonlyArray<number>, columns: number): ReadonlyArray<number> => {
  const excess = sizeOf(widths) - gap.length - columns;
  const widest = widths.indexOf(Math.max(...widths));
  if (excess <= 0) return widths;
  return widths.map((width, column) => (column === widest ? Math.max(narrowestCell, width - excess) : width));
};

const sizeOf = (widths: ReadonlyArray<number>): number => widths.reduce((sum, width) => sum + width + gap.length, 0);

const folded = ({ heads, rows, style }: Table): Table => {
  const last = heads.length - 1;
  const word = (heads[last - 1] ?? '').toLowerCase();
  const fold = (row: ReadonlyArray<string>): ReadonlyArray<string> => {
    const cell = row[last - 1] ?? '';
    const prose = cell === '-' ? [row[last]] : [row[last], `${word}: ${cell}`];
    return [...row.slice(0, last - 1), prose.filter(Boolean).join('; ')];
  };
  return { heads: [...heads.slice(0, last - 1), heads[last] ?? ''], rows: rows.map(fold), ...(style && { style }) };
};

/** Lines of at most `width` characters, broken at spaces; a longer word on its own is broken after a slash, or else anywhere. */
export const wrap = (text: string, width: number): ReadonlyArray<string> => {
  const words = text.split(' ').flatMap((word) => piecesOf(word, width));
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    const fits = line !== undefined && lengthOf(line) + 1 + lengthOf(word) <= width;
    if (fits) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
};

/** No two that follow each other would fit on one line. */
const piecesOf = (word: string, width: number): ReadonlyArray<string> => {
  const rest = `.{1,${width}}$`;
  const upToSlash = `.{${Math.ceil(width / 3)},${width - 1}}/`;
  return word.match(new RegExp(`${rest}|${upToSlash}|.{1,${width}}`, 'gu')) ?? [];
};

const lengthOf = (text: string): number => [...text].length;
