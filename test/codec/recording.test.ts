import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { describe, expect, it } from 'vitest';
import { jsonObject } from '../../src/codec/json.js';
import { maskObservation } from '../../src/codec/mask.js';
import { decodeContainerMetadata } from '../../src/codec/metadata.js';
import { decodeRecording, encodeRecording, recordingSchema } from '../../src/codec/recording.js';
import type { ItemFailure, PortError } from '../../src/core/failure.js';
import { arbitraryObservation } from '../arbitraries/observation.js';
import { arbitraryUnsafeId } from '../arbitraries/text.js';
import { observationWith } from './observation-with.js';

const plain = encodeRecording(observationWith({}), { mask: false });

/** The plain recording with one piece of its text exchanged. */
const changed = (from: string | RegExp, to: string): string => {
  const text = plain.replace(from, () => to);
  if (text === plain) throw new Error(`nothing to exchange for ${to}`);
  return text;
};

const errorOf = (text: string): string => {
  const result = decodeRecording(text);
  if (E.isRight(result)) throw new Error('this is a recording');
  return result.left;
};

describe('a recording', () => {
  it('holds the whole observation', () => {
    fc.assert(
      fc.property(arbitraryObservation, (observation) => {
        const text = encodeRecording(observation, { mask: false });
        assert.deepStrictEqual(decodeRecording(text), E.right(observation));
        assert.deepStrictEqual(
          pipe(
            decodeRecording(text),
            E.map((o) => encodeRecording(o, { mask: false })),
          ),
          E.right(text),
        );
      }),
    );
  });

  it('holds all but what is masked', () => {
    fc.assert(
      fc.property(arbitraryObservation, (observation) => {
        const masked = maskObservation(observation);
        assert.deepStrictEqual(decodeRecording(encodeRecording(observation, { mask: true })), E.right(masked));
        assert.deepStrictEqual(maskObservation(masked), masked);
      }),
    );
  });

  it('can be read and compared: schema first, two spaces, times as decimal strings, answers by name', () => {
    const document = JSON.parse(plain);
    expect(plain).toBe(`${JSON.stringify(document, null, 2)}\n`);
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
    const text = encodeRecording(observationWith({ task: E.left({ ...error, cause: new Error('hunter2') }) }), {
      mask: false,
    });
    expect(text).not.toContain('hunter2');
    expect(decodeRecording(text)).toStrictEqual(E.right(observationWith({ task: E.left(error) })));
  });

  it('keeps a label named __proto__ and gives labels no prototype', () => {
    const text = encodeRecording(observationWith({ labels: { ['__proto__']: 'x', a: 'b' } }), { mask: true });
    const read = decodeRecording(text);
    if (E.isLeft(read) || read.right.containers[0]?._tag !== 'Right') throw new Error('unreadable');
    const { labels } = read.right.containers[0].right.record;
    expect(Object.entries(labels)).toStrictEqual([
      ['__proto__', 'x'],
      ['a', 'b'],
    ]);
    expect(labels.constructor).toBeUndefined();
  });

  it('can be as deep as the deepest metadata and still be read', () => {
    const depth = 997;
    const bytes = new TextEncoder().encode(
      `{"Version":"v1","Metadata":{"Config":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}}`,
    );
    const decoded = decodeContainerMetadata(bytes);
    if (E.isLeft(decoded)) throw new Error(decoded.left);
    const text = encodeRecording(observationWith({ config: decoded.right.metadata.config }), { mask: true });
    const again = pipe(
      decodeRecording(text),
      E.map((observation) => encodeRecording(observation, { mask: true }) === text),
    );
    expect(again).toStrictEqual(E.right(true));
  });
});

describe('a masked recording', () => {
  const secret = 'hunter2-hunter2';
  const config = jsonObject([
    [
      'ENVS',
      [
        jsonObject([
          ['key', 'PASSWORD'],
          ['Value', secret],
        ]),
      ],
    ],
    ['annotations', jsonObject([['token', secret]])],
  ]);

  it('holds the secrets of no config, rest or checkpoint', () => {
    const observation = observationWith({ config, rest: jsonObject([['Config2', config]]), checkpointRest: config });
    expect(encodeRecording(observation, { mask: false })).toContain(secret);
    const text = encodeRecording(observation, { mask: true });
    expect(text).not.toContain(secret);
    expect(text).toContain('PASSWORD');
    expect(text).toContain('token');
  });

  it('holds none through the failure of metadata that could not be decoded', () => {
    for (const broken of [
      `{"Version":"v1","Metadata":{"Config":{"tty":"${secret}","envs":[{"key":"A","value":"${secret}"}]}}}`,
      `{"Version":"v1","Metadata":{"Config":{"envs":[{"key":"A","value":"${secret}`,
      `{"Version":"v1","Metadata":"${secret}"}`,
    ]) {
      const decoded = decodeContainerMetadata(new TextEncoder().encode(broken));
      if (E.isRight(decoded)) throw new Error('this is not broken');
      const failure: ItemFailure = { kind: 'container', id: 'c1', tag: 'MetadataUnreadable', message: decoded.left };
      const text = encodeRecording({ ...observationWith({}), containers: [E.left(failure)] }, { mask: true });
      expect(text).not.toContain('hunter2');
    }
  });
});

describe('what is no recording', () => {
  it.each([
    ['', 'not JSON: it is empty'],
    [plain.slice(0, 100), 'not JSON: it ends after 100 characters'],
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
      `"takenAt": "${'9'.repeat(100_000)}"`,
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
