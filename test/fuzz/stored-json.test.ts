/**
 * Everything this library reads as JSON, broken in every way: checkpoints, metadata, recordings, images' documents, and its own files. What cannot
 * be read ends in one line that tells no value; nothing is thrown, and nothing gets into the prototype of anything.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import { afterEach, describe } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/codec/checkpoint.js';
import { decodeJson, encodeJson, prettyJson } from '../../src/codec/json.js';
import {
  decodeContainerConfig,
  decodeContainerMetadata,
  decodeSandboxConfig,
  decodeSandboxMetadata,
  type Stored,
} from '../../src/codec/metadata.js';
import { decodeImageConfig, decodeTarget } from '../../src/containerd/image-documents.js';
import { parseId } from '../../src/core/identity.js';
import type { ContainerMetadata, SandboxMetadata } from '../../src/core/metadata.js';
import { decodeHolder, encodeHolder } from '../../src/disk/lock-holder.js';
import { decodeManifest, encodeManifest } from '../../src/disk/quarantine-layout.js';
import { decide, decodeRecording, encodeRecording, encodeReport, policies, reportPlan } from '../../src/index.js';
import {
  fakeContainer,
  fakeDirectory,
  fakeImage,
  fakeNode,
  fakeSandbox,
  observationOf,
} from '../../src/testing/index.js';
import { brokenText } from './broken-text.js';
import { tries } from './effort.js';
import { expectCleanPrototypes } from './prototypes.js';

const secret = 'hunter2hunter2hunter2';

const checkpoints = [
  `{"Version":"v1","Pid":4242,"CreatedAt":1700000000000000001,"StartedAt":1700000000000000003,"FinishedAt":0,"ExitCode":0,"Reason":"","Message":"${secret}"}`,
  '{"Version":"v1","Pid":0,"CreatedAt":1700000000000000001,"StartedAt":0,"FinishedAt":1700000000000000005,"ExitCode":-1,"Reason":"OOMKilled","Message":"a \\u003cb\\u003e","Resources":{"linux":{"cpu_period":100000,"unified":{"memory.high":"max"}}},"Restore":false}',
];
const containerMetadata = `{"Version":"v1","Metadata":{"ID":"c1","Name":"web_cart_shop_uid_0","SandboxID":"s1","Config":{"metadata":{"name":"web","attempt":3},"image":{"image":"i"},"command":["sh"],"envs":[{"key":"TOKEN","value":"${secret}"}],"labels":{"a":"b"},"annotations":{"c":"${secret}"},"tty":true},"ImageRef":"sha256:1","LogPath":"/var/log/0.log","StopSignal":"","ProcessLabel":""}}`;
const sandboxMetadata = `{"Version":"v1","Metadata":{"ID":"s1","Name":"cart_shop_uid_0","Config":{"metadata":{"name":"cart","uid":"uid","namespace":"shop","attempt":1},"annotations":{"c":"${secret}"},"linux":{"cgroup_parent":"/x","security_context":{"namespace_options":{"network":2,"pid":1}}}},"NetNSPath":"/var/run/netns/cni-1","IP":"10.0.0.2","AdditionalIPs":null,"RuntimeHandler":"","CNIResult":{"Interfaces":{"eth0":{"IPConfigs":[{"IP":"10.0.0.2"}]}}}}}`;

const node = fakeNode({
  sandboxes: [fakeSandbox({ id: 's1' }), fakeSandbox({ id: 's2', task: 'absent', netns: 'host' })],
  containers: [
    fakeContainer({ id: 'c1', sandboxId: 's1', status: { message: secret } }),
    fakeContainer({ id: 'c2', sandboxId: 's1', checkpoint: 'corrupt', task: 'stopped' }),
  ],
  images: [fakeImage({ name: 'i', missing: ['sha256:0'] })],
  directories: [fakeDirectory({ kind: 'container', area: 'root', name: 'left' })],
  unreadable: [{ kind: 'container', id: '../x', tag: 'UnsafeId', message: 'no' }],
});
const recording = encodeRecording(observationOf(node));

const digest = `sha256:${'0'.repeat(64)}`;
const documents = [
  { schemaVersion: 2, config: { digest, size: 7 }, layers: [{ digest, size: 9 }] },
  { manifests: [{ digest, platform: { os: 'linux', architecture: 'amd64', variant: 'v1' } }, { digest }] },
  { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [digest] } },
].map((document) => JSON.stringify(document));

const own = [
  encodeHolder({ pid: 1, startTicks: 5n, bootId: 'b', command: 'node' }),
  encodeManifest({
    kind: 'container',
    area: 'root',
    id: 'x',
    from: '/x',
    movedAt: 1n,
    why: secret,
    unmounted: ['/x/y'],
  }),
];

/** One line that a person can read, and none of what it is about but a version. */
const expectOneLine = (line: string): void => {
  assert.ok(line.length < 300, `${line.length} characters`);
  assert.doesNotMatch(line.replace(/^version ".*" is/, ''), /\n|hunter2|undefined|\[object|Array</);
};

const expectSound = <A>(decoded: E.Either<string, A>, check: (value: A) => void): void => {
  if (E.isLeft(decoded)) expectOneLine(decoded.left);
  else check(decoded.right);
};

const nativeOf = (text: string): E.Either<unknown, unknown> =>
  E.tryCatch(
    (): unknown => JSON.parse(text),
    () => 'no JSON',
  );

afterEach(expectCleanPrototypes);

describe('broken JSON', () => {
  const input = brokenText(...checkpoints, containerMetadata, sandboxMetadata, recording, ...documents);

  tries(
    'is JSON here exactly where JSON.parse says so, and says the same',
    { short: 1_500, input },
    ({ bytes, text }) => {
      const [here, native] = [decodeJson(bytes), nativeOf(text)];
      if (E.isLeft(here)) {
        expectOneLine(here.left);
        if (/nested too deeply/.test(here.left)) return;
        return assert.ok(E.isLeft(native), 'JSON.parse reads it');
      }
      assert.deepStrictEqual(E.right(JSON.parse(prettyJson(here.right))), native);
      assert.deepStrictEqual(decodeJson(Buffer.from(encodeJson(here.right))), here);
    },
  );

  tries('is a checkpoint or none', { short: 2_000, input: brokenText(...checkpoints) }, ({ bytes }) => {
    const decoded = decodeCheckpoint(bytes);
    if (E.isLeft(decoded)) return expectOneLine(decoded.left.message);
    assert.deepStrictEqual(decodeCheckpoint(Buffer.from(encodeCheckpoint(decoded.right))), decoded);
    assert.strictEqual(decoded.right.status.unknown, false);
  });

  tries('is metadata or none', { short: 1_000, input: brokenText(containerMetadata, sandboxMetadata) }, ({ bytes }) => {
    for (const [decode, decodeConfig] of [
      [decodeContainerMetadata, decodeContainerConfig],
      [decodeSandboxMetadata, decodeSandboxConfig],
    ] as const) {
      const [decoded, config] = [decode(bytes), decodeConfig(bytes)];
      expectSound<Stored<ContainerMetadata | SandboxMetadata>>(decoded, ({ metadata }) => {
        assert.doesNotMatch(JSON.stringify(metadata), /hunter2/);
        assert.ok(E.isRight(decodeJson(bytes)));
      });
      // What nobody asked for is checked as strictly as what is made.
      if (E.isLeft(config)) assert.deepStrictEqual(decoded, config);
      else assert.deepStrictEqual(decodeJson(Buffer.from(encodeJson(config.right))), config);
    }
  });

  tries(
    'is a recording that can be planned from, or none',
    { short: 400, input: brokenText(recording) },
    ({ text }) => {
      expectSound(decodeRecording(text), (observation) => {
        const items = [...RA.rights(observation.sandboxes), ...RA.rights(observation.containers)];
        for (const { record } of items) assert.ok(E.isRight(parseId(record.id)));
        for (const policy of [policies.careful, policies.containerd]) {
          const plan = decide(policy, observation.takenAt)(observation);
          if (E.isRight(plan)) encodeReport(reportPlan(plan.right, 1));
        }
        assert.deepStrictEqual(decodeRecording(encodeRecording(observation)), E.right(observation));
      });
    },
  );

  tries('is a document of an image or none', { short: 600, input: brokenText(...documents) }, ({ bytes }) => {
    expectSound(decodeTarget(bytes), () => undefined);
    expectSound(decodeImageConfig(bytes), () => undefined);
  });

  tries(
    'is a lock or a manifest of the quarantine, or none',
    { short: 400, input: brokenText(...own) },
    ({ bytes }) => {
      assert.doesNotThrow(() => decodeHolder(bytes));
      expectSound(decodeManifest(bytes), ({ id }) => assert.ok(!/^\.{0,2}$|[/\0]/.test(id)));
    },
  );

  tries(
    'is any text at all',
    { short: 1_000, input: fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.json({ maxDepth: 6 })) },
    (text) => {
      const [here, native] = [decodeJson(Buffer.from(text)), nativeOf(Buffer.from(text).toString())];
      assert.strictEqual(here._tag, native._tag);
    },
  );
});
