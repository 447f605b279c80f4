import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { describe, expect, it } from 'vitest';
import { describeErrors } from '../../src/codec/decode-error.js';
import { goBool, goInt32, goInt64, goString, goStruct, goUint32, viewed } from '../../src/codec/go-struct.js';
import { encodeJson, jsonObject, parseJson } from '../../src/codec/json.js';

const task = goStruct('a task', { Pid: goUint32, Skips: goInt32, At: goInt64, Why: goString, Tty: goBool });
const zero = { Pid: 0, Skips: 0, At: 0n, Why: '', Tty: false };

const read = (text: string) =>
  pipe(
    parseJson(text),
    E.chain((json) => pipe(task.decode(json), E.mapLeft(describeErrors))),
  );

const fieldsOf = (text: string) =>
  pipe(
    read(text),
    E.map(({ fields }) => fields),
  );

describe('a Go struct', () => {
  it.each(['{}', 'null', '{"Pid":null,"Skips":null,"At":null,"Why":null,"Tty":null}'])(
    'has zero values after %s',
    (text) => {
      expect(fieldsOf(text)).toStrictEqual(E.right(zero));
    },
  );

  it.each(['Skips', 'skips', 'SKIPS', 's\u212aips', 'SKIP\u017f', '\u017f\u212aIP\u017f'])(
    'takes the key %s for Skips',
    (key) => {
      expect(fieldsOf(JSON.stringify({ [key]: 7 }))).toStrictEqual(E.right({ ...zero, Skips: 7 }));
    },
  );

  it.each(['Skıps', 'Skİps', 'Skips ', 'sk-ips', 'ﬆkips'])('does not take the key %s for Skips', (key) => {
    expect(fieldsOf(JSON.stringify({ [key]: 7 }))).toStrictEqual(E.right(zero));
  });

  it('lets the last of several spellings win, unless it is null', () => {
    expect(fieldsOf('{"pid":1,"Pid":2}')).toStrictEqual(E.right({ ...zero, Pid: 2 }));
    expect(fieldsOf('{"Pid":2,"pid":1}')).toStrictEqual(E.right({ ...zero, Pid: 1 }));
    expect(fieldsOf('{"pid":1,"Pid":null}')).toStrictEqual(E.right({ ...zero, Pid: 1 }));
  });

  it('is unreadable when any spelling has the wrong type', () => {
    expect(read('{"pid":"1","Pid":2}')).toStrictEqual(E.left('Pid: expected a uint32, got a string'));
  });

  it('keeps unknown keys in order and writes them after its own', () => {
    const json = '{"zeta":{"n":1e5},"__proto__":[1.0],"pid":3,"Alpha":null}';
    const result = read(json);
    expect(E.isRight(result) && encodeJson(result.right.rest)).toBe(
      '{"zeta":{"n":1e5},"__proto__":[1.0],"Alpha":null}',
    );
    expect(E.isRight(result) && encodeJson(task.encode(result.right))).toBe(
      '{"Pid":3,"Skips":0,"At":0,"Why":"","Tty":false,"zeta":{"n":1e5},"__proto__":[1.0],"Alpha":null}',
    );
  });

  it('writes nothing of the rest over a field of its own', () => {
    const written = task.encode({
      fields: { ...zero, Pid: 3 },
      rest: jsonObject([
        ['Pid', 'x'],
        ['tTY', 'x'],
        ['b', 'x'],
      ]),
    });
    expect(encodeJson(written)).toBe('{"Pid":3,"Skips":0,"At":0,"Why":"","Tty":false,"b":"x"}');
  });

  it.each([
    ['4294967295', 'Pid', 4294967295],
    ['-2147483648', 'Skips', -2147483648],
    ['2147483647', 'Skips', 2147483647],
    ['-0', 'Skips', 0],
    ['9223372036854775807', 'At', 9223372036854775807n],
    ['-9223372036854775808', 'At', -9223372036854775808n],
    ['-0', 'At', 0n],
  ])('reads %s as %s', (digits, field, value) => {
    expect(fieldsOf(`{"${field}":${digits}}`)).toStrictEqual(E.right({ ...zero, [field]: value }));
  });

  it.each([
    ['4294967296', 'Pid', 'a uint32'],
    ['-1', 'Pid', 'a uint32'],
    ['-0', 'Pid', 'a uint32'],
    ['1.0', 'Pid', 'a uint32'],
    ['1e2', 'Skips', 'an int32'],
    ['2147483648', 'Skips', 'an int32'],
    ['-2147483649', 'Skips', 'an int32'],
    ['9223372036854775808', 'At', 'an int64'],
    ['-9223372036854775809', 'At', 'an int64'],
    ['1', 'Why', 'a string'],
    ['0', 'Tty', 'a boolean'],
  ])('does not read %s as %s', (digits, field, expected) => {
    expect(read(`{"${field}":${digits}}`)).toStrictEqual(E.left(`${field}: expected ${expected}, got ${digits}`));
  });

  it.each([
    ['"secret"', 'a string'],
    ['true', 'a boolean'],
    ['[1]', 'a list'],
    ['{"a":1}', 'an object'],
  ])('tells of %s only that it is %s', (value, kind) => {
    expect(read(`{"At":${value}}`)).toStrictEqual(E.left(`At: expected an int64, got ${kind}`));
  });

  it.each(['[]', '"x"', '1', 'true'])('is no %s', (text) => {
    expect(E.isLeft(read(text))).toBe(true);
  });
});

describe('a viewed struct', () => {
  const config = viewed(goStruct('an object', { tty: goBool }));

  it('keeps the object as it was beside what was read of it', () => {
    const outer = goStruct('an object', { Config: config });
    const json = parseJson('{"config":{"TTY":true,"image":{}}}');
    const result = pipe(json, E.chainW(outer.decode));
    expect(E.isRight(result) && result.right.fields.Config.view).toStrictEqual({ tty: true });
    expect(E.isRight(result) && encodeJson(outer.encode(result.right))).toBe('{"Config":{"TTY":true,"image":{}}}');
  });

  it('is an empty object where there is none', () => {
    expect(config.decode(undefined)).toStrictEqual(E.right({ view: { tty: false }, whole: jsonObject([]) }));
  });
});
