/**
 * JSON as a value that loses nothing: numbers keep their text, so an int64 or a foreign decimal is written back as it was read.
 */

/** A JSON number by its text, as in `1700000000000000001`. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Any JSON value. Objects have no prototype, so that `__proto__` is a key like any other. */
export type Json = null | boolean | string | JsonNumber | ReadonlyArray<Json> | JsonObject;

/** A JSON object, keys in the order they were read. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** True for a JSON object, false for arrays, numbers and everything else. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
