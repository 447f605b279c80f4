import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/codec/checkpoint.js';
import { jsonObject } from '../../src/codec/json.js';
import { lostStatus } from '../../src/core/container-status.js';
import { arbitraryCheckpoint } from '../arbitraries/checkpoint.js';

const decode = (text: string) => decodeCheckpoint(new TextEncoder().encode(text));
const malformed = (message: string) => E.left({ _tag: 'Malformed', message });

const common =
  '{"Version":"v1","Pid":4242,"CreatedAt":1700000000000000001,"StartedAt":1700000000000000003,"FinishedAt":0,"ExitCode":0,"Reason":"","Message":"a \\u003cb\\u003e \\u0026 c"';
const resources =
  '{"linux":{"cpu_period":100000,"cpu_quota":9223372036854775807,"memory_limit_in_bytes":0,"unified":{"memory.high":"max"}}}';

describe('a checkpoint', () => {
  it.each([
    ['before 1.6', `${common}}`],
    ['1.6 and 1.7', `${common},"Resources":null}`],
    ['1.6 and 1.7 after an update', `${common},"Resources":${resources}}`],
    ['2.1', `${common},"Resources":${resources},"Restore":false}`],
  ])('as containerd %s wrote it is written back byte for byte', (_release, text) => {
    expect(pipe(decode(text), E.map(encodeCheckpoint))).toStrictEqual(E.right(text));
  });

  it('keeps every nanosecond', () => {
    expect(
      pipe(
        decode(`${common}}`),
        E.map(({ status }) => status),
      ),
    ).toStrictEqual(
      E.right({
        pid: 4242,
        createdAt: 1700000000000000001n,
        startedAt: 1700000000000000003n,
        finishedAt: 0n,
        exitCode: 0,
        reason: '',
        message: 'a <b> & c',
        unknown: false,
      }),
    );
  });

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(arbitraryCheckpoint, (checkpoint) => {
        assert.deepStrictEqual(decode(encodeCheckpoint(checkpoint)), E.right(checkpoint));
      }),
    );
  });

  it('never holds the unknown flag', () => {
    const text = encodeCheckpoint({ status: lostStatus, rest: jsonObject([]) });
    expect(text).not.toMatch(/unknown"?:/i);
    expect(decode(text)).toStrictEqual(E.right({ status: { ...lostStatus, unknown: false }, rest: jsonObject([]) }));
    expect(
      pipe(
        decode('{"Version":"v1","Unknown":true}'),
        E.map(({ status }) => status.unknown),
      ),
    ).toStrictEqual(E.right(false));
  });

  it.each([
    ['{"Version":"v2"}', 'v2'],
    ['{"version":"v10","Pid":"none","CreatedAt":{"seconds":1}}', 'v10'],
    ['{"Version":"v1","VERSION":"V1"}', 'V1'],
  ])('%s is of the foreign version %s', (text, version) => {
    const message = `version "${version}" is not known here, only v1 is`;
    expect(decode(text)).toStrictEqual(E.left({ _tag: 'ForeignVersion', version, message }));
  });

  it.each([
    ['', 'not JSON: it is empty'],
    ['{"Version":"v2","Pid":', 'not JSON: it ends after 22 characters'],
    ['\0\0\0\0', 'not JSON at character 0 of 4, a NUL'],
    ['{}', 'the version is missing'],
    ['null', 'the version is missing'],
    ['{"Version":""}', 'the version is missing'],
    ['{"Version":null,"Pid":1}', 'the version is missing'],
    ['{"Version":2}', 'Version: expected a string, got 2'],
    ['[]', 'expected an object, got a list'],
    ['{"Version":"v1","ExitCode":4294967296}', 'ExitCode: expected an int32, got 4294967296'],
    ['{"Version":"v1","pid":"1"}', 'Pid: expected a uint32, got a string'],
    ['{"Version":"v1","Reason":false,"Message":1}', 'Reason: expected a string, got a boolean (and 1 more)'],
  ])('%j is malformed: %s', (text, message) => {
    expect(decode(text)).toStrictEqual(malformed(message));
  });

  it('is malformed wherever it was cut', () => {
    const text = `${common},"Resources":null}`;
    for (let length = 0; length < text.length; length++)
      expect(decode(text.slice(0, length))).toMatchObject({ left: { _tag: 'Malformed' } });
  });
});
