/**
 * A JSON reader (RFC 8259) that loses nothing: numbers keep their text, `__proto__` is a key like any other, of duplicate keys the last wins. How
 * deep it goes and how many values it makes is limited, so that no text takes more memory or stack than a small multiple of its length.
 */
import { type Json, JsonNumber } from '../core/json.js';

/** How far a text is read. */
export interface ReadLimits {
  /** Objects and lists within each other. */
  readonly depth: number;
  /** Objects, lists, strings, numbers and words, keys not counted. */
  readonly values: number;
}

/** Where and why reading stopped; `at` counts UTF-16 units. */
export class Misread {
  readonly why: 'not JSON' | 'too deep' | 'too many values';
  readonly at: number;
  constructor(why: Misread['why'], at: number) {
    this.why = why;
    this.at = at;
  }
}

/** Reads a text; throws a `Misread` and nothing else. */
export const readJson = (text: string, limits: ReadLimits): Json => {
  let at = 0;
  let values = 0;

  const fail = (place = at): never => {
    throw new Misread('not JSON', place);
  };
  const skip = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const skipBlanks = (): void => {
    while (isBlank(text.charCodeAt(at))) at += 1;
  };
  const expect = (character: string): void => {
    if (text[at] !== character) fail();
    at += 1;
    skipBlanks();
  };
  /** Goes past a separator, or past the closing bracket and gives false. */
  const goesOn = (close: string, isFirst: boolean): boolean => {
    if (text[at] === close) {
      at += 1;
      return false;
    }
    if (!isFirst) expect(',');
    return true;
  };

  const readString = (): string => {
    const start = at;
    if (text[start] !== '"') fail();
    const end = closingQuote(text, start);
    // Made anew, as digits are: a part of a string would keep the whole text in memory.
    const read = end === -1 ? undefined : decodeString(text.slice(start, end + 1));
    if (read === undefined) return fail(faultIn(text, start + 1));
    at = end + 1;
    return read;
  };

  const readList = (depth: number): Json => {
    const list: Json[] = [];
    expect('[');
    while (goesOn(']', list.length === 0)) list.push(readValue(depth));
    return list;
  };

  const readObject = (depth: number): Json => {
    const object = emptyObject();
    expect('{');
    for (let isFirst = true; goesOn('}', isFirst); isFirst = false) {
      const key = readString();
      skipBlanks();
      expect(':');
      object[key] = readValue(depth);
    }
    return object;
  };

  const readBare = (): Json => {
    const digits = skip(number);
    if (digits !== undefined) return new JsonNumber(JSON.parse(`"${digits}"`));
    const word = skip(words) ?? fail();
    return word === 'null' ? null : word === 'true';
  };

  const readValue = (depth: number): Json => {
    skipBlanks();
    values += 1;
    if (values > limits.values) throw new Misread('too many values', at);
    const value = readKind(depth);
    skipBlanks();
    return value;
  };

  const readKind = (depth: number): Json => {
    const first = text[at];
    if (first === '"') return readString();
    if (first !== '{' && first !== '[') return readBare();
    if (depth === 0) throw new Misread('too deep', at);
    return first === '{' ? readObject(depth - 1) : readList(depth - 1);
  };

  const value = readValue(limits.depth);
  return at === text.length ? value : fail();
};

/** An object without a prototype, whose keys may be any. One made by `Object.create(null)` takes three times the memory. */
export const emptyObject = (): Record<string, Json> => Object.setPrototypeOf({}, null);

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words = /true|false|null/y;

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** The first quote after `start` that no odd number of backslashes stands before; -1 where there is none. */
const closingQuote = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text[before - 1] === '\\') before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
  return -1;
};

const decodeString = (quoted: string): string | undefined => {
  try {
    return JSON.parse(quoted);
  } catch {
    return undefined;
  }
};

/** Where a string goes wrong, told only once it has. */
const faultIn = (text: string, start: number): number => {
  const sound = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))/y;
  sound.lastIndex = start;
  let at = start;
  while (sound.test(text)) at = sound.lastIndex;
  return at;
};
