/** The lines of the CRI log format: `<RFC3339Nano> <stdout|stderr> <P|F> <text>` and a line feed, one for each record. */
import { Buffer } from 'node:buffer';
import type { LogRecord } from './log-records.js';

export type StreamName = 'stdout' | 'stderr';

/** Whole lines, to be written at once. */
export interface LogLines {
  readonly bytes: Buffer;
  /** Where each line ends, as offsets into `bytes`, ascending. */
  readonly ends: ReadonlyArray<number>;
}

/**
 * The lines of some records of one stream, all with the time they were read at, in nanoseconds since 1970.
 *
 * @example
 * const lines = linesOf('stderr', 1_714_550_401_120_000_000n, [{ tag: 'F', text: Buffer.from('hello') }]);
 * assert.strictEqual(lines.bytes.toString(), '2024-05-01T08:00:01.12Z stderr F hello\n');
 */
export const linesOf = (stream: StreamName, readAt: bigint, records: ReadonlyArray<LogRecord>): LogLines => {
  const time = timeText(readAt);
  const heads = { P: Buffer.from(`${time} ${stream} P `), F: Buffer.from(`${time} ${stream} F `) };
  const size = records.reduce((sum, { tag, text }) => sum + heads[tag].length + text.length + 1, 0);
  const bytes = Buffer.allocUnsafe(size);
  const ends: number[] = [];
  let end = 0;
  for (const { tag, text } of records) {
    end += heads[tag].copy(bytes, end);
    end += text.copy(bytes, end);
    end = bytes.writeUInt8(0x0a, end);
    ends.push(end);
  }
  return { bytes, ends };
};

const second = 1_000_000_000n;

/** As Go prints a time in UTC with `time.RFC3339Nano`: no zeros at the end of the fraction, and no point without one. */
const timeText = (nanoseconds: bigint): string => {
  const seconds = new Date(Number(nanoseconds / second) * 1_000).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length);
  const fraction = String(nanoseconds % second)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
};
