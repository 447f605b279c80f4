/** What a masked recording hides and what it does not, place by place: who sends one to somebody else has to know. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { decodeCheckpoint } from '../../src/codec/checkpoint.js';
import { decodeContainerMetadata, decodeSandboxMetadata } from '../../src/codec/metadata.js';
import { decodeRecording, encodeRecording } from '../../src/index.js';
import { fakeContainer, fakeImage, fakeNode, fakeSandbox, observationOf } from '../../src/testing/index.js';

const secret = 'hunter2-hunter2';
const put = (template: string): Uint8Array => Buffer.from(template.replaceAll('SECRET', secret));

const right = <A>(read: E.Either<unknown, A>): A => {
  if (E.isLeft(read)) throw new Error(JSON.stringify(read.left));
  return read.right;
};

const metadata = (fields: string): Uint8Array => put(`{"Version":"v1","Metadata":{"ID":"x",${fields}}}`);

/** A recording of a node with these fields in what is stored. */
const recordingWith = (given: {
  readonly container?: string;
  readonly sandbox?: string;
  readonly checkpoint?: string;
}) => {
  const container = fakeContainer({ id: 'c', sandboxId: 's' });
  const sandbox = fakeSandbox({ id: 's' });
  const containerMetadata = right(decodeContainerMetadata(metadata(given.container ?? '"Name":"c"'))).metadata;
  const sandboxMetadata = right(decodeSandboxMetadata(metadata(given.sandbox ?? '"Name":"s"'))).metadata;
  const checkpoint = right(decodeCheckpoint(put(`{"Version":"v1"${given.checkpoint ?? ''}}`)));
  const node = fakeNode({
    sandboxes: [{ ...sandbox, record: { ...sandbox.record, metadata: sandboxMetadata } }],
    containers: [
      {
        ...container,
        record: { ...container.record, metadata: containerMetadata },
        checkpoint: { _tag: 'Sound', checkpoint },
      },
    ],
  });
  return observationOf(node);
};

const isHidden = (observation: ReturnType<typeof recordingWith>): boolean => {
  const [masked, unmasked] = [true, false].map((mask) => encodeRecording(observation, { mask }));
  expect(unmasked).toContain(secret);
  expect(E.isRight(decodeRecording(masked ?? ''))).toBe(true);
  return !masked?.includes(secret);
};

const inContainers: Readonly<Record<string, string>> = {
  'an environment variable': '"Config":{"envs":[{"key":"A","value":"SECRET"}]}',
  'one in another case': '"config":{"ENVS":[{"Key":"A","VALUE":"SECRET"}]}',
  'one with a long s': '"Config":{"env\u017f":[{"key":"A","value":"SECRET"}]}',
  'the second of two lists': '"Config":{"envs":[],"Envs":[{"key":"A","value":"SECRET"}]}',
  'a key twice': '"Config":{"envs":[{"key":"A","value":"x","value":"SECRET"}]}',
  'a variable as one text': '"Config":{"env":["A=SECRET"]}',
  'a variable of a later CRI': '"Config":{"envs":[{"key":"A","value_from":{"secret":"SECRET"}}]}',
  'an annotation': '"Config":{"annotations":{"a":"SECRET"}}',
  'an annotation of the image': '"Config":{"image":{"annotations":{"a":"SECRET"}}}',
  'a variable in a field that is not known': '"Spec":{"process":{"env":["A=SECRET"]}}',
  'an annotation deep in a list': '"Later":[[{"annotations":{"a":{"b":["SECRET"]}}}]]',
  'an annotation named __proto__': '"Config":{"annotations":{"__proto__":"SECRET"}}',
  'a variable below labels': '"Config":{"labels":{"a":{"envs":["SECRET"]}}}',
};
const inSandboxes: Readonly<Record<string, string>> = {
  'an annotation of the pod': '"Config":{"annotations":{"a":"SECRET"}}',
  'one in another case, in a field that is not known': '"Extra":{"AnnotationS":{"a":"SECRET"}}',
};
const inCheckpoints: Readonly<Record<string, string>> = {
  'an annotation in a field that is not known': ',"Later":{"annotations":{"a":"SECRET"}}',
};

describe('a masked recording hides', () => {
  test.each(Object.entries(inContainers))('of a container %s', (_, container) => {
    expect(isHidden(recordingWith({ container }))).toBe(true);
  });
  test.each(Object.entries(inSandboxes))('of a sandbox %s', (_, sandbox) => {
    expect(isHidden(recordingWith({ sandbox }))).toBe(true);
  });
  test.each(Object.entries(inCheckpoints))('of a checkpoint %s', (_, checkpoint) => {
    expect(isHidden(recordingWith({ checkpoint }))).toBe(true);
  });
});

describe('a masked recording tells, because a plan or its reader needs it or because it is hardly ever secret,', () => {
  test.each(
    Object.entries({
      'the name of a variable': '"Config":{"envs":[{"key":"SECRET","value":"x"}]}',
      'the name of an annotation': '"Config":{"annotations":{"SECRET":"x"}}',
      'the command': '"Config":{"command":["SECRET"]}',
      arguments: '"Config":{"args":["--password=SECRET"]}',
      'a label': '"Config":{"labels":{"a":"SECRET"}}',
      'the path of a mount': '"Config":{"mounts":[{"host_path":"/SECRET"}]}',
      'the image': '"ImageRef":"SECRET"',
      'the path of the log': '"LogPath":"/SECRET"',
      'a field that is not known': '"Later":{"token":"SECRET"}',
    }),
  )('of a container %s', (_, container) => {
    expect(isHidden(recordingWith({ container }))).toBe(false);
  });

  test.each(
    Object.entries({
      'the host name': '"Config":{"hostname":"SECRET"}',
      'the name server': '"Config":{"dns_config":{"servers":["SECRET"]}}',
      'what CNI has answered': '"CNIResult":{"Interfaces":{"eth0":{"Mac":"SECRET"}}}',
      'its address': '"IP":"SECRET"',
    }),
  )('of a sandbox %s', (_, sandbox) => {
    expect(isHidden(recordingWith({ sandbox }))).toBe(false);
  });

  test('of a checkpoint its reason and message', () => {
    expect(isHidden(recordingWith({ checkpoint: ',"Message":"SECRET"' }))).toBe(false);
    expect(isHidden(recordingWith({ checkpoint: ',"Reason":"SECRET"' }))).toBe(false);
  });

  test('names and labels of records and images', () => {
    const labels = { a: secret };
    const observation = observationOf(
      fakeNode({ sandboxes: [fakeSandbox({ id: 's', labels })], images: [fakeImage({ name: secret })] }),
    );
    expect(isHidden(observation)).toBe(false);
  });
});
