import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { decodeJson, encodeJson, jsonObject, parseJson, prettyJson } from '../../src/codec/json.js';
import { type Json, JsonNumber } from '../../src/core/json.js';
import { arbitraryJson } from '../arbitraries/json.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const parsed = (text: string): Json => {
  const result = parseJson(text);
  if (E.isLeft(result)) throw new Error(result.left);
  return result.right;
};

describe('JSON text', () => {
  it('comes back as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(arbitraryJson, (json) => {
        assert.deepStrictEqual(parseJson(encodeJson(json)), E.right(json));
        assert.deepStrictEqual(parseJson(prettyJson(json)), E.right(json));
        assert.strictEqual(encodeJson(parsed(prettyJson(json))), encodeJson(json));
      }),
    );
  });

  it('means to JSON.parse what it means here', () => {
    const nativeOf = (json: Json): unknown => JSON.parse(prettyJson(json));
    fc.assert(
      fc.property(arbitraryJson, (json) => {
        assert.deepStrictEqual(JSON.parse(encodeJson(json)), nativeOf(json));
      }),
    );
    expect(
      prettyJson(
        jsonObject([
          ['a', [null, jsonObject([]), []]],
          ['b', jsonObject([['c', '<']])],
        ]),
      ),
    ).toBe(`${JSON.stringify({ a: [null, {}, []], b: { c: '<' } }, null, 2)}\n`);
  });

  it('keeps every digit of a number', () => {
    for (const digits of ['1700000000000000001', '-9223372036854775808', '0.10', '1E+400', '-0']) {
      expect(parsed(digits)).toStrictEqual(new JsonNumber(digits));
      expect(encodeJson(parsed(digits))).toBe(digits);
    }
  });

  it('takes __proto__ for a key like any other, and no object has a prototype', () => {
    const json = parsed('{"__proto__":{"tty":true},"a":{"__proto__":1}}') as Record<string, Json>;
    expect(Object.keys(json)).toStrictEqual(['__proto__', 'a']);
    expect(json.tty).toBeUndefined();
    expect(Object.getPrototypeOf(json)).toBeNull();
    expect(Object.getPrototypeOf(json.a)).toBeNull();
    expect(encodeJson(json)).toBe('{"__proto__":{"tty":true},"a":{"__proto__":1}}');
  });

  it.each([
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"x":{"a":1,"b":0,"a":{"c":1,"c":null}}}', '{"x":{"a":{"c":null},"b":0}}'],
    ['[{"a":[],"a":{}}]', '[{"a":{}}]'],
    ['{"a":1,"a":{"text":"1"}}', '{"a":{"text":"1"}}'],
    ['{"__proto__":1,"__proto__":2}', '{"__proto__":2}'],
  ])('lets the last of duplicate keys win: %s', (text, expected) => {
    expect(encodeJson(parsed(text))).toBe(expected);
  });

  it('is read no deeper than a thousand levels, and what was read can be written', () => {
    const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    for (const nested of [lists, objects]) {
      expect(encodeJson(parsed(nested(1_000)))).toBe(nested(1_000));
      for (const depth of [1_001, 5_000, 100_000])
        expect(parseJson(nested(depth))).toStrictEqual(E.left('not JSON that can be read: it is nested too deeply'));
    }
  });

  it('is read no further than the limits given', () => {
    expect(parseJson('[1,2]', { depth: 1, values: 3 })).toStrictEqual(parseJson('[1,2]'));
    expect(parseJson('[1,2]', { depth: 1, values: 2 })).toStrictEqual(
      E.left('not JSON that can be read: it holds too many values'),
    );
  });

  it('is not said to be no JSON where the reader itself is at fault', () => {
    const limits = {
      depth: 1,
      get values(): number {
        throw new Error('at fault');
      },
    };
    expect(() => parseJson('1', limits)).toThrow('at fault');
  });

  it('is written as Go writes it', () => {
    expect(encodeJson(jsonObject([['<a>&', 'b\u2028\u2029"\\\n\u0001é']]))).toBe(
      '{"\\u003ca\\u003e\\u0026":"b\\u2028\\u2029\\"\\\\\\n\\u0001é"}',
    );
  });
});

describe('JSON bytes', () => {
  it.each([
    ['an empty file', '', 'not JSON: it is empty'],
    ['blanks only', ' \n', 'not JSON: it is empty'],
    ['a file full of NULs', '\0'.repeat(16), 'not JSON at character 0 of 16, a NUL'],
    ['a truncated file', '{"Version":"v1","Pid":12', 'not JSON: it ends after 24 characters'],
    ['a file cut in a string', '{"Version":"v', 'not JSON: it ends after 13 characters'],
    ['a tail of NULs', '{}\0\0', 'not JSON at character 2 of 4, a NUL'],
    ['more after the end', '{}{}', 'not JSON at character 2 of 4'],
    ['a byte order mark', '\ufeff{}', 'not JSON at character 0 of 3'],
    ['a leading zero', '01', 'not JSON at character 1 of 2'],
    ['a trailing comma', '[1,]', 'not JSON at character 3 of 4'],
    ['a raw control character', '"\n"', 'not JSON at character 1 of 3'],
  ])('say where %s stops being JSON', (_what, text, message) => {
    expect(decodeJson(bytes(text))).toStrictEqual(E.left(message));
  });

  it('that are not UTF-8 become U+FFFD within a string and are no JSON outside', () => {
    expect(decodeJson(Uint8Array.of(0x22, 0x61, 0xff, 0x22))).toStrictEqual(E.right('a\ufffd'));
    expect(decodeJson(Uint8Array.of(0x7b, 0xff, 0x7d))).toStrictEqual(E.left('not JSON at character 1 of 3'));
  });

  it('never put what they hold into the message', () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.constantFrom('\0', '\\q', '\n', '"'), (cut, broken) => {
        const text = JSON.stringify({ envs: [{ key: 'PASSWORD', value: 'hunter2hunter2hunter2' }] });
        const result = decodeJson(bytes(text.slice(0, cut) + broken + text.slice(cut)));
        if (E.isLeft(result))
          expect(result.left).toMatch(/^not JSON(: it ends after \d+ characters| at character \d+ of \d+(, a NUL)?)$/);
      }),
    );
  });
});
