/** A plot of times against sizes as an SVG file, in colours that can be read on a light and on a dark background. */
import { median } from '../measure/figures.js';
import { logScale, type Scale } from './scale.js';

export interface Series {
  readonly name: string;
  readonly color: string;
  readonly points: ReadonlyArray<Point>;
}

export interface Point {
  readonly size: number;
  /** Milliseconds, one a run. */
  readonly times: ReadonlyArray<number>;
}

export interface Plot {
  readonly title: string;
  readonly note: string;
  readonly series: ReadonlyArray<Series>;
}

const [width, height] = [720, 420];
const area = { left: 64, right: 560, top: 62, bottom: 352 };
const grey = '#7d8590';

/** The whole file. */
export const svgOf = ({ title, note, series }: Plot): string => {
  const points = series.flatMap((one) => one.points);
  const sizes = [...new Set(points.map(({ size }) => size))].sort((a, b) => a - b);
  const x = logScale(sizes, area.left, area.right);
  const y = logScale(
    points.flatMap(({ times }) => times),
    area.bottom,
    area.top,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    `role="img" aria-label="${title}" font-family="system-ui, sans-serif" font-size="13" fill="${grey}">`,
    `<title>${title}</title>`,
    text(area.left, 26, title, 'font-size="16" font-weight="600"'),
    text(area.left, 46, note, 'font-size="12"'),
    ...sizes.map((size) => gridLine(x.at(size), x.at(size), area.top, area.bottom)),
    ...y.ticks.map((tick) => gridLine(area.left, area.right, y.at(tick), y.at(tick))),
    ...sizes.map((size) => text(x.at(size), area.bottom + 20, size.toLocaleString('en'), 'text-anchor="middle"')),
    ...y.ticks.map((tick) => text(area.left - 8, y.at(tick) + 4, inTime(tick), 'text-anchor="end"')),
    text((area.left + area.right) / 2, area.bottom + 44, 'created containers on the node', 'text-anchor="middle"'),
    ...series.map((one) => barsOf(one, x, y)),
    ...series.map((one) => lineOf(one, x, y)),
    ...legend(series, y),
    '</svg>\n',
  ].join('\n');
};

const inTime = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`);

const text = (x: number, y: number, content: string, attributes: string): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${content}</text>`;

const gridLine = (x1: number, x2: number, y1: number, y2: number): string =>
  `<path d="M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}" stroke="${grey}" stroke-opacity="0.25"/>`;

/** From the least to the most of each point. */
const barsOf = ({ color, points }: Series, x: Scale, y: Scale): string => {
  const bars = points.map(({ size, times }) => {
    const [top, bottom] = [y.at(Math.max(...times)), y.at(Math.min(...times))];
    return `M${x.at(size).toFixed(1)} ${top.toFixed(1)}V${bottom.toFixed(1)}`;
  });
  return `<path d="${bars.join('')}" stroke="${color}" stroke-width="5" stroke-opacity="0.3" stroke-linecap="round"/>`;
};

/** Through the medians. */
const lineOf = ({ color, points }: Series, x: Scale, y: Scale): string => {
  const places = points.map(({ size, times }) => [x.at(size).toFixed(1), y.at(median(times)).toFixed(1)] as const);
  const line = places.map((place) => place.join(',')).join(' ');
  const dots = places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${color}"/>`);
  return `<polyline points="${line}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join('')}`;
};

const legendStep = 34;

/** Beside the end of each line, or as near as the others let it be. */
const legend = (series: ReadonlyArray<Series>, y: Scale): ReadonlyArray<string> => {
  const ends = series
    .map(({ name, color, points }) => ({ name, color, last: median(points.at(-1)?.times ?? []) }))
    .sort((a, b) => b.last - a.last);
  let free = area.top;
  return ends.flatMap(({ name, color, last }) => {
    const at = Math.max(free, y.at(last));
    free = at + legendStep;
    return [
      text(area.right + 14, at + 1, name, `fill="${color}" font-weight="600"`),
      text(area.right + 14, at + 16, inTime(Number(last.toPrecision(3))), 'font-size="12"'),
    ];
  });
};
