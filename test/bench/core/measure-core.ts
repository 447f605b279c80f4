/** The pure core alone: how many decisions a second, every step of them settled. */

import { recoverFakePorts } from '../growth/fake-ports.js';
import { shareOfDecide } from '../growth/per-item.js';
import { runChild } from '../measure/child.js';
import { median, percent, spread, table } from '../measure/figures.js';
import type { Part } from '../measure/part.js';

export interface CoreResult {
  /** Items decided each second, one value a round. */
  readonly decided: ReadonlyArray<number>;
  /** The same with the steps of all decisions settled as done. */
  readonly settled: ReadonlyArray<number>;
  readonly items: number;
}

export const measureCore: Part = async ({ signal }) => {
  const rows: string[][] = [];
  for (const containers of [1_000, 10_000]) {
    const { items, decided, settled } = await runChild<CoreResult>('core-process', containers, { signal });
    const whole = await recoverFakePorts(containers, 3, signal);
    rows.push([
      items.toLocaleString('en'),
      thousands(decided),
      thousands(settled),
      median(decided.map((perSecond) => (1_000 * items) / perSecond)).toFixed(1),
      percent(shareOfDecide(whole)),
    ]);
  }
  const head = [
    'items',
    'decided, thousand/s',
    'and settled, thousand/s',
    'one decide, ms',
    'share of a recovery over fake ports',
  ];
  console.log(`${table(head, rows)}\n`);
  return [];
};

const thousands = (perSecond: ReadonlyArray<number>): string => spread(perSecond.map((value) => value / 1_000));
