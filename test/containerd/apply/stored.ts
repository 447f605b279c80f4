/** What lies on disk after a recovery. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLosslessNumber, parse, stringify } from 'lossless-json';
import type { TestNode } from '../harness/index.js';
import { isTimeField, type Known, pidOrigin, timeOrigin } from './origins.js';

/** The fields of a checkpoint in their order, values as JSON text, times and pid by origin; or a word for what is no checkpoint. */
export type StoredCheckpoint = ReadonlyArray<readonly [string, string]> | string;

const shown = (known: Known, field: string, value: unknown): string => {
  const number = isLosslessNumber(value) ? value.toString() : undefined;
  if (number !== undefined && isTimeField(field)) return timeOrigin(known, field, BigInt(number));
  if (number !== undefined && field === 'Pid') return pidOrigin(known, Number(number));
  return stringify(value) ?? 'undefined';
};

const fieldsOf = (known: Known, text: string): StoredCheckpoint => {
  try {
    const parsed = parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return text;
    return Object.entries(parsed).map(([field, value]) => [field, shown(known, field, value)] as const);
  } catch {
    return text;
  }
};

/** The container's checkpoint. */
export const storedCheckpoint = async (node: TestNode, id: string, known: Known): Promise<StoredCheckpoint> => {
  const path = join(node.criRoot, 'containers', id, 'status');
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return 'missing';
  if (stats.isDirectory()) return 'a directory';
  if (!stats.isFile()) return 'no file';
  const mode = stats.mode & 0o777;
  return mode === 0o600 ? fieldsOf(known, await readFile(path, 'utf8')) : `mode ${mode.toString(8)}`;
};

/** The names in a folder, sorted; none where there is no such folder. */
export const namesIn = async (path: string): Promise<ReadonlyArray<string>> =>
  (await readdir(path).catch(() => [])).sort();

/** What lies in the four base directories and beside them, ids by name. */
export const basesOf = async (
  node: TestNode,
  name: (id: string) => string,
): Promise<Readonly<Record<string, ReadonlyArray<string>>>> => {
  const bases: Record<string, ReadonlyArray<string>> = {};
  for (const [area, path] of [
    ['root', node.criRoot],
    ['state', node.criState],
  ] as const) {
    bases[area] = (await namesIn(path)).filter((entry) => entry !== 'netns');
    for (const kind of ['sandboxes', 'containers'])
      bases[`${area}/${kind}`] = (await namesIn(join(path, kind))).map(name).sort();
  }
  return bases;
};
