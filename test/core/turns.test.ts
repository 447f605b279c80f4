import fc from 'fast-check';
import { expect, it } from 'vitest';
import { atOnce, mapInTurns, sortInTurns, type Turns } from '../../src/core/turns.js';

const turnsOf = <A>(work: Turns<A>): number => {
  let turns = 0;
  while (!work.next().done) turns += 1;
  return turns;
};

it('changes every item, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 300 }), (items) => {
      expect(atOnce(mapInTurns(items, (item) => item * 2))).toStrictEqual(items.map((item) => item * 2));
    }),
  );
});

it('sorts by code units, and leaves what is the same in order', () => {
  const items = fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.integer()), { maxLength: 400 });
  fc.assert(
    fc.property(items, (pairs) => {
      const sorted = [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      expect(atOnce(sortInTurns(pairs, ([key]) => key))).toStrictEqual(sorted);
    }),
  );
});

it.each([
  ['changing', (items: ReadonlyArray<number>) => mapInTurns(items, String)],
  ['sorting', (items: ReadonlyArray<number>) => sortInTurns(items, String)],
])('%s a thousand items takes many turns, and a few items none', (_, work) => {
  const items = Array.from({ length: 1_000 }, (__, index) => index);
  expect(turnsOf<unknown>(work(items))).toBeGreaterThan(10);
  expect(turnsOf<unknown>(work(items.slice(0, 10)))).toBe(0);
});
