import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { everything, Misread, readJson, type Wanted } from '../../src/codec/json-text.js';
import { type Json, JsonNumber } from '../../src/core/json.js';

const within = (depth: number, values: number) => ({ depth, values });

const misreadOf = (text: string, limits = within(9, 99), wanted = everything): Misread => {
  try {
    readJson(text, limits, wanted);
  } catch (thrown) {
    if (thrown instanceof Misread) return thrown;
    throw thrown;
  }
  throw new Error('it was read');
};

describe('reading JSON text', () => {
  it.each([
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['[1 2]', 3],
    ['["a\\x"]', 3],
    ['["a\\u12g4"]', 3],
    ['["a\tb"]', 3],
    ['["a\\"]', 6],
    ['["a\\\\"', 6],
    ['tru', 0],
    ['-', 0],
    ['1.', 1],
    ['[', 1],
    ['{"a":', 5],
    ['"\u0001', 1],
  ])('stops in %s at %d', (text, at) => {
    expect(misreadOf(text)).toMatchObject({ why: 'not JSON', at });
  });

  it.each([
    ...['0', '-0', '7', '10', '123', '-45', '0.5', '10.25', '0.125', '1e5', '1E5', '1e+5', '1e-5', '1e55'],
    ...['12.50e+10', '-1.5E-12', '0e0'],
  ])('takes the number %s by its text', (digits) => {
    expect(readJson(digits, within(0, 1))).toStrictEqual(new JsonNumber(digits));
    expect(readJson(`[${digits},${digits}]`, within(1, 3))).toStrictEqual([
      new JsonNumber(digits),
      new JsonNumber(digits),
    ]);
  });

  it.each([
    ['+1', 0],
    ['.5', 0],
    ['00', 1],
    ['-01', 2],
    ['1.', 1],
    ['1.e5', 1],
    ['1e', 1],
    ['1e+', 1],
    ['1f5', 1],
    ['1e*5', 1],
    ['--1', 0],
    ['-a', 0],
    ['0x1', 1],
    ['nul', 0],
    ['nulls', 4],
    ['True', 0],
  ])('takes of %s no more than is a number or a word: up to %d', (text, at) => {
    expect(misreadOf(text)).toMatchObject({ why: 'not JSON', at });
  });

  it('takes a text that is one empty string', () => {
    expect(readJson('""', within(0, 1))).toBe('');
  });

  it('takes true, false and null for what they are', () => {
    expect(readJson('[true,false,null]', within(1, 4))).toStrictEqual([true, false, null]);
  });

  it('passes over blanks anywhere between, and nothing else that looks like one', () => {
    const object = Object.assign(Object.create(null), { a: [null, true] });
    for (const blank of [' ', '\t', '\n', '\r', ' \t\n\r']) {
      const text = ['', '{', '"a"', ':', '[', 'null', ',', 'true', ']', '}', ''].join(blank);
      expect(readJson(text, within(2, 4))).toStrictEqual(object);
    }
    for (const other of ['\u00a0', '\u000b', '\u000c', '\ufeff'])
      expect(misreadOf(`${other}1`)).toMatchObject({ why: 'not JSON', at: 0 });
  });

  it.each(['\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\u0aF9', '\\u00e9x', 'é\ud83d\ude00', ' '])(
    'reads %j in a string, and says where one goes wrong after it',
    (part) => {
      expect(readJson(`"${part}"`, within(0, 1))).toBe(JSON.parse(`"${part}"`));
      for (const fault of ['\u0000', '\u001f', '\\x', '\\u12g4', '\\u12'])
        expect(misreadOf(`"${part}${part}${fault}"`)).toMatchObject({ why: 'not JSON', at: 1 + 2 * part.length });
      expect(misreadOf(`"${part}`)).toMatchObject({ why: 'not JSON', at: 1 + part.length });
    },
  );

  it('says where it stopped for want of depth or values', () => {
    expect(misreadOf('[1,[2]]', within(1, 9))).toMatchObject({ why: 'too deep', at: 3 });
    expect(misreadOf('[1, 2]', within(1, 2))).toMatchObject({ why: 'too many values', at: 4 });
  });

  it('goes as deep as it may and no deeper', () => {
    expect(readJson('[[{"a":[]}]]', within(4, 99))).toHaveLength(1);
    expect(misreadOf('[[{"a":[]}]]', within(3, 99))).toMatchObject({ why: 'too deep', at: 7 });
    // Not by the stack: the end of a text is not waited for.
    expect(misreadOf('['.repeat(1_000_000), within(1_000, 1_000_000))).toMatchObject({ why: 'too deep', at: 1_000 });
  });

  it('makes as many values as it may and no more, keys not counted', () => {
    expect(readJson('[1,"2",{"a":null}]', within(9, 5))).toHaveLength(3);
    expect(misreadOf('[1,"2",{"a":null}]', within(9, 4))).toMatchObject({ why: 'too many values' });
  });

  it('takes time and memory in proportion to the text, whatever is in its strings', () => {
    const start = performance.now();
    for (const part of ['\\"', '\\\\', 'x', '\\u0041'])
      expect(readJson(`["${part.repeat(500_000)}"]`, within(9, 600_000))).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('what is wanted', () => {
  const only =
    (name: string, inner: Wanted = everything): Wanted =>
    (key) =>
      key === name ? inner : undefined;
  const bare = (members: Record<string, Json>): Json => Object.assign(Object.create(null), members);

  it('is all that is made, to any depth and in lists', () => {
    const text = '{"b":[1,{"a":2}],"a":{"x":{"y":"z"},"a":[3]},"c":"d","e":{"a":4}}';
    const x = bare({ y: 'z' });
    expect(readJson(text, within(9, 99), only('a', only('x')))).toStrictEqual(bare({ a: bare({ x }) }));
    const list = '[{"a":1,"b":2},[{"b":{"a":1}}],"c",null]';
    expect(readJson(list, within(9, 99), only('a'))).toStrictEqual([
      bare({ a: new JsonNumber('1') }),
      [bare({})],
      'c',
      null,
    ]);
  });

  it.each(['{"b":{"b":{"b":{}}}}', '{"b":[[[]]]}', '{"b":[{"b":[]}]}'])(
    'is no reason to go deeper, or to make more values, elsewhere: %s',
    (text) => {
      const values = [...text].filter((character) => character === '{' || character === '[').length;
      expect(readJson(text, within(4, values), only('a'))).toStrictEqual(bare({}));
      expect(misreadOf(text, within(3, values), only('a'))).toMatchObject({
        why: 'too deep',
        at: Math.max(text.lastIndexOf('{'), text.lastIndexOf('[')),
      });
      expect(misreadOf(text, within(4, values - 1), only('a'))).toMatchObject({ why: 'too many values' });
    },
  );

  it.each([
    ['{"b":{"c" 1}}', 10],
    ['{"b":{c:1}}', 6],
    ['{"b":["\\x"]}', 7],
    ['{"b":[1,]}', 8],
    ['{"b":tru}', 5],
  ])('is no reason to overlook a fault elsewhere: %s at %d', (text, at) => {
    expect(misreadOf(text, within(9, 99), only('a'))).toMatchObject({ why: 'not JSON', at });
  });
});

describe('what was read', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const usedMb = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 1024 / 1024;
  };

  it.each(['12345678901234567890', '1.000000000000000000', '"abcdefghijklmnopqrst"', '{"abcdefghijklmnopqrst":1}'])(
    'keeps none of the text in memory: %s',
    (value) => {
      const before = usedMb();
      const kept: Json[] = [];
      for (let time = 0; time < 40; time += 1) {
        const text = `[${value},"${time}${'x'.repeat(256 * 1024)}"]`;
        const read = readJson(text, within(9, 99));
        if (Array.isArray(read)) kept.push(read[0]);
      }
      expect(usedMb() - before).toBeLessThan(4);
      expect(kept).toHaveLength(40);
    },
  );
});
