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

/**
 * What is made of an object's members, by key: none of a value that is only checked. What a caller has no use for is most of what containerd
 * stores, and making it takes longer than all else together.
 */
export type Wanted = (key: string) => Wanted | undefined;

export const everything: Wanted = () => everything;

/** Where and why reading stopped; `at` counts UTF-16 units. */
export class Misread {
  readonly why: 'not JSON' | 'too deep' | 'too many values';
  readonly at: number;
  constructor(why: Misread['why'], at: number) {
    this.why = why;
    this.at = at;
  }
}

/** Reads a text to its end, whatever of it is wanted; throws a `Misread` and nothing else. */
export const readJson = (text: string, limits: ReadLimits, wanted: Wanted = everything): Json => {
  let at = 0;
  let values = 0;

  const fail = (place = at): never => {
    throw new Misread('not JSON', place);
  };
  /** Goes past what a pattern matches, and says whether it does. */
  const passes = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
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

  const goOverString = (): null => {
    if (passes(plainString)) return null;
    if (text[at] !== '"') fail();
    at += 1;
    while (passes(plain) && text[at] !== '"') if (!passes(escaped)) fail();
    at += 1;
    return null;
  };
  const readString = (): string => {
    const start = at;
    goOverString();
    return unquoted(text.slice(start, at));
  };

  const readList = (depth: number, wanted: Wanted | undefined): Json => {
    const list: Json[] = [];
    expect('[');
    for (let isFirst = true; goesOn(']', isFirst); isFirst = false) {
      const value = readValue(depth, wanted);
      if (wanted !== undefined) list.push(value);
    }
    return list;
  };

  const readMember = (): string => {
    const key = readString();
    skipBlanks();
    expect(':');
    return key;
  };

  const readObject = (depth: number, wanted: Wanted): Json => {
    const object = emptyObject();
    expect('{');
    for (let isFirst = true; goesOn('}', isFirst); isFirst = false) {
      const key = readMember();
      const inner = wanted(key);
      const value = readValue(depth, inner);
      if (inner !== undefined) object[key] = value;
    }
    return object;
  };

  const goOverObject = (depth: number): null => {
    expect('{');
    for (let isFirst = true; goesOn('}', isFirst); isFirst = false) {
      goOverString();
      skipBlanks();
      expect(':');
      readValue(depth, undefined);
    }
    return null;
  };

  const readBare = (): Json => {
    const start = at;
    if (passes(number)) return new JsonNumber(unquoted(`"${text.slice(start, at)}"`));
    if (!passes(words)) fail();
    const word = text.slice(start, at);
    return word === 'null' ? null : word === 'true';
  };

  const readValue = (depth: number, wanted: Wanted | undefined): Json => {
    skipBlanks();
    values += 1;
    if (values > limits.values) throw new Misread('too many values', at);
    const value = readKind(depth, wanted);
    skipBlanks();
    return value;
  };

  const readKind = (depth: number, wanted: Wanted | undefined): Json => {
    const first = text[at];
    if (first === '"') return wanted === undefined ? goOverString() : readString();
    if (first !== '{' && first !== '[') return readBare();
    if (depth === 0) throw new Misread('too deep', at);
    if (first === '[') return readList(depth - 1, wanted);
    return wanted === undefined ? goOverObject(depth - 1) : readObject(depth - 1, wanted);
  };

  const value = readValue(limits.depth, wanted);
  return at === text.length ? value : fail();
};

/** An object without a prototype, whose keys may be any. One made by `Object.create(null)` takes three times the memory. */
export const emptyObject = (): Record<string, Json> => Object.setPrototypeOf({}, null);

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words = /true|false|null/y;

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** A string that needs no closer look, as most do. */
const plainString = /"[^"\\\u0000-\u001f]*"/y;
/** What of any other needs none. */
const plain = /[^"\\\u0000-\u001f]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The value of a quoted string. Made anew, as V8 does by itself of less than 13 characters: a part of a string would keep the whole text in memory. */
const unquoted = (quoted: string): string =>
  quoted.length < 13 && !quoted.includes('\\') ? quoted.slice(1, -1) : JSON.parse(quoted);
