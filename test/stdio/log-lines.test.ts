import { expect, test } from 'vitest';
import { linesOf } from '../../src/stdio/index.js';

const time = (nanoseconds: bigint): string =>
  linesOf('stdout', nanoseconds, [{ tag: 'F', text: Buffer.from('') }])
    .bytes.toString()
    .split(' ')[0] ?? '';

test('times are in UTC, and without zeros at the end of the fraction, as Go prints them', () => {
  const at = 1_714_550_401_000_000_000n;
  expect(time(at)).toBe('2024-05-01T08:00:01Z');
  expect(time(at + 1n)).toBe('2024-05-01T08:00:01.000000001Z');
  expect(time(at + 120_000_000n)).toBe('2024-05-01T08:00:01.12Z');
  expect(time(at + 999_999_999n)).toBe('2024-05-01T08:00:01.999999999Z');
});

test('records become lines, and where each ends is told', () => {
  const { bytes, ends } = linesOf('stderr', 0n, [
    { tag: 'P', text: Buffer.from([0xff, 0x0d]) },
    { tag: 'F', text: Buffer.from('') },
  ]);
  expect(bytes.toString('latin1')).toBe('1970-01-01T00:00:00Z stderr P \xff\r\n1970-01-01T00:00:00Z stderr F \n');
  expect(ends).toEqual([33, 64]);
});

test('no records are no lines', () => {
  expect(linesOf('stdout', 0n, [])).toEqual({ bytes: Buffer.alloc(0), ends: [] });
});
