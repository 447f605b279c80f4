/** What is an id, and so may become a directory name. */
import assert from 'node:assert';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { parseId } from '../../src/core/identity.js';
import { hostileTexts } from './arbitraries.js';

const word = fc.string({ unit: fc.constantFrom(...'abzABZ019'), minLength: 1, maxLength: 8 });
const separator = fc.constantFrom('.', '_', '-');

describe('parseId', () => {
  it('accepts words with single separators between them, up to 76 characters, unchanged', () => {
    fc.assert(
      fc.property(word, fc.array(fc.tuple(separator, word), { maxLength: 7 }), (first, more) => {
        const text = first + more.flat().join('');
        expect(parseId(text)).toEqual(E.right(text));
      }),
    );
    expect(parseId('x'.repeat(76))).toEqual(E.right('x'.repeat(76)));
  });

  it.each([
    ...hostileTexts,
    'x'.repeat(77),
    'a..b',
    'a-_b',
    '-a',
    'a-',
    '.a',
    'a.',
    'a b',
    'a/b',
    'a\\b',
    'a\n',
    '\na',
    'é',
    '１',
    'a\u200b',
    'ＡＢ',
    'a:b',
    '~',
  ])('says why %j is none, in one line', (text) => {
    // These are odd as property names and safe as file names.
    if (text === 'constructor' || text === 'toString') return expect(parseId(text)).toEqual(E.right(text));
    const parsed = parseId(text);
    expect(E.isLeft(parsed) && parsed.left).toMatch(/^the id [^\n]+$/);
  });

  it('says what is wrong with it', () => {
    expect(parseId('')).toEqual(E.left('the id is empty'));
    expect(parseId('x'.repeat(77))).toEqual(E.left('the id is 77 characters long, at most 76 are allowed'));
    expect(parseId('a b')).toEqual(E.left('the id "a b" is not letters, digits and single . _ - between them'));
  });

  it('accepts nothing that would be more than one path segment or a hidden one', () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 90 }),
      fc.string({ unit: fc.constantFrom(...'aZ9._-/\\ \n'), maxLength: 90 }),
      fc.string({ unit: 'binary', maxLength: 9 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        if (E.isLeft(parseId(text))) return;
        assert.match(text, /^[A-Za-z0-9][A-Za-z0-9._-]*$/);
        assert.ok(!text.includes('..') && text.length <= 76 && !text.endsWith('\n'));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps what it says of a monstrous id short', () => {
    const parsed = parseId('/'.repeat(1_000_000));
    expect(E.isLeft(parsed) && parsed.left.length).toBeLessThan(200);
  });
});
