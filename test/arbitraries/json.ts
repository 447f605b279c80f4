/** JSON values, with keys and numbers that other readers lose. */
import fc from 'fast-check';
import { jsonObject } from '../../src/codec/json.js';
import { type Json, JsonNumber, type JsonObject } from '../../src/core/json.js';
import { arbitraryText } from './text.js';

const arbitraryNumber: fc.Arbitrary<JsonNumber> = fc
  .oneof(
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    fc.constantFrom('-0', '1.0', '1e400', '0.1000', '-1.5E+7'),
  )
  .map((digits) => new JsonNumber(digits));

const { value, object } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    arbitraryNumber,
    arbitraryText,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.array(fc.tuple(arbitraryText, tie('value')), { maxLength: 4 }).map(jsonObject),
}));

export const arbitraryJson = value;
export const arbitraryJsonObject = object;

/** An object that has none of the given keys in any spelling: what a reader of those keys would leave over. */
export const arbitraryRest = (...known: ReadonlyArray<string>): fc.Arbitrary<JsonObject> => {
  const spellings = new Set(known.map((key) => key.toLowerCase()));
  return arbitraryJsonObject.map((json) =>
    jsonObject(Object.entries(json).filter(([key]) => !spellings.has(key.toLowerCase().replaceAll('ſ', 's')))),
  );
};
