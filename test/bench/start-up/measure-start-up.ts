/** What each entry point adds to the start of a Node process. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { runChild } from '../measure/child.js';
import { median, spread, table } from '../measure/figures.js';
import { interleaved } from '../measure/interleaved.js';
import type { Part } from '../measure/part.js';
import { type EntryPoint, entryPoints } from './entry-points.js';

const run = promisify(execFile);
export const plain = 'node -e 0';

/** Milliseconds from the start to the end of a process that imports it and ends, by its name; and of one that does nothing. */
export const startUpTimes = (
  entries: ReadonlyArray<EntryPoint>,
  rounds: number,
  signal: AbortSignal,
): Promise<Readonly<Record<string, ReadonlyArray<number>>>> => {
  const timed = (args: ReadonlyArray<string>) => async (): Promise<number> => {
    const began = performance.now();
    await run(process.execPath, args, { signal });
    return performance.now() - began;
  };
  const starts = entries.map(({ name, path }) => [name, timed([path])] as const);
  return interleaved(rounds, { [plain]: timed(['-e', '0']), ...Object.fromEntries(starts) });
};

const mostAbovePlain = 60;

export const measureStartUp: Part = async ({ signal }) => {
  const entries = entryPoints('package.json');
  const times = await startUpTimes(entries, 11, signal);
  const alone = times[plain] ?? [];
  const above = (name: string): number => median(times[name] ?? []) - median(alone);
  const rows = [[plain, spread(alone), '0', '0']];
  for (const { name, path } of entries) {
    const modules = await runChild<number>('module-count-process', path, { signal });
    rows.push([name, spread(times[name] ?? []), above(name).toFixed(0), `${modules}`]);
  }
  console.log(`${table(['entry point', 'ms', 'above plain Node, ms', 'modules'], rows)}\n`);
  return [
    { what: 'start-up: root entry point above plain Node', value: above('.'), atMost: mostAbovePlain, unit: ' ms' },
  ];
};
