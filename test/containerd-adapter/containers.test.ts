/** Records as no containerd should have them, and more of them than fit into one message. */
import { create } from '@bufbuild/protobuf';
import { AnySchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { encodeJson } from '../../src/codec/json.js';
import { type Container, ContainerSchema, Containers } from '../../src/containerd/proto/gen/containers_pb.js';
import { fakeId } from '../../src/testing/index.js';
import { answerOf, failureOf, portsOf } from './fake-containerd.js';

const extension = 'io.cri-containerd.container.metadata';
const typeUrl = 'github.com/containerd/cri/pkg/store/container/Metadata';

const metadataFor = (id: string, padding = 0): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      Version: 'v1',
      Metadata: {
        ID: id,
        Name: `name-of-${id}`,
        SandboxID: 'sandbox',
        Config: { metadata: { name: 'c', attempt: 4 }, envs: [{ key: 'PADDING', value: 'x'.repeat(padding) }] },
        ImageRef: '',
        LogPath: '',
        StopSignal: '',
      },
    }),
  );

const record = (id: string, value = metadataFor(id)): Container =>
  create(ContainerSchema, { id, extensions: { [extension]: create(AnySchema, { typeUrl, value }) } });

const recordOf = (kind: 'sandbox' | 'container', id: string, text: string): Container =>
  create(ContainerSchema, {
    id,
    labels: { 'io.cri-containerd.kind': kind },
    extensions: {
      [`io.cri-containerd.${kind}.metadata`]: create(AnySchema, {
        typeUrl: `github.com/containerd/cri/pkg/store/${kind}/Metadata`,
        value: Buffer.from(text),
      }),
    },
  });

const getting = (answer: (id: string) => Container | undefined) =>
  portsOf((router) =>
    router.service(Containers, {
      get: ({ id }) => {
        const container = answer(id);
        return container === undefined ? {} : { container };
      },
    }),
  );

const listing = (records: Iterable<Container>) =>
  portsOf((router) =>
    router.service(Containers, {
      async *listStream() {
        for (const container of records) yield { container };
      },
    }),
  );

test('asks for one kind at a time, in its namespace', async () => {
  const asked: unknown[] = [];
  const { containers } = await portsOf((router) =>
    router.service(Containers, {
      // biome-ignore lint/correctness/useYield: there is nothing to list
      async *listStream({ filters }, { requestHeader }) {
        asked.push([filters, requestHeader.get('containerd-namespace')]);
      },
    }),
  );
  expect(await answerOf(containers.listSandboxes())).toEqual([]);
  expect(await answerOf(containers.listContainers())).toEqual([]);
  expect(asked).toEqual([
    [['labels."io.cri-containerd.kind"==sandbox'], 'k8s.io'],
    [['labels."io.cri-containerd.kind"==container'], 'k8s.io'],
  ]);
});

test('tells an unsafe id from a record, whatever its metadata say', async () => {
  const { containers } = await listing([record('../../etc'), record('good')]);
  const [unsafe, good] = await answerOf(containers.listContainers());
  expect(unsafe).toMatchObject({ left: { kind: 'container', id: '../../etc', tag: 'UnsafeId' } });
  expect(good).toMatchObject({ right: { id: 'good', name: 'name-of-good', attempt: 4 } });
});

test('passes an id that is listed twice on as it comes', async () => {
  const { containers } = await listing([record('twin'), record('twin')]);
  expect((await answerOf(containers.listContainers())).filter(E.isRight)).toHaveLength(2);
});

test('wraps a time that no int64 holds, and has none for a record without', async () => {
  const late = { ...record('late'), createdAt: create(TimestampSchema, { seconds: 2n ** 62n, nanos: 5 }) };
  const { containers } = await listing([late, record('never')]);
  const createdAt = BigInt.asIntN(64, 2n ** 62n * 1_000_000_000n + 5n);
  expect(await answerOf(containers.listContainers())).toMatchObject([
    { right: { createdAt } },
    { right: { createdAt: 0n } },
  ]);
});

test('does not take another kind of extension for metadata', async () => {
  const foreign = create(AnySchema, { typeUrl: 'example.com/Other', value: metadataFor('a') });
  const { containers } = await listing([create(ContainerSchema, { id: 'a', extensions: { [extension]: foreign } })]);
  expect(await answerOf(containers.listContainers())).toEqual([
    E.left({
      kind: 'container',
      id: 'a',
      tag: 'MetadataUnreadable',
      message: 'its metadata cannot be read: the extension is of type "example.com/Other"',
    }),
  ]);
});

test('gives no part of a list that breaks off', async () => {
  const { containers } = await portsOf((router) =>
    router.service(Containers, {
      async *listStream() {
        yield { container: record('first') };
        throw new ConnectError('disk on fire', Code.DataLoss);
      },
    }),
  );
  expect(await failureOf(containers.listContainers())).toMatchObject({ _tag: 'Corrupt', message: 'disk on fire' });
});

test('reads 2,000 records of 10 kB', async () => {
  const many = function* () {
    for (let number = 0; number < 2_000; number++) yield record(`id-${number}`, metadataFor(`id-${number}`, 10_000));
  };
  const { containers } = await listing(many());
  expect((await answerOf(containers.listContainers())).filter(E.isRight)).toHaveLength(2_000);
});

test.each(['sandbox', 'container'] as const)('reads the config of a %s to the last digit', async (kind) => {
  const config = '{"annotations":{"__proto__":"a"},"linux":{"limit":9223372036854775807},"envs":[{"key":"A"}]}';
  const { containers } = await getting((id) => recordOf(kind, id, `{"Version":"v1","Metadata":{"Config":${config}}}`));
  expect(encodeJson(await answerOf(containers.config(fakeId('a'))))).toBe(config);
});

test('has an empty config for a record without', async () => {
  const { containers } = await getting((id) => recordOf('container', id, '{"Version":"v1","Metadata":{}}'));
  expect(encodeJson(await answerOf(containers.config(fakeId('a'))))).toBe('{}');
});

test.each([
  ['{"Version":"v1"', 'its metadata cannot be read: not JSON: it ends after 15 characters'],
  ['{"Version":"v2","Metadata":{}}', 'its metadata cannot be read: version "v2" is not known here, only v1 is'],
  [
    '{"Version":"v1","Metadata":{"Config":{"tty":1}}}',
    'its metadata cannot be read: Metadata.Config.tty: expected a boolean, got 1',
  ],
  [' '.repeat(4 * 1024 * 1024 + 1), 'its metadata cannot be read: 4194305 bytes long, at most 4194304 are read'],
])('gives no config where a list has no record: %#', async (text, message) => {
  const { containers } = await getting((id) => recordOf('container', id, text));
  const call = { port: 'containers', operation: 'config', subject: 'a' };
  expect(await failureOf(containers.config(fakeId('a')))).toMatchObject({ _tag: 'Corrupt', ...call, message });
});

test('gives no config of what is no record of the CRI plugin', async () => {
  const config = async (answer: Container | undefined) =>
    failureOf((await getting(() => answer)).containers.config(fakeId('a')));
  expect(await config(undefined)).toMatchObject({ _tag: 'Corrupt', message: 'the answer holds no record' });
  expect(await config(record('a'))).toMatchObject({
    _tag: 'NotFound',
    message: 'the record is neither of a sandbox nor of a container',
  });
  const bare = create(ContainerSchema, { id: 'a', labels: { 'io.cri-containerd.kind': 'container' } });
  expect(await config(bare)).toMatchObject({
    _tag: 'Corrupt',
    message: 'the record has no extension io.cri-containerd.container.metadata',
  });
});

test('asks for one record by its id, and passes on that there is none', async () => {
  const asked: string[] = [];
  const { containers } = await getting((id) => {
    asked.push(id);
    throw new ConnectError(`container "${id}" in namespace "k8s.io": not found`, Code.NotFound);
  });
  expect(await failureOf(containers.config(fakeId('gone')))).toMatchObject({
    _tag: 'NotFound',
    message: 'container "gone" in namespace "k8s.io": not found',
  });
  expect(asked).toEqual(['gone']);
});
