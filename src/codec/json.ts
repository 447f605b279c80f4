/**
 * JSON text and bytes to and from `Json`, nothing lost: numbers by their text, `__proto__` as a key like any other, half a surrogate pair as
 * the escape it was. Text is read by lossless-json and written here.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { parse } from 'lossless-json';
import { isJsonObject, type Json, JsonNumber, type JsonObject } from '../core/json.js';

/** How deep containerd's files may nest: far below where Node's stack ends. Go stops at 10,000; real files stay below 20. */
const deepest = 1_000;

/**
 * Bytes that are not UTF-8 become U+FFFD, one for each broken sequence (in Go one for each byte). A byte order mark stays, and is no JSON.
 */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads the bytes of a JSON file; the left says where it stops being JSON, and quotes nothing of it. */
export const decodeJson = (bytes: Uint8Array): E.Either<string, Json> => parseJson(utf8.decode(bytes));

/**
 * Reads JSON text; of duplicate keys the last wins, as in Go. The left says where it stops being JSON, and quotes nothing of it.
 *
 * @example
 * assert.deepStrictEqual(parseJson('{"pid":'), E.left('not JSON: it ends after 7 characters'));
 */
export const parseJson = (text: string, depth: number = deepest): E.Either<string, Json> =>
  pipe(
    E.tryCatch(
      () =>
        parse(text, null, { parseNumber: (digits) => new JsonNumber(digits), onDuplicateKey: (key) => key.newValue }),
      (thrown) => describeThrown(thrown, text),
    ),
    E.chain((parsed) => (isDeeper(parsed, depth) ? E.left(tooDeep) : E.right(withoutPrototypes(parsed)))),
  );

const tooDeep = 'not JSON that can be read: it is nested too deeply';

/** lossless-json quotes the text around an error, which may be a secret: only the place is taken from it. */
const describeThrown = (thrown: unknown, text: string): string => {
  if (thrown instanceof RangeError) return tooDeep;
  if (text.trim() === '') return 'not JSON: it is empty';
  const place = thrown instanceof SyntaxError ? /position (\d+)$/.exec(thrown.message)?.[1] : undefined;
  if (place === undefined) return 'not JSON';
  if (Number(place) >= text.length) return `not JSON: it ends after ${text.length} characters`;
  return `not JSON at character ${place} of ${text.length}${text[Number(place)] === '\0' ? ', a NUL' : ''}`;
};

const isDeeper = (parsed: unknown, depth: number): boolean => {
  if (typeof parsed !== 'object' || parsed === null || parsed instanceof JsonNumber) return false;
  return depth === 0 || Object.values(parsed).some((value) => isDeeper(value, depth - 1));
};

/** What lossless-json makes of objects has a prototype, so that `constructor` would be found in all of them. */
const withoutPrototypes = (parsed: unknown): Json => {
  if (typeof parsed === 'string') return inOnePiece(parsed);
  if (Array.isArray(parsed)) return parsed.map(withoutPrototypes);
  if (typeof parsed !== 'object' || parsed === null || parsed instanceof JsonNumber) return parsed as Json;
  return jsonObject(Object.entries(parsed).map(([key, value]) => [key, withoutPrototypes(value)]));
};

/**
 * lossless-json appends a string's characters one by one, which V8 keeps as a tree of as many nodes: 200 kB for metadata of 10 kB. A string
 * made anew has none.
 */
const inOnePiece = (text: string): string => JSON.parse(JSON.stringify(text));

/** An object without a prototype; of entries with one key the last wins. */
export const jsonObject = (entries: Iterable<readonly [string, Json]>): JsonObject => {
  const object: Record<string, Json> = Object.create(null);
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
