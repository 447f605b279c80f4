/** Logs of counters whose reader was killed: what is in them has to be what was written, but for what a reader that is killed had in its hands. */
import { firstNumber } from './mixed-node.js';

export interface Gap {
  /** The numbers of the last line before it and of the first after it. */
  readonly from: number;
  readonly to: number;
  /** How many bytes of what was written are missing. */
  readonly bytes: number;
  /** Pieces of lines between the two: where the reading broke off, and where it went on. */
  readonly pieces: ReadonlyArray<string>;
}

/**
 * Where lines that count up by one are missing. Every line is a number followed by `tail`. Throws where a line comes twice or out of order, or where
 * something is neither a line nor, at a gap, the beginning of the first one missing and the end of the last.
 */
export const gapsIn = (lines: ReadonlyArray<string>, tail = ''): ReadonlyArray<Gap> => {
  const gaps: Gap[] = [];
  const lineOf = (number: number): string => `${number}${tail}`;
  let last = firstNumber - 1;
  let pieces: string[] = [];
  for (const line of lines) {
    const number = Number(line.slice(0, 8));
    if (number < firstNumber || line !== lineOf(number)) {
      pieces.push(line);
      continue;
    }
    if (number <= last) throw new Error(`${number} comes after ${last}`);
    if (number === last + 1 && pieces.length > 0)
      throw new Error(`between ${last} and ${number}: ${JSON.stringify(shortened(pieces))}`);
    if (number > last + 1) {
      if (!isTorn(pieces, lineOf(last + 1), lineOf(number - 1), tail))
        throw new Error(`between ${last} and ${number}: ${JSON.stringify(shortened(pieces))}`);
      const there = pieces.reduce((sum, piece) => sum + piece.length, 0);
      gaps.push({ from: last, to: number, bytes: (number - last - 1) * lineOf(number).length - there, pieces });
    }
    pieces = [];
    last = number;
  }
  return gaps;
};

/**
 * The beginning of one and the end of the other, in one piece or two, either of them missing or not. Where two readers in a row were killed before
 * they had a whole line, there may be more of a long one between.
 */
const isTorn = (pieces: ReadonlyArray<string>, first: string, last: string, tail: string): boolean => {
  const [one = '', ...others] = pieces;
  const other = others.pop();
  if (others.some((piece) => tail === '' || !tail.includes(piece.replace(/^\d{1,8}/, '')))) return false;
  if (other !== undefined) return first.startsWith(one) && last.endsWith(other);
  for (let at = 0; at <= one.length; at += 1)
    if (first.startsWith(one.slice(0, at)) && last.endsWith(one.slice(at))) return true;
  return false;
};

const shortened = (pieces: ReadonlyArray<string>): ReadonlyArray<string> =>
  pieces.map((piece) => (piece.length > 60 ? `${piece.slice(0, 40)}… (${piece.length})` : piece));
