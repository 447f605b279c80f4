import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipped, printable } from '../../src/cli/printable.js';
import { renderTable } from '../../src/cli/table.js';
import { ageText, momentText } from '../../src/cli/time-text.js';
import { hostileTexts } from '../arbitraries/text.js';

const table = {
  heads: ['STATE', 'NAME', 'WHY'],
  rows: [
    ['READY', 'shop/cart', 'its task runs'],
    ['NOTREADY', 'shop/checkout', 'its task is gone; the network namespace /var/run/netns/cni-1 is still mounted'],
  ],
};

describe('a table', () => {
  it('puts prose beside the other columns where there is room, and wraps it', () => {
    expect(renderTable(table, 65)).toStrictEqual([
      'STATE     NAME           WHY',
      'READY     shop/cart      its task runs',
      'NOTREADY  shop/checkout  its task is gone; the network namespace',
      '                         /var/run/netns/cni-1 is still mounted',
    ]);
  });

  it('puts it beneath where there is none', () => {
    expect(renderTable(table, 50)).toStrictEqual([
      'STATE     NAME',
      '    WHY',
      'READY     shop/cart',
      '    its task runs',
      'NOTREADY  shop/checkout',
      '    its task is gone; the network namespace',
      '    /var/run/netns/cni-1 is still mounted',
    ]);
  });

  it('is drawn for terminals that report no width, or none to speak of', () => {
    for (const columns of [0, 1, 4, 20]) expect(renderTable(table, columns)).toStrictEqual(renderTable(table, 40));
  });

  it('loses no word of the prose and keeps to the width', () => {
    const words = fc.array(fc.stringMatching(/^[a-z/]{1,60}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, fc.integer({ min: 60, max: 200 }), (prose, columns) => {
        const lines = renderTable({ heads: ['A', 'WHY'], rows: [['x', prose.join(' ')]] }, columns);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
        const text = lines
          .slice(lines[1] === '    WHY' ? 2 : 1)
          .map((line, index) => line.slice(index === 0 ? 1 : 0))
          .join('');
        expect(text.replaceAll(' ', '')).toBe(prose.join(''));
      }),
    );
  });
});

describe('printable text', () => {
  it('has nothing in it that steers a terminal', () => {
    const steering = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])/;
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostileTexts)),
        (text) => !steering.test(printable(text)),
      ),
    );
    expect(printable('\u001b[2Jgone')).toBe('\\u001b[2Jgone');
    expect(printable('soft\u00adhyphen \u{e0041}')).toBe('soft\\u00adhyphen \\u{e0041}');
    expect(printable('half \ud83d, whole 🙂, ünïcödé')).toBe('half \\ud83d, whole 🙂, ünïcödé');
  });

  it('is clipped by characters, with the cut shown', () => {
    expect(clipped('abcdef', 6)).toBe('abcdef');
    expect(clipped('abcdefg', 6)).toBe('abcde…');
    expect(clipped('🙂🙂🙂', 2)).toBe('🙂…');
  });
});

describe('times', () => {
  const now = 1_700_000_000_000_000_000n;
  it.each([
    [0n, 'just now'],
    [1n, '1s ago'],
    [59n, '59s ago'],
    [60n, '1m ago'],
    [192n, '3m 12s ago'],
    [3_600n, '1h ago'],
    [3_660n, '1h 1m ago'],
    [86_400n + 7_200n, '1d 2h ago'],
    [86_400n + 59n, '1d ago'],
    [86_400n * 400n, '400d ago'],
    [-5n, 'in the future'],
  ])('%s seconds before are %s', (seconds, text) => {
    expect(ageText(now - seconds * 1_000_000_000n, now)).toBe(text);
  });

  it('are shown in UTC, or as they are where no calendar has them', () => {
    expect(momentText(now)).toBe('2023-11-14 22:13:20 UTC');
    expect(momentText(10n ** 30n)).toBe(`${10n ** 30n} ns`);
  });
});
