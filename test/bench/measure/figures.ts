/** Figures of many values, and how they are printed. */

/** The value below which this share of all lies; 0 of none. */
export const quantile = (values: ReadonlyArray<number>, share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
};

export const median = (values: ReadonlyArray<number>): number => quantile(values, 0.5);

/** The one that other work on the machine has disturbed least, of times. */
export const lowest = (values: ReadonlyArray<number>): number => Math.min(...values);

export const highest = (values: ReadonlyArray<number>): number => Math.max(0, ...values);

/** Of the straight line that lies closest to the points: change of y for each 1 of x. */
export const slope = (points: ReadonlyArray<readonly [x: number, y: number]>): number => {
  const mean = (values: ReadonlyArray<number>) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const rise = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const run = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return run === 0 ? 0 : rise / run;
};

export const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

export const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** The median, and the least and most in parentheses. */
export const spread = (values: ReadonlyArray<number>, digits = 0): string => {
  const [least, middle, most] = [lowest(values), median(values), highest(values)];
  return `${middle.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
};

/** One median by the other. */
export const ratio = (these: ReadonlyArray<number>, those: ReadonlyArray<number>): number =>
  median(these) / median(those);

/** A table in Markdown, its columns aligned for those who read it as it is. */
export const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = head.map((title, column) =>
    Math.max(3, ...[title, ...rows.map((row) => row[column] ?? '')].map(widthOf)),
  );
  const line = (cells: ReadonlyArray<string>): string =>
    `| ${widths.map((width, column) => padded(cells[column] ?? '', width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
};

const widthOf = (text: string): number => [...text].length;

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
