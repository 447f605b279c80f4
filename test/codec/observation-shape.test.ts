/** Every part of a recording by its name, and every word that may stand in it. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { decodeRecording, encodeRecording } from '../../src/codec/recording.js';
import { observationWith } from './observation-with.js';

type Path = ReadonlyArray<string | number>;

/** The plain recording with another value at a place. */
const replaced = (path: Path, value: unknown): string => {
  const document = JSON.parse(encodeRecording(observationWith({})));
  const [last = '', ...above] = [...path].reverse();
  const parent = above.reverse().reduce((part, key) => part[key], document);
  parent[last] = value;
  return JSON.stringify(document);
};

const readingOf = (path: string, value: unknown): string => {
  const keys = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  const read = decodeRecording(replaced(keys, value));
  return E.isLeft(read) ? read.left : 'it is read';
};

const placeOf = (path: string): string => path.replaceAll(/\.(\d+)/g, '[$1]');

const either = 'an object with either a value or an error';
const record = [
  ['id', 'an id'],
  ['name', 'a string'],
  ['createdAt', 'an int64 in a string'],
  ['attempt', 'a uint32'],
  ['labels', 'an object of strings'],
  ['snapshotter', 'a string'],
  ['snapshotKey', 'a string'],
  ['runtime', 'a string'],
] as const;
const task = [
  ['', 'a task'],
  ['.id', 'a string'],
  ['.pid', 'a uint32'],
  ['.exitStatus', 'a uint32'],
  ['.exitedAt', 'an int64 in a string'],
  ['.stdio', 'the streams of a task'],
  ['.stdio.stdin', 'a string'],
  ['.stdio.stdout', 'a string'],
  ['.stdio.stderr', 'a string'],
  ['.stdio.terminal', 'a boolean'],
] as const;

const parts: ReadonlyArray<readonly [string, string]> = [
  ['node', 'a node'],
  ...['containerd', 'namespace', 'root', 'state'].map((key) => [`node.${key}`, 'a string'] as const),
  ['takenAt', 'an int64 in a string'],
  ...['sandboxes', 'containers', 'images', 'bases'].map((key) => [key, 'a list'] as const),
  ['sandboxes.0', either],
  ['sandboxes.0.value', 'a sandbox'],
  ['containers.0', either],
  ['containers.0.value', 'a container'],
  ...['sandboxes', 'containers'].flatMap((kind) => [
    [`${kind}.0.value.record`, 'a record'] as const,
    ...record.map(([key, name]) => [`${kind}.0.value.record.${key}`, name] as const),
    [`${kind}.0.value.task`, either] as const,
    ...task.map(([key, name]) => [`${kind}.0.value.task.value${key}`, name] as const),
  ]),
  ['sandboxes.0.value.record.metadata', 'sandbox metadata'],
  ...['id', 'name', 'netnsPath', 'ip', 'runtimeHandler'].map(
    (key) => [`sandboxes.0.value.record.metadata.${key}`, 'a string'] as const,
  ),
  ['sandboxes.0.value.record.metadata.hostNetwork', 'a boolean'],
  ['sandboxes.0.value.netns', either],
  ['sandboxes.0.value.netns.value', 'a boolean'],
  ['containers.0.value.record.metadata', 'container metadata'],
  ...['id', 'name', 'sandboxId', 'imageRef', 'logPath', 'stopSignal'].map(
    (key) => [`containers.0.value.record.metadata.${key}`, 'a string'] as const,
  ),
  ...['tty', 'stdin'].map((key) => [`containers.0.value.record.metadata.${key}`, 'a boolean'] as const),
  ['containers.0.value.checkpoint', either],
  ['containers.0.value.checkpoint.value', 'a checkpoint'],
  ['containers.0.value.checkpoint.value.status', 'a status'],
  ...['createdAt', 'startedAt', 'finishedAt'].map(
    (key) => [`containers.0.value.checkpoint.value.status.${key}`, 'an int64 in a string'] as const,
  ),
  ...['reason', 'message'].map((key) => [`containers.0.value.checkpoint.value.status.${key}`, 'a string'] as const),
  ['containers.0.value.checkpoint.value.status.pid', 'a uint32'],
  ['containers.0.value.checkpoint.value.status.exitCode', 'an int32'],
  ['containers.0.value.checkpoint.value.status.unknown', 'a boolean'],
  ['containers.0.value.processStartedAt', either],
  ['images.0', 'an image'],
  ['images.0.record', 'an image record'],
  ['images.0.record.name', 'a string'],
  ['images.0.record.target', 'a string'],
  ['images.0.record.labels', 'an object of strings'],
  ['images.0.content', either],
  ['images.0.content.value', 'image content'],
  ['images.0.content.value.id', 'a string'],
  ['images.0.content.value.chainId', 'a string'],
  ['images.0.content.value.size', 'a size'],
  ['images.0.content.value.missing', 'a list'],
  ['images.0.content.value.unpacked', 'a boolean'],
  ['bases.0', 'a base directory'],
  ['bases.0.path', 'a string'],
  ['bases.0.entries', either],
  ['bases.0.entries.value', 'a list'],
  ['bases.0.entries.value.0', 'a directory entry'],
  ['bases.0.entries.value.0.name', 'a string'],
  ['bases.0.entries.value.0.mounts', 'a list'],
];

describe('a part of a recording', () => {
  it.each(parts)('%s is %s', (path, name) => {
    expect(readingOf(path, -0.5)).toBe(`${placeOf(path)}: expected ${name}, got -0.5`);
  });

  it('is no text where it is a list of one', () => {
    expect(readingOf('takenAt', ['7'])).toBe('takenAt: expected an int64 in a string, got a list');
  });

  it('is an error where a value could not be read', () => {
    expect(readingOf('containers.0.value.task', { error: true })).toBe(
      'containers[0].value.task.error: expected a port error, got a boolean',
    );
    expect(readingOf('containers.0', { error: true })).toBe(
      'containers[0].error: expected an item failure, got a boolean',
    );
  });
});

const portError = { _tag: 'NotFound', port: 'tasks', operation: 'get', subject: 'c1', message: 'none' };
const failure = { kind: 'image', id: 'x', tag: 'UnsafeId', message: 'odd' };

/** A word at a place, alone or as a part of an error there. */
const choices: ReadonlyArray<readonly [string, ReadonlyArray<string>, (word: string) => unknown, string]> = [
  ...(['_tag', 'port'] as const).map(
    (key) =>
      [
        'containers.0.value.task',
        key === 'port'
          ? [
              ...['daemon', 'containers', 'tasks', 'checkpoints', 'directories', 'images', 'host', 'exits'],
              ...['container-io', 'lock'],
            ]
          : ['NotFound', 'Denied', 'Unavailable', 'TimedOut', 'Corrupt', 'NoSpace', 'Unexpected'],
        (word: string) => ({ error: { ...portError, [key]: word } }),
        `.error.${key}`,
      ] as const,
  ),
  [
    'containers.0',
    ['sandbox', 'container', 'image', 'directory'],
    (kind) => ({ error: { ...failure, kind } }),
    '.error.kind',
  ],
  [
    'containers.0',
    [
      ...['UnsafeId', 'MetadataMissing', 'MetadataUnreadable', 'DuplicateId', 'CheckpointWriteFailed'],
      ...['ImageUnreadable', 'DirectoryUnreadable'],
    ],
    (tag) => ({ error: { ...failure, tag } }),
    '.error.tag',
  ],
  [
    'containers.0.value.task.value.state',
    ['unknown', 'created', 'running', 'stopped', 'paused', 'pausing'],
    (word) => word,
    '',
  ],
  ['bases.0.entries.value.0.type', ['directory', 'file', 'link', 'other'], (word) => word, ''],
  ['bases.0.kind', ['sandbox', 'container'], (word) => word, ''],
  ['bases.0.area', ['root', 'state'], (word) => word, ''],
];

describe('a word of a recording', () => {
  it.each(choices)('at %s may be one of %j', (path, words, holding, below) => {
    for (const word of words) expect(readingOf(path, holding(word))).toBe('it is read');
    expect(readingOf(path, holding(''))).toBe(
      `${placeOf(path)}${below}: expected one of ${words.join(', ')}, got a string`,
    );
  });
});
