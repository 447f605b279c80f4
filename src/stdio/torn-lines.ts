/** What becomes of lines when the disk took only some of their bytes. */
import { Buffer } from 'node:buffer';
import type { LogLines } from './log-lines.js';

export interface Remains {
  /** The rest of the one line that has begun in the file; it is owed, or the next line would be glued to it. Empty where there is none. */
  readonly owed: Buffer;
  /** How many bytes of that line are in the file. */
  readonly taken: number;
  /** Whole lines of which nothing is in the file. */
  readonly dropped: number;
}

/** Nothing but whole lines in the file. */
export const untorn: Remains = { owed: Buffer.alloc(0), taken: 0, dropped: 0 };

/** What remains of a write of what was owed and then some lines, of which `written` bytes arrived. */
export const remainsOf = (before: Remains, lines: LogLines, written: number): Remains => {
  if (written < before.owed.length)
    return {
      owed: before.owed.subarray(written),
      taken: before.taken + written,
      dropped: lines.ends.length,
    };
  const offset = written - before.owed.length;
  const complete = lines.ends.findIndex((end) => end > offset);
  if (complete === -1) return untorn;
  const taken = offset - (lines.ends[complete - 1] ?? 0);
  const dropped = lines.ends.length - complete;
  if (taken === 0) return { ...untorn, dropped };
  // A copy, so that it does not keep all the lines.
  return { owed: Buffer.from(lines.bytes.subarray(offset, lines.ends[complete])), taken, dropped: dropped - 1 };
};
