import fc from 'fast-check';
import { expect, it } from 'vitest';
import { atOnce, mapInTurns, sortInTurns, type Turns } from '../../src/core/turns.js';

const turnsOf = <A>(work: Turns<A>): number => {
  let turns = 0;
  while (!work.next().done) turns += 1;
  return turns;
};

/** How many items are looked at, at the most, without a turn for others. */
const longestTurn = (work: (look: () => void) => Turns<unknown>): number => {
  let [longest, looks] = [0, 0];
  const turns = work(() => {
    looks += 1;
    longest = Math.max(longest, looks);
  });
  while (!turns.next().done) looks = 0;
  return longest;
};

it('changes every item, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 300, size: 'max' }), (items) => {
      expect(atOnce(mapInTurns(items, (item) => item * 2))).toStrictEqual(items.map((item) => item * 2));
    }),
  );
});

it('sorts by code units, and leaves what is the same in order', () => {
  const items = fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.integer()), { maxLength: 400, size: 'max' });
  fc.assert(
    fc.property(items, (pairs) => {
      const sorted = [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      expect(atOnce(sortInTurns(pairs, ([key]) => key))).toStrictEqual(sorted);
    }),
  );
});

it('sorts what is longer than a turn, whichever half has the smaller keys', () => {
  const items = Array.from({ length: 500 }, (_, index) => ({ key: `${(index * 37) % 50}`, index }));
  const sorted = [...items].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index));
  expect(atOnce(sortInTurns(items, ({ key }) => key))).toStrictEqual(sorted);
});

it.each([
  ['changing', (items: ReadonlyArray<number>) => mapInTurns(items, String)],
  ['sorting', (items: ReadonlyArray<number>) => sortInTurns(items, String)],
  ['sorting in order', (items: ReadonlyArray<number>) => sortInTurns(items, (item) => `${item}`.padStart(9, '0'))],
])('%s a thousand items takes many turns, and a few items none', (_, work) => {
  const items = Array.from({ length: 1_000 }, (__, index) => index);
  const turns = turnsOf<unknown>(work(items));
  expect(turns).toBeGreaterThan(10);
  // Not one for each item, and in sorting not one for each item of each round.
  expect(turns).toBeLessThan(200);
  expect(turnsOf<unknown>(work(items.slice(0, 10)))).toBe(0);
});

it.each([
  ['in order', (index: number) => `${index}`.padStart(5, '0')],
  ['backwards', (index: number) => `${19_999 - index}`],
  ['mixed', (index: number) => `${(index * 37) % 50}`],
])('sorting ten thousand items %s looks at no more keys in a turn than sorting a few does', (_, keyOf) => {
  const items = Array.from({ length: 10_000 }, (__, index) => index);
  const looked = (look: () => void) =>
    sortInTurns(items, (item) => {
      look();
      return keyOf(item);
    });
  // The shortest lists are sorted at once, with a dozen looks at each item.
  expect(longestTurn(looked)).toBeLessThan(2_500);
});
