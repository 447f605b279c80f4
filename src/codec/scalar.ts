/**
 * Codecs for single JSON values. Integers are read as Go reads them: digits with no fraction and no exponent, within the range of the type.
 */
import * as t from 'io-ts';
import { type Json, JsonNumber } from '../core/json.js';

/** The guard that io-ts asks for is for unions of its own, of which there are none here: it lets everything pass. */
export const anything = t.unknown.is;

export const makeCodec = <A, O>(
  name: string,
  validate: t.Validate<unknown, A>,
  encode: (value: A) => O,
): t.Type<A, O, unknown> => new t.Type(name, anything as t.Is<A>, validate, encode);

/** A string; half a surrogate pair is kept, where Go would put U+FFFD: written back it is the same for both. */
export const text = makeCodec<string, Json>(
  'a string',
  (input, context) => (typeof input === 'string' ? t.success(input) : t.failure(input, context)),
  t.identity,
);

export const flag = makeCodec<boolean, Json>(
  'a boolean',
  (input, context) => (typeof input === 'boolean' ? t.success(input) : t.failure(input, context)),
  t.identity,
);

/** Go's `strconv` reads `-0` where there is a sign to read (`ParseInt`), and no sign at all otherwise (`ParseUint`). */
const signed = /^-?\d{1,20}$/;
const unsigned = /^\d{1,20}$/;

/** The value of decimal digits within a range; `undefined` for anything else. Longer digits are never converted. */
export const integerWithin = (digits: string, lowest: bigint, highest: bigint): bigint | undefined => {
  if (!(lowest < 0n ? signed : unsigned).test(digits)) return undefined;
  const value = BigInt(digits);
  return value < lowest || value > highest ? undefined : value;
};

/** The range of an int64. */
export const int64Range = { lowest: -(2n ** 63n), highest: 2n ** 63n - 1n } as const;

/** A JSON number as an int64, `bigint` because it may lie beyond 2^53. */
export const int64 = makeCodec<bigint, Json>(
  'an int64',
  (input, context) => {
    const value =
      input instanceof JsonNumber ? integerWithin(input.text, int64Range.lowest, int64Range.highest) : undefined;
    return value === undefined ? t.failure(input, context) : t.success(value);
  },
  (value) => new JsonNumber(value.toString()),
);

const integer = (name: string, lowest: bigint, highest: bigint): t.Type<number, Json> =>
  makeCodec<number, Json>(
    name,
    (input, context) => {
      const value = input instanceof JsonNumber ? integerWithin(input.text, lowest, highest) : undefined;
      return value === undefined ? t.failure(input, context) : t.success(Number(value));
    },
    (value) => new JsonNumber(String(value)),
  );

export const int32 = integer('an int32', -(2n ** 31n), 2n ** 31n - 1n);
export const uint32 = integer('a uint32', 0n, 2n ** 32n - 1n);
/** A whole number from 0 to 2^53 - 1. */
export const size = integer('a size', 0n, BigInt(Number.MAX_SAFE_INTEGER));
