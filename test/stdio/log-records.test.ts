import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogRecord, mostText, noOutput, restOfOutput, splitOutput } from '../../src/stdio/index.js';

/** The records of output that arrives in these pieces and then ends. */
const recordsOf = (...chunks: ReadonlyArray<Buffer | string>): ReadonlyArray<LogRecord> => {
  let held = noOutput;
  const records: LogRecord[] = [];
  for (const chunk of chunks) {
    const split = splitOutput(held, Buffer.from(chunk as string, 'latin1'));
    records.push(...split.records);
    held = split.held;
  }
  return [...records, ...restOfOutput(held)];
};

const shown = (records: ReadonlyArray<LogRecord>): ReadonlyArray<string> =>
  records.map(({ tag, text }) => `${tag} ${text.toString('latin1')}`);

const sizes = (records: ReadonlyArray<LogRecord>): ReadonlyArray<string> =>
  records.map(({ tag, text }) => `${tag} ${text.length}`);

const x = (length: number): string => 'x'.repeat(length);

test('a line is a full record, empty or not, and a tail without an end is a partial one', () => {
  expect(shown(recordsOf('one\n\n\ntwo'))).toEqual(['F one', 'F ', 'F ', 'P two']);
  expect(recordsOf()).toEqual([]);
  expect(recordsOf('')).toEqual([]);
});

test('one carriage return before a line feed is dropped, and no other', () => {
  expect(shown(recordsOf('a\r\n\r\nb\r\r\nc\rd\n\re\r'))).toEqual(['F a', 'F ', 'F b\r', 'F c\rd', 'P \re\r']);
});

test.each([
  [mostText - 1, '\n', ['F 16383']],
  [mostText, '\n', ['F 16384']],
  [mostText + 1, '\n', ['P 16384', 'F 1']],
  [2 * mostText, '\n', ['P 16384', 'F 16384']],
  [mostText, '', ['P 16384']],
  [mostText + 1, '', ['P 16384', 'P 1']],
  [2 * mostText, '', ['P 16384', 'P 16384']],
  [mostText - 1, '\r\n', ['F 16383']],
  [mostText, '\r\n', ['F 16384']],
  [mostText, '\r', ['P 16384', 'P 1']],
  [mostText, '\rx\n', ['P 16384', 'F 2']],
  [2 * mostText, '\r\n', ['P 16384', 'F 16384']],
])('%d bytes and then %j', (length, end, expected) => {
  expect(sizes(recordsOf(x(length) + end))).toEqual(expected);
  expect(sizes(recordsOf(x(length), ...end))).toEqual(expected);
});

test('bytes that are no text, NULs among them, stay what they are', () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x80]);
  const [record] = recordsOf(Buffer.concat([bytes, Buffer.from('\n')]));
  expect(record?.text.equals(bytes)).toBe(true);
});

test('a line that never ends is held no longer than a record is', () => {
  let held = noOutput;
  for (let round = 0; round < 100; round += 1) {
    held = splitOutput(held, Buffer.from(x(1_000))).held;
    expect(held.length).toBeLessThanOrEqual(mostText);
  }
});

/** Output in which what matters is frequent: ends of lines, carriage returns, lengths around the limit. */
const output = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\r', '\r\n', '\0', '\xff', 'text'),
      fc.integer({ min: mostText - 2, max: mostText + 2 }).map(x),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));

const chunked = (bytes: Buffer, cuts: ReadonlyArray<number>): ReadonlyArray<Buffer> => {
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), 0, bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
};

const cuts = fc.array(fc.nat(), { maxLength: 8 });

test('however output arrives, its records are the same', () => {
  fc.assert(
    fc.property(output, cuts, (bytes, places) => {
      expect(shown(recordsOf(...chunked(bytes, places)))).toEqual(shown(recordsOf(bytes)));
    }),
  );
});

test('the records are the output, but for the carriage returns at the ends of lines', () => {
  fc.assert(
    fc.property(output, cuts, (bytes, places) => {
      const records = recordsOf(...chunked(bytes, places));
      const text = records.map((record) => record.text.toString('latin1') + (record.tag === 'F' ? '\n' : '')).join('');
      expect(text).toBe(bytes.toString('latin1').replace(/\r\n/g, '\n'));
      expect(records.every((record) => record.text.length <= mostText)).toBe(true);
      const isFilled = records.every(
        ({ tag, text: { length } }, index) => tag === 'F' || length === mostText || index === records.length - 1,
      );
      expect(isFilled).toBe(true);
    }),
  );
});
