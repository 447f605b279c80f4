/** Who keeps a name that several ids hold. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { decideNames, type NameHolder } from '../../src/core/decide-names.js';
import { careful, containerd } from '../../src/core/policy.js';
import { idOf } from './records.js';

const holder = (id: string, given: Partial<NameHolder['record'] & { isLive: boolean }> = {}): NameHolder => {
  const { isLive = false, ...record } = given;
  return { record: { id: idOf(id), name: 'web', attempt: 0, createdAt: 5n, ...record }, isLive };
};

const shadowsOf = (holders: ReadonlyArray<NameHolder>) => {
  const decided = decideNames(careful, 'container', holders);
  return E.isLeft(decided) ? decided : Object.fromEntries(decided.right);
};

describe('shadow', () => {
  /** The winner comes first; it loses in everything that counts less. */
  const precedence: ReadonlyArray<readonly [string, NameHolder, NameHolder]> = [
    ['a live task before a higher attempt', holder('z', { isLive: true, createdAt: 1n }), holder('a', { attempt: 9 })],
    ['a higher attempt before a newer record', holder('z', { attempt: 1, createdAt: 1n }), holder('a')],
    ['a newer record before the id', holder('z', { createdAt: 6n }), holder('a')],
    ['the lower id in the end', holder('a'), holder('b')],
    ['a tenth attempt before a ninth', holder('z', { attempt: 10 }), holder('a', { attempt: 9 })],
    ['the lower id by code unit', holder('B'), holder('a')],
    [
      'times apart by a nanosecond',
      holder('z', { createdAt: 1_700_000_000_000_000_001n }),
      holder('a', { createdAt: 1_700_000_000_000_000_000n }),
    ],
  ];

  it.each(precedence)('prefers %s', (_, winner, loser) => {
    expect(shadowsOf([winner, loser])).toEqual({ [loser.record.id]: winner.record.id });
    expect(shadowsOf([loser, winner])).toEqual({ [loser.record.id]: winner.record.id });
  });

  it('gives all others to the one that keeps the name', () => {
    const holders = [holder('a'), holder('b', { attempt: 1 }), holder('c', { isLive: true }), holder('d')];
    expect(shadowsOf(holders)).toEqual({ a: 'c', b: 'c', d: 'c' });
  });

  it('leaves alone names held once, by whatever text', () => {
    const names = ['web', '', '__proto__', 'constructor', '\ud800', 'web '];
    expect(shadowsOf(names.map((name, index) => holder(`i${index}`, { name })))).toEqual({});
  });

  it('does not depend on the order, and never shadows the keeper', () => {
    const arbitraryHolders = fc
      .uniqueArray(
        fc.record({
          id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
          name: fc.constantFrom('web', '', '__proto__'),
          attempt: fc.constantFrom(0, 1),
          createdAt: fc.constantFrom(1n, 2n),
          isLive: fc.boolean(),
        }),
        { selector: ({ id }) => id },
      )
      .map((given) => given.map(({ id, ...rest }) => holder(id, rest)));
    fc.assert(
      fc.property(arbitraryHolders, (holders) => {
        const shadows = shadowsOf(holders) as Record<string, string>;
        expect(shadowsOf([...holders].reverse())).toEqual(shadows);
        const nameOf = (id: string | undefined) => holders.find(({ record }) => record.id === id)?.record.name;
        for (const [shadowed, keeper] of Object.entries(shadows)) {
          expect(shadows[keeper]).toBeUndefined();
          expect(nameOf(keeper)).toBe(nameOf(shadowed));
        }
        const names = new Set(holders.map(({ record }) => record.name));
        expect(holders.length - Object.keys(shadows).length).toBe(names.size);
      }),
    );
  });
});

describe('abort', () => {
  it('names all ids that hold the first such name, sorted', () => {
    const holders = [
      holder('z', { name: 'web' }),
      holder('a', { name: 'web', isLive: true }),
      holder('c', { name: 'db' }),
      holder('b', { name: 'db', isLive: true }),
    ];
    const taken = E.left({ _tag: 'NameTaken', kind: 'sandbox', name: 'db', ids: ['b', 'c'] });
    expect(decideNames(containerd, 'sandbox', holders)).toEqual(taken);
    expect(decideNames(containerd, 'sandbox', [...holders].reverse())).toEqual(taken);
  });

  it('is content with names held once', () => {
    expect(decideNames(containerd, 'sandbox', [holder('a'), holder('b', { name: 'db' })])).toEqual(E.right(new Map()));
  });
});
