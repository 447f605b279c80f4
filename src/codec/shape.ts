/**
 * Codecs between values of the domain and JSON that this library writes itself: exact keys, every field present unless it is optional.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { jsonObject } from './json.js';
import { int64Range, integerWithin, makeCodec, text } from './scalar.js';

/** A codec for a value of the domain. */
export type Shape<A> = t.Type<A, Json, unknown>;

/** A codec for a field, which may be absent: `undefined` stands for a key that is not there. */
export type Field<A> = t.Type<A, Json | undefined, unknown>;

const at = <A>(codec: Field<A>, key: string, value: unknown, context: t.Context): t.Validation<A> =>
  codec.validate(value, t.appendContext(context, key, codec, value));

/** An object with exactly these fields, written in this order; unknown keys are ignored. */
export const struct = <A>(
  name: string,
  fields: { readonly [K in keyof A]-?: Field<A[K]> },
): t.Type<A, JsonObject, unknown> => {
  const codecs = Object.entries<Field<unknown>>(fields as Record<string, Field<unknown>>);
  const validate = (input: unknown, context: t.Context): t.Validation<A> => {
    if (!isJsonObject(input)) return t.failure(input, context);
    const read = codecs.map(([key, codec]) => [key, at(codec, key, input[key], context)] as const);
    const errors = read.flatMap(([, result]) => (E.isLeft(result) ? result.left : []));
    if (errors.length > 0) return t.failures(errors);
    const values = read.flatMap(([key, result]) =>
      E.isRight(result) && result.right !== undefined ? [[key, result.right]] : [],
    );
    return t.success(Object.fromEntries(values) as A);
  };
  return makeCodec(name, validate, (value) => {
    const written = codecs.map(([key, codec]) => [key, codec.encode(value[key as keyof A])] as const);
    return jsonObject(written.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
  });
};

/** A list, each item by one codec. */
export const list = <A>(item: Shape<A>): Shape<ReadonlyArray<A>> =>
  makeCodec(
    'a list',
    (input, context) => {
      if (!Array.isArray(input)) return t.failure(input, context);
      const read = input.map((value, index) => at(item, String(index), value, context));
      const errors = read.flatMap((result) => (E.isLeft(result) ? result.left : []));
      return errors.length > 0 ? t.failures(errors) : t.success(read.flatMap((r) => (E.isRight(r) ? [r.right] : [])));
    },
    (values) => values.map((value) => item.encode(value)),
  );

/** Strings by free keys; read into an object without a prototype, since a key may be `__proto__`. */
export const stringMap: Shape<Readonly<Record<string, string>>> = makeCodec(
  'an object of strings',
  (input, context) => {
    if (!isJsonObject(input)) return t.failure(input, context);
    const wrong = Object.entries(input).filter(([, value]) => typeof value !== 'string');
    if (wrong.length === 0) return t.success(input as Readonly<Record<string, string>>);
    return t.failures(wrong.map(([key, value]) => ({ value, context: t.appendContext(context, key, text, value) })));
  },
  (map) => jsonObject(Object.entries(map)),
);

/** One of a few words. */
export const oneOf = <W extends string>(...words: ReadonlyArray<W>): Shape<W> =>
  makeCodec(
    `one of ${words.join(', ')}`,
    (input, context) => (words.some((word) => word === input) ? t.success(input as W) : t.failure(input, context)),
    t.identity,
  );

/** An int64 as decimal digits in a string, safe in any JSON reader. */
export const decimal: Shape<bigint> = makeCodec(
  'an int64 in a string',
  (input, context) => {
    const value = typeof input === 'string' ? integerWithin(input, int64Range.lowest, int64Range.highest) : undefined;
    return value === undefined ? t.failure(input, context) : t.success(value);
  },
  String,
);

/** An optional field: none where the key is absent. */
export const option = <A>(codec: Shape<A>): Field<O.Option<A>> =>
  makeCodec(
    codec.name,
    (input, context) => (input === undefined ? t.success(O.none) : pipe(codec.validate(input, context), E.map(O.some))),
    (value) => (O.isSome(value) ? codec.encode(value.value) : undefined),
  );

/** An optional property, absent rather than undefined. */
export const optional = <A>(codec: Shape<A>): Field<A | undefined> =>
  makeCodec(
    codec.name,
    (input, context) => (input === undefined ? t.success(undefined) : codec.validate(input, context)),
    (value) => (value === undefined ? undefined : codec.encode(value)),
  );

/** `{"value": …}` for a right and `{"error": …}` for a left. */
export const either = <L, A>(left: Shape<L>, right: Shape<A>): Shape<E.Either<L, A>> =>
  makeCodec(
    'an object with either a value or an error',
    (input, context): t.Validation<E.Either<L, A>> => {
      if (!isJsonObject(input) || 'value' in input === 'error' in input) return t.failure(input, context);
      return 'value' in input
        ? pipe(at(right, 'value', input.value, context), E.map(E.right))
        : pipe(at(left, 'error', input.error, context), E.map(E.left));
    },
    (result): JsonObject =>
      E.isRight(result)
        ? jsonObject([['value', right.encode(result.right)]])
        : jsonObject([['error', left.encode(result.left)]]),
  );
