import type { Decoder } from 'io-ts';
import * as t from 'io-ts';
import { expect, it } from 'vitest';
import { describeErrors } from '../../src/codec/decode-error.js';
import { goBool, goStruct } from '../../src/codec/go-struct.js';
import { jsonObject } from '../../src/codec/json.js';
import { flag } from '../../src/codec/scalar.js';
import { list, stringMap, struct } from '../../src/codec/shape.js';
import { JsonNumber } from '../../src/core/json.js';

const describe = (codec: Decoder<unknown, unknown>, input: unknown): string => {
  const result = codec.decode(input);
  return result._tag === 'Left' ? describeErrors(result.left) : 'no error';
};

it('names the path to the field', () => {
  const metadata = goStruct('x', { Metadata: goStruct('x', { Config: goStruct('x', { tty: goBool }) }) });
  const json = jsonObject([['metadata', jsonObject([['config', jsonObject([['TTY', 'secret']])]])]]);
  expect(describe(metadata, json)).toBe('Metadata.Config.tty: expected a boolean, got a string');
});

it('writes an index in brackets and says what is missing', () => {
  const tasks = struct<{ tasks: ReadonlyArray<{ up: boolean }> }>('x', { tasks: list(struct('a task', { up: flag })) });
  const json = jsonObject([['tasks', [jsonObject([['up', true]]), jsonObject([])]]]);
  expect(describe(tasks, json)).toBe('tasks[1].up: missing, expected a boolean');
});

it('counts the errors that it does not tell', () => {
  expect(
    describe(
      list(flag),
      [1, 'x', null].map((value) => (value === 1 ? new JsonNumber('1') : value)),
    ),
  ).toBe('[0]: expected a boolean, got 1 (and 2 more)');
});

it('stays on one short line, whatever the keys and numbers', () => {
  const labels = jsonObject([['a\nb'.repeat(5_000), new JsonNumber('1'.repeat(5_000))]]);
  const line = describe(stringMap, labels);
  expect(line).not.toContain('\n');
  expect(line.length).toBeLessThan(200);
});

it('prefers the message of an error that has one', () => {
  const picky = new t.Type('x', t.string.is, (input, context) => t.failure(input, context, 'too odd'), t.identity);
  expect(describe(picky, 'x')).toBe('too odd');
});

it.each([
  ['0', '[0]'],
  ['10', '[10]'],
  ['a1', 'a1'],
  ['1a', '1a'],
  ['_', '_'],
  ['a b', '["a b"]'],
  ['', '[""]'],
  ['x'.repeat(40), 'x'.repeat(40)],
  ['x'.repeat(41), `${'x'.repeat(40)}…`],
  [`${'x'.repeat(40)} y`, `["${'x'.repeat(40)}…"]`],
])('writes the key %j as %s', (key, written) => {
  expect(describe(stringMap, jsonObject([[key, true]]))).toBe(`${written}: expected a string, got a boolean`);
});

it('says what little there is to say of an error without a place, and of none', () => {
  expect(describeErrors([{ value: true, context: [] }])).toBe('expected something else, got a boolean');
  expect(describeErrors([])).toBe('unreadable');
});
