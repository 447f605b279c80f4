import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { describe, expect, it } from 'vitest';
import { jsonObject } from '../../src/codec/json.js';
import { decodeRecording, encodeRecording, recordingSchema } from '../../src/codec/recording.js';
import type { Checkpoint } from '../../src/core/container-status.js';
import type { PortError } from '../../src/core/failure.js';
import type { Observation, ObservedContainer } from '../../src/core/observation.js';
import { arbitraryObservation } from '../arbitraries/observation.js';
import { arbitraryUnsafeId } from '../arbitraries/text.js';
import { observationWith } from './observation-with.js';

const plain = (): string => encodeRecording(observationWith({}));

/** The plain recording with one piece of its text exchanged. */
const changed = (from: string | RegExp, to: string): string => {
  const text = plain().replace(from, () => to);
  if (text === plain()) throw new Error(`nothing to exchange for ${to}`);
  return text;
};

const errorOf = (text: string): string => {
  const result = decodeRecording(text);
  if (E.isRight(result)) throw new Error('this is a recording');
  return result.left;
};

describe('a recording', () => {
  it('holds the whole observation, but for the fields of a checkpoint that are not known', () => {
    const unknownLeft = (one: Observation['containers'][number]): typeof one =>
      E.map((container: ObservedContainer) => ({
        ...container,
        checkpoint: E.map((read: Checkpoint) => ({ ...read, rest: jsonObject([]) }))(container.checkpoint),
      }))(one);
    fc.assert(
      fc.property(arbitraryObservation, (observation) => {
        const text = encodeRecording(observation);
        const recorded = { ...observation, containers: observation.containers.map(unknownLeft) };
        assert.deepStrictEqual(decodeRecording(text), E.right(recorded));
        assert.strictEqual(encodeRecording(recorded), text);
      }),
    );
  });

  it('is read all the same where it holds more than is written now', () => {
    const config = '"config": { "envs": [{ "key": "A", "value": "hunter2" }] }, "rest": { "CNIResult": [1, 2] },';
    const text = plain()
      .replaceAll('"metadata": {', (start) => `${start} ${config}`)
      .replace(/"checkpoint": \{\s+"value": \{/, (start) => `${start} "rest": { "Resources": null },`)
      .replace('"node": {', (start) => `"later": [{}], ${start}`);
    expect(text.match(/"config"|"rest"|"later"/g)).toHaveLength(6);
    const read = decodeRecording(text);
    expect(read).toStrictEqual(E.right(observationWith({})));
    expect(pipe(read, E.map(encodeRecording))).toStrictEqual(E.right(plain()));
  });

  it('can be read and compared: schema first, two spaces, times as decimal strings, answers by name', () => {
    const document = JSON.parse(plain());
    expect(plain()).toBe(`${JSON.stringify(document, null, 2)}\n`);
    expect(Object.keys(document)).toStrictEqual([
      'schema',
      'node',
      'takenAt',
      'sandboxes',
      'containers',
      'images',
      'bases',
    ]);
    expect(document.schema).toBe('cri-recovery/recording@1');
    expect(document.takenAt).toBe('1700000000000000009');
    expect(document.sandboxes[0].value.netns).toStrictEqual({ value: true });
    expect(document.containers[0].value.record.attempt).toBe(1);
    expect(document.containers[0].value).not.toHaveProperty('processStartedAt');
    expect(document.containers[0].value.task.value).not.toHaveProperty('exitedAt');
  });

  it('keeps why a reading failed, without what was thrown', () => {
    const error: PortError = {
      _tag: 'Corrupt',
      port: 'tasks',
      operation: 'get',
      subject: 'c1',
      message: 'odd',
      foreignVersion: 'v2',
    };
    const text = encodeRecording(observationWith({ task: E.left({ ...error, cause: new Error('hunter2') }) }));
    expect(text).not.toContain('hunter2');
    expect(decodeRecording(text)).toStrictEqual(E.right(observationWith({ task: E.left(error) })));
  });

  it('keeps that a task is half deleted, and is read where it does not say', () => {
    const absent: PortError = { _tag: 'NotFound', port: 'tasks', operation: 'get', subject: 'c1', message: 'none' };
    for (const error of [{ ...absent, halfDeleted: true }, absent]) {
      const observation = observationWith({ task: E.left(error) });
      const text = encodeRecording(observation);
      expect(decodeRecording(text)).toStrictEqual(E.right(observation));
      expect(text.includes('"halfDeleted": true')).toBe('halfDeleted' in error);
    }
  });

  it('keeps a label named __proto__ and gives labels no prototype', () => {
    const text = encodeRecording(observationWith({ labels: { ['__proto__']: 'x', a: 'b' } }));
    const read = decodeRecording(text);
    if (E.isLeft(read) || read.right.containers[0]?._tag !== 'Right') throw new Error('unreadable');
    const { labels } = read.right.containers[0].right.record;
    expect(Object.entries(labels)).toStrictEqual([
      ['__proto__', 'x'],
      ['a', 'b'],
    ]);
    expect(labels.constructor).toBeUndefined();
  });
});

describe('what is no recording', () => {
  it.each([
    ['', 'not JSON: it is empty'],
    ['{ "schema": ', 'not JSON: it ends after 12 characters'],
    ['[]', 'not a recording: it names no schema'],
    ['{"schema":7}', 'not a recording: it names no schema'],
    [
      '{"schema":"cri-recovery/report@1"}',
      'not a recording: its schema is "cri-recovery/report@1", not cri-recovery/recording@1',
    ],
    [
      '{"schema":"cri-recovery/recording@2"}',
      'the recording is of a newer schema, cri-recovery/recording@2, than cri-recovery/recording@1, which is read here',
    ],
    [
      '{"schema":"cri-recovery/recording@0"}',
      'not a recording: its schema is "cri-recovery/recording@0", not cri-recovery/recording@1',
    ],
    [
      '{"schema":"cri-recovery/recording@01"}',
      'not a recording: its schema is "cri-recovery/recording@01", not cri-recovery/recording@1',
    ],
    ['['.repeat(1_001), 'not JSON that can be read: it is nested too deeply'],
    [`{"schema":"${recordingSchema}"}`, 'node: missing, expected a node (and 5 more)'],
  ])('%j says: %s', (text, message) => {
    expect(errorOf(text)).toBe(message);
  });

  it.each([
    [
      '"takenAt": "1700000000000000009"',
      '"takenAt": "9223372036854775808"',
      'takenAt: expected an int64 in a string, got a string',
    ],
    [
      '"takenAt": "1700000000000000009"',
      '"takenAt": 1700000000000000009',
      'takenAt: expected an int64 in a string, got 1700000000000000009',
    ],
    [
      '"takenAt": "1700000000000000009"',
      '"takenAt": "99999999999999999999"',
      'takenAt: expected an int64 in a string, got a string',
    ],
    ['"attempt": 1', '"attempt": -1', 'sandboxes[0].value.record.attempt: expected a uint32, got -1'],
    [
      '"state": "running"',
      '"state": "gone"',
      'sandboxes[0].value.task.value.state: expected one of unknown, created, running, stopped, paused, pausing, got a string',
    ],
    ['"size": 7', '"size": 9007199254740993', 'images[0].content.value.size: expected a size, got 9007199254740993'],
    ['"labels": {}', '"labels": { "a": 1 }', 'sandboxes[0].value.record.labels.a: expected a string, got 1'],
    [
      '"exitCode": 0',
      '"exitCode": 2147483648',
      'containers[0].value.checkpoint.value.status.exitCode: expected an int32, got 2147483648',
    ],
    [
      /"value": true/,
      '"values": true',
      'sandboxes[0].value.netns: expected an object with either a value or an error, got an object',
    ],
    [
      /"value": true/,
      '"value": true, "error": {}',
      'sandboxes[0].value.netns: expected an object with either a value or an error, got an object',
    ],
    [
      /"value": true/,
      '"error": {}',
      'sandboxes[0].value.netns.error._tag: missing, expected one of NotFound, Denied, Unavailable, TimedOut, Corrupt, NoSpace, Unexpected (and 4 more)',
    ],
    ['"id": "s1"', '"id": null', 'sandboxes[0].value.record.id: expected an id, got null'],
  ])('names the field when %s becomes %s', (from, to, message) => {
    expect(errorOf(changed(from, to))).toBe(message);
  });

  it('takes no time over digits without end', () => {
    const text = changed('"takenAt": "1700000000000000009"', `"takenAt": "${'9'.repeat(100_000)}"`);
    expect(errorOf(text)).toBe('takenAt: expected an int64 in a string, got a string');
  });

  it('is one with an id that is unsafe as a path', () => {
    fc.assert(
      fc.property(arbitraryUnsafeId, (unsafe) => {
        const line = errorOf(changed('"id": "s1"', `"id": ${JSON.stringify(unsafe)}`));
        assert.match(line, /^sandboxes\[0\]\.value\.record\.id: the id [^\n]*$/);
        assert.ok(line.length < 300);
      }),
    );
  });
});
