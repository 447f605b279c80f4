/** What is a JSON object among the values that JSON has. */
import { expect, it } from 'vitest';
import { isJsonObject, JsonNumber } from '../../src/core/json.js';

it.each([
  [{}, true],
  [Object.create(null), true],
  [{ length: 0 }, true],
  [new JsonNumber('1'), false],
  [[], false],
  [[{}], false],
  [null, false],
  [undefined, false],
  ['{}', false],
  ['', false],
  [true, false],
  [1, false],
])('%o is an object: %s', (value, expected) => {
  expect(isJsonObject(value)).toBe(expected);
});

it('a number is its text', () => {
  expect(new JsonNumber('1.0').text).toBe('1.0');
});
