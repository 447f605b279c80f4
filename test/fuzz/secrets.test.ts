/**
 * What recordings, reports and lines of changes tell of what is stored on a node, place by place, from the bytes that containerd sends: who sends
 * one to somebody else has to know.
 */
import { create } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { decodeCheckpoint } from '../../src/codec/checkpoint.js';
import { type Container, ContainerSchema, Containers } from '../../src/containerd/proto/gen/containers_pb.js';
import {
  decodeRecording,
  encodeChange,
  encodeRecording,
  encodeReport,
  observe,
  plan,
  reportChange,
  reportPlan,
  watch,
} from '../../src/index.js';
import type { Ports } from '../../src/ports/index.js';
import { fakeContainer, fakeId, fakeImage, fakeNode, fakePorts, fakeSandbox } from '../../src/testing/index.js';
import { answerOf, portsOf } from '../containerd-adapter/fake-containerd.js';

const secret = 'hunter2-hunter2';
const put = (template: string): Uint8Array => Buffer.from(template.replaceAll('SECRET', secret));

const right = <A>(read: E.Either<unknown, A>): A => {
  if (E.isLeft(read)) throw new Error(JSON.stringify(read.left));
  return read.right;
};

/** A record as the CRI plugin makes it, with these fields in its metadata. */
const record = (kind: 'sandbox' | 'container', id: string, fields: string): Container =>
  create(ContainerSchema, {
    id,
    labels: { 'io.cri-containerd.kind': kind },
    extensions: {
      [`io.cri-containerd.${kind}.metadata`]: create(AnySchema, {
        typeUrl: `github.com/containerd/cri/pkg/store/${kind}/Metadata`,
        value: put(`{"Version":"v1","Metadata":{"ID":"${id}",${fields}}}`),
      }),
    },
  });

interface Given {
  readonly container?: string;
  readonly sandbox?: string;
  readonly checkpoint?: string;
}

/** A node whose records come over a socket, with a container that runs and one that has just ended. */
const nodeWith = async ({ container = '"Name":"c"', sandbox = '"Name":"s"', checkpoint = '' }: Given) => {
  const records = [record('sandbox', 's', sandbox), record('container', 'c', container)];
  const { containers } = await portsOf((router) =>
    router.service(Containers, {
      async *listStream({ filters }) {
        for (const one of records)
          if (filters[0]?.endsWith(one.labels['io.cri-containerd.kind'] ?? '')) yield { container: one };
      },
      get: ({ id }) => {
        const found = records.find((one) => one.id === id);
        return found === undefined ? {} : { container: found };
      },
    }),
  );
  const stored = right(decodeCheckpoint(put(`{"Version":"v1"${checkpoint}}`)));
  const fakes = fakePorts(
    fakeNode({
      sandboxes: [fakeSandbox({ id: 's' })],
      containers: [
        {
          ...fakeContainer({ id: 'c', sandboxId: 's' }),
          checkpoint: { _tag: 'Sound', checkpoint: stored },
        },
      ],
    }),
  );
  return { ...fakes, containers };
};

const firstOf = async <A>(items: AsyncIterable<A>): Promise<A> => {
  for await (const item of items) return item;
  throw new Error('there is none');
};

const recordingOf = async (ports: Ports): Promise<string> => {
  const recording = encodeRecording(right(await observe()(ports)()));
  expect(E.isRight(decodeRecording(recording))).toBe(true);
  return recording;
};

/** Everything that can be written of a node: a recording, the reports of a plan and of a recovery, and the line for the end of a container. */
const writtenOf = async (given: Given): Promise<ReadonlyArray<string>> => {
  const ports = await nodeWith(given);
  const planned = right(await plan()(ports)());
  const recording = await recordingOf(ports);
  const { recovered, changes, current, stop } = right(await watch()(ports)());
  onTestFinished(stop);
  ports.exit('c', 137);
  const change = await firstOf(changes);
  expect(change._tag).toBe('ContainerChanged');
  const reports = [planned, recovered, current()].map((each) => encodeReport(reportPlan(each, 1)));
  return [recording, ...reports, encodeChange(reportChange(change, 1n))];
};

const inContainers: Readonly<Record<string, string>> = {
  'an environment variable': '"Config":{"envs":[{"key":"A","value":"SECRET"}]}',
  'the name of one': '"Config":{"envs":[{"key":"SECRET","value":"x"}]}',
  'one in another case': '"config":{"ENVS":[{"Key":"A","VALUE":"SECRET"}]}',
  'one with a long s': '"Config":{"env\u017f":[{"key":"A","value":"SECRET"}]}',
  'the second of two configs': '"Config":{},"config":{"envs":[{"key":"A","value":"SECRET"}]}',
  'a key twice': '"Config":{"envs":[{"key":"A","value":"x","value":"SECRET"}]}',
  'an annotation': '"Config":{"annotations":{"a":"SECRET"}}',
  'the name of an annotation': '"Config":{"annotations":{"SECRET":"x"}}',
  'an annotation named __proto__': '"Config":{"annotations":{"__proto__":"SECRET"}}',
  'the command': '"Config":{"command":["SECRET"]}',
  'an argument': '"Config":{"args":["--password=SECRET"]}',
  'a mount': '"Config":{"mounts":[{"container_path":"/a","host_path":"/SECRET"}]}',
  'a label in its config': '"Config":{"labels":{"a":"SECRET"}}',
  'a field that is not known': '"Later":{"token":["SECRET"]}',
};
const inSandboxes: Readonly<Record<string, string>> = {
  'an annotation': '"Config":{"annotations":{"a":"SECRET"}}',
  'the host name': '"Config":{"hostname":"SECRET"}',
  'a name server': '"Config":{"dns_config":{"servers":["SECRET"]}}',
  'what CNI has answered': '"CNIResult":{"Interfaces":{"eth0":{"Mac":"SECRET"}}}',
};
const inCheckpoints: Readonly<Record<string, string>> = {
  'a field that is not known': ',"Later":{"annotations":{"a":"SECRET"}}',
};

describe('nothing that is written tells', () => {
  test.each(Object.entries(inContainers))('of a container %s', async (_, container) => {
    for (const text of await writtenOf({ container })) expect(text).not.toContain('hunter2');
  });
  test.each(Object.entries(inSandboxes))('of a sandbox %s', async (_, sandbox) => {
    for (const text of await writtenOf({ sandbox })) expect(text).not.toContain('hunter2');
  });
  test.each(Object.entries(inCheckpoints))('of a checkpoint %s', async (_, checkpoint) => {
    for (const text of await writtenOf({ checkpoint })) expect(text).not.toContain('hunter2');
  });
  test.each([
    `"Config":{"tty":"SECRET","envs":[{"key":"A","value":"SECRET"}]}`,
    `"Config":{"envs":[{"key":"A","value":"SECRET`,
    `"Config":"SECRET"`,
  ])('of metadata that cannot be read any of it: %s', async (container) => {
    const ports = await nodeWith({ container });
    const planned = right(await plan()(ports)());
    expect(planned.failures).toMatchObject([{ id: 'c', tag: 'MetadataUnreadable' }]);
    for (const text of [await recordingOf(ports), encodeReport(reportPlan(planned, 1))])
      expect(text).not.toContain('hunter2');
  });

  test('and all of it is there for who asks for one config', async () => {
    const { containers } = await nodeWith({ container: inContainers['an environment variable'] ?? '' });
    const config = await answerOf(containers.config(fakeId('c')));
    expect(JSON.stringify(config)).toBe(`{"envs":[{"key":"A","value":"${secret}"}]}`);
  });
});

describe('a recording tells, because a plan or its reader needs it,', () => {
  test.each(
    Object.entries({
      'the name': '"Name":"SECRET"',
      'the image': '"ImageRef":"SECRET"',
      'the path of the log': '"LogPath":"/SECRET"',
    }),
  )('of a container %s', async (_, container) => {
    expect(await recordingOf(await nodeWith({ container }))).toContain(secret);
  });

  test('of a sandbox its address', async () => {
    expect(await recordingOf(await nodeWith({ sandbox: '"IP":"SECRET"' }))).toContain(secret);
  });

  test.each([',"Message":"SECRET"', ',"Reason":"SECRET"'])('of a checkpoint %s', async (checkpoint) => {
    expect(await recordingOf(await nodeWith({ checkpoint }))).toContain(secret);
  });

  test('the labels of records, and the names of images', async () => {
    const labels = { a: secret };
    for (const given of [{ sandboxes: [fakeSandbox({ id: 's', labels })] }, { images: [fakeImage({ name: secret })] }])
      expect(await recordingOf(fakePorts(fakeNode(given)))).toContain(secret);
  });
});
