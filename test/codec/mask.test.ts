import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { encodeJson, parseJson } from '../../src/codec/json.js';
import { maskObservation } from '../../src/codec/mask.js';
import { isJsonObject, type JsonObject } from '../../src/core/json.js';
import { observationWith } from './observation-with.js';

const object = (text: string): JsonObject => {
  const json = parseJson(text);
  if (E.isLeft(json) || !isJsonObject(json.right)) throw new Error(text);
  return json.right;
};

/** The JSON text after masking, and it must be the same wherever the object stands. */
const masked = (text: string): string => {
  const json = object(text);
  const { containers, sandboxes } = maskObservation(
    observationWith({ config: json, rest: json, checkpointRest: json }),
  );
  const [container] = containers;
  const [sandbox] = sandboxes;
  if (container?._tag !== 'Right' || sandbox?._tag !== 'Right') throw new Error('lost');
  const { record, checkpoint } = container.right;
  const places = [record.metadata, sandbox.right.record.metadata].flatMap(({ config, rest }) => [config, rest]);
  const stored = E.isRight(checkpoint) ? [checkpoint.right.rest] : [];
  const texts = new Set([...places, ...stored].map(encodeJson));
  expect(texts.size).toBe(1);
  return [...texts].join();
};

describe('masking', () => {
  it.each([
    [
      '{"envs":[{"key":"A","value":"s3cret"},{"key":"B","value":""}]}',
      '{"envs":[{"key":"A","value":"masked"},{"key":"B","value":"masked"}]}',
    ],
    ['{"annotations":{"a/b":"s3cret","c":null}}', '{"annotations":{"a/b":"masked","c":null}}'],
    ['{"annotations":{"__proto__":"s3cret"}}', '{"annotations":{"__proto__":"masked"}}'],
    ['{"image":{"image":"i","annotations":{"a":"s3cret"}}}', '{"image":{"image":"i","annotations":{"a":"masked"}}}'],
  ])('hides the values and keeps the keys of %s', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    ['{"ENVS":[{"Key":"A","VALUE":"s3cret"}]}', '{"ENVS":[{"Key":"A","VALUE":"masked"}]}'],
    ['{"env\u017f":[{"\u212aey":"A","value":"s3cret"}]}', '{"env\u017f":[{"\u212aey":"A","value":"masked"}]}'],
    ['{"Annotation\u017f":{"a":"s3cret"}}', '{"Annotation\u017f":{"a":"masked"}}'],
  ])('reads keys as Go does: %s', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    ['{"envs":["A=s3cret",["s3cret"],7,null]}', '{"envs":["masked","masked","masked",null]}'],
    ['{"envs":[{"key":{"value":"s3cret"},"val":"s3cret"}]}', '{"envs":[{"key":"masked","val":"masked"}]}'],
    ['{"envs":{"A":"s3cret"}}', '{"envs":"masked"}'],
    ['{"envs":"s3cret","annotations":"s3cret"}', '{"envs":"masked","annotations":"masked"}'],
    ['{"annotations":{"a":{"b":"s3cret"}}}', '{"annotations":{"a":"masked"}}'],
    ['{"Spec":[{"process":{"env":["A=s3cret"]}}]}', '{"Spec":[{"process":{"env":["masked"]}}]}'],
  ])('hides what has an unexpected shape or place whole: %s', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    '{"labels":{"env":"prod","annotations":"x"},"tty":true,"log_path":"0.log","mounts":[{"host_path":"/a"}],"envs":null}',
  ])('leaves everything else: %s', (text) => {
    expect(masked(text)).toBe(text);
  });
});
