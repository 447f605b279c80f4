/**
 * JSON text and bytes to and from `Json`, nothing lost: numbers by their text, `__proto__` as a key like any other, half a surrogate pair as
 * the escape it was.
 */
import * as E from 'fp-ts/lib/Either.js';
import { isJsonObject, type Json, JsonNumber, type JsonObject } from '../core/json.js';
import { emptyObject, everything, Misread, type ReadLimits, readJson, type Wanted } from './json-text.js';

/**
 * How far one of containerd's files is read: no deeper than far below where Node's stack ends (Go stops at 10,000, real files stay below 20), and
 * not beyond what takes some 50 MB (real files hold a few hundred values).
 */
const fileLimits: ReadLimits = { depth: 1_000, values: 250_000 };

/**
 * Bytes that are not UTF-8 become U+FFFD, one for each broken sequence (in Go one for each byte). A byte order mark stays, and is no JSON.
 */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads the bytes of a JSON file; the left says where it stops being JSON, and quotes nothing of it. */
export const decodeJson = (bytes: Uint8Array, wanted: Wanted = everything): E.Either<string, Json> =>
  parseJson(utf8.decode(bytes), fileLimits, wanted);

/**
 * Reads JSON text; of duplicate keys the last wins, as in Go. The left says where it stops being JSON, and quotes nothing of it.
 *
 * @example
 * assert.deepStrictEqual(parseJson('{"pid":'), E.left('not JSON: it ends after 7 characters'));
 */
export const parseJson = (
  text: string,
  limits: ReadLimits = fileLimits,
  wanted: Wanted = everything,
): E.Either<string, Json> =>
  E.tryCatch(
    () => readJson(text, limits, wanted),
    (thrown) => describeMisread(thrown, text),
  );

const describeMisread = (thrown: unknown, text: string): string => {
  // Whatever else is thrown is a fault of the reader's own.
  if (!(thrown instanceof Misread)) throw thrown;
  const { why, at } = thrown;
  if (why === 'too deep') return 'not JSON that can be read: it is nested too deeply';
  if (why === 'too many values') return 'not JSON that can be read: it holds too many values';
  if (text.trim() === '') return 'not JSON: it is empty';
  if (at >= text.length) return `not JSON: it ends after ${text.length} characters`;
  return `not JSON at character ${at} of ${text.length}${text[at] === '\0' ? ', a NUL' : ''}`;
};

/** An object without a prototype; of entries with one key the last wins. */
export const jsonObject = (entries: Iterable<readonly [string, Json]>): JsonObject => {
  const object = emptyObject();
  for (const [key, value] of entries) object[key] = value;
  return object;
};

/** Writes JSON as Go's `json.Marshal` does: compact, keys in order, `<`, `>`, `&`, U+2028 and U+2029 escaped. */
export const encodeJson = (value: Json): string => write(value, { quote: quoteAsGo, colon: ':', indent: '' }, '');

/** Writes JSON for people and for diff: two spaces a level, a line an item. */
export const prettyJson = (value: Json): string =>
  `${write(value, { quote: JSON.stringify, colon: ': ', indent: '  ' }, '\n')}\n`;

interface Style {
  readonly quote: (text: string) => string;
  readonly colon: string;
  readonly indent: string;
}

const quoteAsGo = (text: string): string =>
  JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** `newline` is what starts a line at the level of the value; empty for none. */
const write = (value: Json, style: Style, newline: string): string => {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return style.quote(value);
  if (value instanceof JsonNumber) return value.text;
  const inner = newline + style.indent;
  if (!isJsonObject(value))
    return enclose(
      '[',
      value.map((item) => write(item, style, inner)),
      ']',
      newline,
      inner,
    );
  const members = Object.entries(value).map(
    ([key, member]) => style.quote(key) + style.colon + write(member, style, inner),
  );
  return enclose('{', members, '}', newline, inner);
};

const enclose = (open: string, items: ReadonlyArray<string>, close: string, newline: string, inner: string): string =>
  items.length === 0 ? open + close : open + inner + items.join(`,${inner}`) + newline + close;
