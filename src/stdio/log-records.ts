/**
 * The text of the CRI log format: what a container wrote, cut into records at its line feeds. Bytes in, records out, nothing else; byte for byte
 * what containerd's `redirectLogs` makes of the same output, however it arrives.
 */
import { Buffer } from 'node:buffer';

/** The most bytes of text in one record (containerd's `max_container_log_line_size`); the rest of a line goes into further records. */
export const mostText = 16_384;

/** A piece of a line: `F` ends the line, `P` is followed by more of it. */
export interface LogRecord {
  readonly tag: 'P' | 'F';
  readonly text: Buffer;
}

/** What a piece of output comes to. */
export interface SplitOutput {
  readonly records: ReadonlyArray<LogRecord>;
  /** The beginning of a line that is not complete, to be given back with what is read next; at most `mostText` bytes and a carriage return. */
  readonly held: Buffer;
}

/** What no reading has begun yet holds. */
export const noOutput: Buffer = Buffer.alloc(0);

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts what was read into records. One carriage return directly before a line feed is dropped, as containerd does with and without a terminal;
 * any other is text. Of a line without an end as much is a record as is certain to be followed by more.
 *
 * @example
 * const { records, held } = splitOutput(noOutput, Buffer.from('one\r\n\ntw'));
 * assert.deepStrictEqual(records.map(({ tag, text }) => `${tag} ${text}`), ['F one', 'F ']);
 * assert.deepStrictEqual(restOfOutput(held).map(({ tag, text }) => `${tag} ${text}`), ['P tw']);
 */
export const splitOutput = (held: Buffer, chunk: Buffer): SplitOutput => {
  const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
  const records: LogRecord[] = [];
  let start = 0;
  for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
    const line = bytes.subarray(start, end);
    const text = line.subarray(0, textLength(line));
    const rest = takePartials(text, text.length, records);
    records.push({ tag: 'F', text: rest });
    start = end + 1;
  }
  const unfinished = bytes.subarray(start);
  // A carriage return at the end is not yet known to be text.
  const rest = takePartials(unfinished, textLength(unfinished), records);
  // A copy, so that a short rest does not keep all that was read with it.
  return { records, held: Buffer.from(rest) };
};

/** What is held when there is nothing more to read: `P`, for no line feed ended it. */
export const restOfOutput = (held: Buffer): ReadonlyArray<LogRecord> => {
  if (held.length === 0) return [];
  const records: LogRecord[] = [];
  const rest = takePartials(held, held.length, records);
  return [...records, { tag: 'P', text: rest }];
};

const textLength = (line: Buffer): number => line.length - (line.at(-1) === carriageReturn ? 1 : 0);

/** Takes full pieces off the front while there are more than `mostText` of the bytes that count as text, and gives what is left. */
const takePartials = (bytes: Buffer, length: number, records: LogRecord[]): Buffer => {
  let start = 0;
  for (; length - start > mostText; start += mostText)
    records.push({ tag: 'P', text: bytes.subarray(start, start + mostText) });
  return bytes.subarray(start);
};
