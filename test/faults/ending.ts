/** Where a run ends: what it told and the node it left, one line for each thing, so that two ends can be laid side by side. */
import { isDeepStrictEqual } from 'node:util';
import type { FakeNode } from '../../src/testing/index.js';
import { directoryItem } from './item.js';

/** What a run tells of each item, by `container c1` and the like. */
export type Told = ReadonlyMap<string, unknown>;

/** Everything that can be said of an end, each aspect of each item on its own. */
export interface Ending {
  readonly lines: ReadonlyMap<string, Line>;
  /** When the runs so far began. What is guessed is guessed to be one of these times, so they all read `now`. */
  readonly times: ReadonlyArray<bigint>;
}

interface Line {
  readonly item: string;
  readonly aspect: string;
  readonly value: unknown;
}

export const endingOf = (told: Told, node: FakeNode, times: ReadonlyArray<bigint>): Ending => {
  const lines: ReadonlyArray<readonly [string, string, unknown]> = [
    ...[...told].map(([item, value]) => [item, 'told', value] as const),
    ...node.containers.flatMap(({ record: { id }, task, halfDeleted = false, checkpoint }) => [
      [`container ${id}`, 'task', halfDeleted ? 'half deleted' : task] as const,
      [`container ${id}`, 'checkpoint', checkpoint] as const,
      [`container ${id}`, 'kept aside', node.keptAside.filter((kept) => kept.id === id)] as const,
    ]),
    ...node.sandboxes.map(
      ({ record, task, halfDeleted = false }) =>
        [`sandbox ${record.id}`, 'task', halfDeleted ? 'half deleted' : task] as const,
    ),
    ...node.images.map(({ record }) => [`image ${record.name}`, 'record', record] as const),
    ...node.directories.map((entry) => [directoryItem(entry), 'entry', entry] as const),
    ...node.quarantined.map((entry) => [directoryItem(entry), 'quarantined', entry] as const),
    ['node', 'processes', node.processes],
    ['node', 'missing bases', node.missingBases],
  ];
  return {
    lines: new Map(lines.map(([item, aspect, value]) => [`${item}, ${aspect}`, { item, aspect, value }])),
    times,
  };
};

const textOf = ({ lines, times }: Ending, key: string): string => show(lines.get(key)?.value, times);

const show = (value: unknown, times: ReadonlyArray<bigint>): string =>
  JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return times.includes(part) ? 'now' : String(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  }) ?? nothing;

const nothing = 'nothing';

export interface Difference {
  readonly item: string;
  readonly aspect: string;
  readonly expected: string;
  readonly found: string;
}

/** What is otherwise than in every one of the ends that would have been right. */
export const differencesFrom = (rights: ReadonlyArray<Ending>, found: Ending): ReadonlyArray<Difference> => {
  const lines = new Map([...rights, found].flatMap((ending) => [...ending.lines]));
  return [...lines].flatMap(([key, { item, aspect }]) => {
    if (rights.some((right) => isDeepStrictEqual(right.lines.get(key)?.value, found.lines.get(key)?.value))) return [];
    const text = textOf(found, key);
    const expected = [...new Set(rights.map((right) => textOf(right, key)))];
    return expected.includes(text) ? [] : [{ item, aspect, expected: expected.join(' or '), found: text }];
  });
};
