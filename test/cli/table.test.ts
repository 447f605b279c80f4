import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipped, printable } from '../../src/cli/printable.js';
import { renderTable, wrap } from '../../src/cli/table.js';
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

  it('folds the last column but one into the prose where that makes room, and beneath where it does not', () => {
    const actions = {
      heads: ['STATE', 'NAME', 'WOULD DO', 'WHY'],
      rows: [
        ['READY', 'shop/cart', '-', 'its task runs'],
        ['EXITED', 'shop/checkout', 'write checkpoint, delete task', 'exit code 137'],
      ],
      folds: true,
    };
    expect(renderTable(actions, 100)).toStrictEqual([
      'STATE   NAME           WOULD DO                       WHY',
      'READY   shop/cart      -                              its task runs',
      'EXITED  shop/checkout  write checkpoint, delete task  exit code 137',
    ]);
    expect(renderTable(actions, 70)).toStrictEqual([
      'STATE   NAME           WHY',
      'READY   shop/cart      its task runs',
      'EXITED  shop/checkout  exit code 137; would do: write checkpoint,',
      '                       delete task',
    ]);
    expect(renderTable(actions, 45)).toStrictEqual([
      'STATE   NAME',
      '    WHY',
      'READY   shop/cart',
      '    its task runs',
      'EXITED  shop/checkout',
      '    exit code 137; would do: write',
      '    checkpoint, delete task',
    ]);
  });

  it('clips its widest column where even that is too wide', () => {
    const wide = { heads: ['STATE', 'NAME', 'WHY'], rows: [['RUNNING', 'n'.repeat(60), 'its task runs']] };
    expect(renderTable(wide, 40)).toStrictEqual([
      'STATE    NAME',
      '    WHY',
      `RUNNING  ${'n'.repeat(30)}…`,
      '    its task runs',
    ]);
  });

  it('counts no escape sequence', () => {
    const styled = { ...table, style: () => 'green' as const };
    for (const columns of [50, 65, 200]) {
      const painted = renderTable(styled, columns, (style, text) =>
        style === undefined ? text : `<${style}>${text}</>`,
      );
      expect(painted.map((line) => line.replaceAll(/<[^>]*>/g, ''))).toStrictEqual(renderTable(table, columns));
      expect(painted[0]).toMatch(/^<bold>STATE<\/> {5}<bold>NAME<\/>/);
      expect(painted.filter((line) => line.startsWith('<green>READY</>  '))).toHaveLength(1);
    }
  });

  it('breaks a path after a slash where it has to be broken', () => {
    expect(wrap('keep /var/lib/containers/cf51bf8eae2e30a636 (why)', 24)).toStrictEqual([
      'keep',
      '/var/lib/containers/',
      'cf51bf8eae2e30a636 (why)',
    ]);
    expect(wrap(`/a/${'b'.repeat(30)}`, 12)).toStrictEqual([`/a/${'b'.repeat(9)}`, 'b'.repeat(12), 'b'.repeat(9)]);
    expect(wrap('a/b c/d', 7)).toStrictEqual(['a/b c/d']);
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

describe('the table of any node', () => {
  const cell = fc.stringMatching(/^[a-z/ -]{0,60}$/);
  const rows = fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 4 });

  it('keeps to the width and loses none of the prose', () => {
    fc.assert(
      fc.property(rows, fc.boolean(), fc.integer({ min: 60, max: 200 }), (given, folds, columns) => {
        const lines = renderTable({ heads: ['A', 'B', 'C', 'WHY'], rows: given, folds }, columns);
        expect(lines.filter((line) => [...line].length > columns)).toStrictEqual([]);
        const all = lines.join('').replaceAll(' ', '');
        if (folds || lines[1]?.startsWith('    ')) {
          for (const [, , , prose] of given) expect(all).toContain(prose.replaceAll(' ', ''));
        }
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
