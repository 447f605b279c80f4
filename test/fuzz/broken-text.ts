/** Sound texts with something broken in them, as bytes: by a disk, by a crash, by another program, or on purpose. */
import fc from 'fast-check';

/** Bytes, and how they were made of a sound text. */
export interface Broken {
  readonly bytes: Buffer;
  readonly text: string;
}

type Break = (bytes: Buffer) => Buffer;

/** Shown by fast-check in place of ten thousand numbers. */
const shown = (bytes: Buffer): Broken => {
  const text = bytes.toString('utf8');
  const latin1 = JSON.stringify(bytes.toString('latin1'));
  const excerpt = latin1.length > 3_000 ? `${latin1.slice(0, 3_000)}… (${bytes.length} bytes)` : latin1;
  return { bytes, text, [fc.toStringMethod]: () => `latin1 ${excerpt}` } as Broken;
};

const numbers = [
  '0', '-0', '-1', '1.0', '1e3', '1E400', '01', '1.', '.5', '+1', '- 1', '--1', '1e', '0x10', 'NaN', 'Infinity', '00',
  '4294967295', '4294967296', '2147483648', '-2147483649', '9223372036854775807', '9223372036854775808',
  '-9223372036854775809', '1'.repeat(400), `1${'0'.repeat(5_000)}`, '1e999999999999', '-',
]; // biome-ignore format: one table
const values = [
  'null', 'true', 'false', '""', '"v1"', '"v2"', '"1"', '[]', '{}', '[1]', '{"a":1}', 'nul', 'True', "'x'", '"\\ud800"',
  '"\\u0000"', '"\\x"', '"\\u12"', '"\t"', '"\u202e"', '{"__proto__":{"Pid":1}}', '[[]]', ...numbers,
]; // biome-ignore format: one table
const keys = [
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'toJSON', '', 'version', 'VERSION', 'pid', 'PID', 'exitcode',
  '\u017ftartedAt', '\\u0050id', 'metadata', 'METADATA', 'config', 'envs', 'ENVS', 'Resources', 'Restore', '0', 'a b',
]; // biome-ignore format: one table
const scraps = [
  '{', '}', '[', ']', ',', ':', '"', '\\', '\0', '\n', ' ', '\ufeff', '\u2028', '/**/', '//', '\x7f', '\u00a0', '\u001b[2J',
  '}{', ',,', '""', '\\u', 'null', '\r\n', '\0'.repeat(64), 'x'.repeat(300),
]; // biome-ignore format: one table
const notUtf8 = [
  [0xff],
  [0xc3],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x92],
  [0xed, 0xa0, 0x80],
  [0xc0, 0x80],
  [0xfe, 0xff],
  [0x80],
];

const at = (bytes: Buffer, place: number): number => Math.floor(place * (bytes.length + 1));
const splice = (bytes: Buffer, start: number, end: number, put: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(end)]);

/** Changes the match that lies at `place` among all; a text without a match stays. */
const onMatch =
  (pattern: RegExp, place: number, change: (match: string) => string): Break =>
  (bytes) => {
    // Byte for byte, so that what is broken already stays as it is.
    const text = bytes.toString('latin1');
    const matches = [...text.matchAll(pattern)];
    const match = matches[Math.floor(place * matches.length)];
    if (match === undefined) return bytes;
    const put = Buffer.from(change(match[0]));
    return splice(bytes, match.index, match.index + match[0].length, put);
  };

/** From 0 to 1, everywhere alike: most doubles are next to 0. */
const place = fc.noBias(fc.nat({ max: 9_999 })).map((number) => number / 10_000);
const scalar = /-?\d+(?![\w"])|true|false|null|"[^"\\]*"(?!\s*:)/g;
const key = /"[^"\\]*"(?=\s*:)/g;

const anyCase = (text: string, bits: number): string =>
  [...text].map((char, index) => ((bits >> (index % 30)) & 1 ? char.toUpperCase() : char.toLowerCase())).join('');

const nested = (depth: number, open: string): string =>
  open === '[' ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

/** Where the integers of Go end, and what is an integer to others only. */
const edges = [
  '2147483647', '2147483648', '-2147483648', '-2147483649', '4294967295', '4294967296', '-1', '9223372036854775807',
  '9223372036854775808', '-9223372036854775808', '-9223372036854775809', '1.0', '1e0', '-0', '"1"', 'null',
]; // biome-ignore format: one table

const structured: ReadonlyArray<fc.Arbitrary<Break>> = [
  fc
    .tuple(place, fc.constantFrom(...edges))
    .map(([where, put]) => onMatch(/(?<=":\s*)-?\d+(?![\w"])/g, where, () => put)),
  fc.tuple(place, fc.constantFrom(...values)).map(([where, put]) => onMatch(scalar, where, () => put)),
  fc.tuple(place, fc.constantFrom(...numbers)).map(([where, put]) => onMatch(/-?\d+(?![\w"])/g, where, () => put)),
  fc.tuple(place, fc.constantFrom(...keys)).map(([where, put]) => onMatch(key, where, () => `"${put}"`)),
  fc.tuple(place, fc.nat()).map(([where, bits]) => onMatch(key, where, (match) => anyCase(match, bits))),
  // The same key again, in another spelling, with another value, before or after.
  fc.tuple(place, fc.nat(), fc.constantFrom(...values), fc.boolean()).map(([where, bits, value, isAfter]) =>
    onMatch(/"[^"\\]*"\s*:\s*(?:-?\d+(?![\w"])|true|false|null|"[^"\\]*")/g, where, (member) => {
      const again = `${anyCase(member.slice(0, member.indexOf('"', 1) + 1), bits)}:${value}`;
      return isAfter ? `${member},${again}` : `${again},${member}`;
    }),
  ),
  fc
    .tuple(place, fc.constantFrom(...keys), fc.constantFrom(...values))
    .map(([where, name, value]) => onMatch(/\{(?=\s*")/g, where, () => `{"${name}":${value},`)),
  fc
    .tuple(place, fc.constantFrom(3, 500, 990, 1_001, 2_000, 9_990, 10_001, 100_000), fc.constantFrom('[', '{'))
    .map(([where, depth, open]) => onMatch(scalar, where, () => nested(depth, open))),
];

const raw: ReadonlyArray<fc.Arbitrary<Break>> = [
  place.map((where) => (bytes) => bytes.subarray(0, at(bytes, where))),
  fc.tuple(place, fc.nat({ max: 7 })).map(([where, bit]) => (bytes) => {
    const index = Math.floor(where * bytes.length);
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[index] = (copy[index] ?? 0) ^ (1 << bit);
    return copy;
  }),
  fc.tuple(place, place).map(([from, to]) => (bytes) => {
    const [start, end] = [at(bytes, from), at(bytes, to)].sort((a, b) => a - b);
    return splice(bytes, start ?? 0, end ?? 0, Buffer.alloc(0));
  }),
  fc.tuple(place, place).map(([from, to]) => (bytes) => {
    const [start = 0, end = 0] = [at(bytes, from), at(bytes, to)].sort((a, b) => a - b);
    return splice(bytes, end, end, bytes.subarray(start, end));
  }),
  fc.tuple(place, place).map(
    ([from, to]) =>
      (bytes) =>
        Buffer.from(bytes).fill(0, at(bytes, from), Math.min(bytes.length, at(bytes, from) + Math.floor(to * 600))),
  ),
  fc.tuple(place, fc.constantFrom(...scraps)).map(
    ([where, scrap]) =>
      (bytes) =>
        splice(bytes, at(bytes, where), at(bytes, where), Buffer.from(scrap)),
  ),
  fc.tuple(place, fc.constantFrom(...notUtf8)).map(
    ([where, scrap]) =>
      (bytes) =>
        splice(bytes, at(bytes, where), at(bytes, where), Buffer.from(scrap)),
  ),
  fc.constantFrom('\ufeff', ' ', '\0', '[', 'x').map((scrap) => (bytes) => Buffer.concat([Buffer.from(scrap), bytes])),
  fc
    .constantFrom('\n', ' \t\r\n', '\0', '}', 'x', '{}')
    .map((scrap) => (bytes) => Buffer.concat([bytes, Buffer.from(scrap)])),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => () => Buffer.from(bytes)),
];

const breakAll = (text: string, breaks: ReadonlyArray<Break>): Broken =>
  shown(breaks.reduce<Buffer>((bytes, change) => change(bytes), Buffer.from(text)));

/** One of the texts with up to four things broken in it, as JSON or as bytes. */
export const brokenText = (...texts: ReadonlyArray<string>): fc.Arbitrary<Broken> =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(
        fc.oneof({ weight: 3, arbitrary: fc.oneof(...structured) }, { weight: 2, arbitrary: fc.oneof(...raw) }),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
    )
    .map(([text, breaks]) => breakAll(text, breaks));

/** Bytes with up to three things broken in them, none of it meant for JSON. */
export const brokenBytes = (bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(bytes, fc.array(fc.oneof(...raw.slice(0, 6)), { maxLength: 3 }))
    .map(([sound, breaks]) => breaks.reduce<Buffer>((broken, change) => change(broken), Buffer.from(sound)));
