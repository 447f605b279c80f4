/** Figures of many values, and how they are printed. */

/** The value below which this share of all lies; 0 of none. */
export const quantile = (values: ReadonlyArray<number>, share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
};

export const median = (values: ReadonlyArray<number>): number => quantile(values, 0.5);

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

/** A table in Markdown. */
export const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
