/**
 * JSON objects read as Go's encoding/json reads a struct: keys without regard to case, a missing or null field as its zero value, unknown keys
 * ignored (kept here as `rest`, so that they survive a rewrite), one value of the wrong type and the whole is unreadable.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { jsonObject } from './json.js';
import { everything, type Wanted } from './json-text.js';
import * as scalar from './scalar.js';

/** A field of a struct: decodes `undefined` to the zero value of its type. */
export type GoField<A> = t.Type<A, Json, unknown>;

const orZero = <A>(codec: t.Type<A, Json, unknown>, zero: A): GoField<A> =>
  scalar.makeCodec(
    codec.name,
    (input, context) => (input === undefined ? t.success(zero) : codec.validate(input, context)),
    codec.encode,
  );

export const goString = orZero(scalar.text, '');
export const goBool = orZero(scalar.flag, false);
export const goInt64 = orZero(scalar.int64, 0n);
export const goInt32 = orZero(scalar.int32, 0);
export const goUint32 = orZero(scalar.uint32, 0);

/** Known fields by their Go names, and the unknown ones in the order they were read. */
export interface GoStruct<A> {
  readonly fields: A;
  readonly rest: JsonObject;
}

/**
 * A Go struct of the given fields. Of several spellings of one key the last that is not null counts, and all must be of the right type. (Go
 * would also merge two objects into one; no writer makes two.) Writes the fields in the given order, then what of the rest is no such field.
 */
export const goStruct = <A>(
  name: string,
  fields: { readonly [K in keyof A]: GoField<A[K]> },
): GoStructType<GoStruct<A>> => {
  const codecs: ReadonlyArray<[string, GoField<unknown>]> = Object.entries(fields);
  const folded = new Map(codecs.map((codec) => [foldKey(codec[0]), codec]));
  const exact = new Map(codecs.map((codec) => [codec[0], codec]));
  const spelled = (key: string) => exact.get(key) ?? folded.get(foldKey(key));
  const zeros: Record<string, unknown> = {};
  for (const [field, codec] of codecs) {
    const zero = codec.decode(undefined);
    if (E.isRight(zero)) zeros[field] = zero.right;
  }

  const validate = (input: unknown, context: t.Context): t.Validation<GoStruct<A>> => {
    if (input !== undefined && input !== null && !isJsonObject(input)) return t.failure(input, context);
    const values = { ...zeros };
    const rest: Array<[string, Json]> = [];
    const errors: t.Errors = [];
    const read = (field: string, codec: GoField<unknown>, value: unknown): void => {
      // Where it is, is told only where something is wrong with it: most of the time went into that.
      const result = codec.validate(value, nowhere);
      if (E.isRight(result)) {
        values[field] = result.right;
        return;
      }
      const again = codec.validate(value, t.appendContext(context, field, codec, value));
      if (E.isLeft(again)) errors.push(...again.left);
    };
    for (const [key, value] of Object.entries(input ?? {})) {
      const known = spelled(key);
      if (known === undefined) rest.push([key, value]);
      else if (value !== null) read(known[0], known[1], value);
    }
    if (errors.length > 0) return t.failures(errors);
    return t.success({ fields: values as A, rest: jsonObject(rest) });
  };

  const encode = (struct: GoStruct<A>): JsonObject =>
    jsonObject([
      ...codecs.map(([field, codec]): [string, Json] => [field, codec.encode(struct.fields[field as keyof A])]),
      ...Object.entries(struct.rest).filter(([key]) => spelled(key) === undefined),
    ]);

  const wanted: Wanted = (key) => {
    const known = spelled(key);
    return known && wantedBy(known[1]);
  };
  return new GoStructType(name, validate, encode, wanted);
};

const nowhere: t.Context = [];

/** A codec that reads some members of an object, and says which. */
export class GoStructType<A> extends t.Type<A, JsonObject, unknown> {
  readonly wanted: Wanted;
  constructor(name: string, validate: t.Validate<unknown, A>, encode: t.Encode<A, JsonObject>, wanted: Wanted) {
    super(name, scalar.anything as t.Is<A>, validate, encode);
    this.wanted = wanted;
  }
}

/** What of a value a codec reads: no member of an object that it would ignore. */
const wantedBy = (codec: GoField<unknown>): Wanted => (codec instanceof GoStructType ? codec.wanted : everything);

/**
 * Go's `foldName` as far as it can reach ASCII names: ASCII letters, the Kelvin sign (which `toLowerCase` makes a `k`) and the long s. Nothing
 * else becomes an ASCII letter by either.
 */
const foldKey = (key: string): string => {
  const lower = key.toLowerCase();
  return lower.includes(longS) ? lower.replaceAll(longS, 's') : lower;
};
const longS = '\u017f';

/** What a codec reads of an object, beside the object as it was. */
export interface Viewed<A> {
  readonly view: A;
  readonly whole: JsonObject;
}

/** Keeps the object that a codec reads; the zero value has an empty one. Writes the object and not the view. */
export const viewed = <A>(codec: GoStructType<GoStruct<A>>): GoStructType<Viewed<A>> =>
  new GoStructType<Viewed<A>>(
    codec.name,
    (input, context) =>
      pipe(
        codec.validate(input, context),
        E.map(({ fields }) => ({ view: fields, whole: isJsonObject(input) ? input : jsonObject([]) })),
      ),
    ({ whole }) => whole,
    codec.wanted,
  );
