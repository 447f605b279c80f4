/** CRI logs as tests read them. */
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** The lines of a stream as its container wrote them, put together from the records of one or more files; every record must be whole. */
export const writtenLines = (
  paths: ReadonlyArray<string>,
  stream: 'stdout' | 'stderr' = 'stdout',
): ReadonlyArray<string> => {
  const written = paths.filter((path) => existsSync(path)).flatMap((path) => textsIn(path, stream));
  const lines = written.join('').split('\n');
  lines.pop();
  return lines;
};

const record = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([PF]) (.*)$/s;

const textsIn = (path: string, stream: string): ReadonlyArray<string> => {
  const records = readFileSync(path, 'latin1').split('\n');
  expect(records.pop(), `the end of ${path}`).toBe('');
  expect(
    records.filter((line) => !record.test(line)),
    `what is no record in ${path}`,
  ).toEqual([]);
  return records.flatMap((line) => {
    const [, name, tag, text = ''] = record.exec(line) ?? [];
    return name === stream ? [tag === 'F' ? `${text}\n` : text] : [];
  });
};

/** Fails unless the lines count up from the first on, none missing and none twice. */
export const expectCounting = (lines: ReadonlyArray<string>, from?: number): void => {
  const numbers = lines.map(Number);
  const first = from ?? numbers[0] ?? 0;
  const odd = numbers.findIndex((number, index) => number !== first + index);
  const around = lines.slice(Math.max(0, odd - 2), odd + 3);
  expect({ odd, around: odd < 0 ? [] : around }).toEqual({ odd: -1, around: [] });
};
