import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { describe, expect, it } from 'vitest';
import { encodeJson } from '../../src/codec/json.js';
import {
  decodeContainerConfig,
  decodeContainerMetadata,
  decodeSandboxConfig,
  decodeSandboxMetadata,
} from '../../src/codec/metadata.js';
import { arbitraryStoredContainer, arbitraryStoredSandbox } from '../arbitraries/metadata.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const container = (metadata: string) => decodeContainerMetadata(bytes(`{"Version":"v1","Metadata":${metadata}}`));
const containerConfig = (metadata: string) =>
  pipe(decodeContainerConfig(bytes(`{"Version":"v1","Metadata":${metadata}}`)), E.map(encodeJson));
const sandboxConfig = (metadata: string) =>
  pipe(decodeSandboxConfig(bytes(`{"Version":"v1","Metadata":${metadata}}`)), E.map(encodeJson));
const sandbox = (metadata: string) => decodeSandboxMetadata(bytes(`{"Version":"v1","Metadata":${metadata}}`));

describe('container metadata', () => {
  const config =
    '{"metadata":{"name":"web","attempt":3},"image":{"image":"sha256:1"},"envs":[{"key":"A","value":"b"}],"stdin":true,"tty":true}';
  const stored = `{"ID":"c1","Name":"web_pod_ns_uid_3","SandboxID":"s1","Config":${config},"ImageRef":"sha256:1","LogPath":"/var/log/0.log","StopSignal":"SIGTERM","ProcessLabel":"","ImageDigest":"sha256:2"}`;

  it('is read with its attempt, and what is unknown is left', () => {
    const result = container(stored);
    if (E.isLeft(result)) throw new Error(result.left);
    expect(result.right.attempt).toBe(3);
    expect(result.right.metadata).toStrictEqual({
      id: 'c1',
      name: 'web_pod_ns_uid_3',
      sandboxId: 's1',
      imageRef: 'sha256:1',
      logPath: '/var/log/0.log',
      stopSignal: 'SIGTERM',
      tty: true,
      stdin: true,
    });
  });

  it('has its config to the last byte', () => {
    expect(containerConfig(stored)).toStrictEqual(E.right(config));
  });

  it('is read as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(arbitraryStoredContainer, ({ text, stored: expected, config: whole }) => {
        assert.deepStrictEqual(decodeContainerMetadata(bytes(text)), E.right(expected));
        assert.deepStrictEqual(decodeContainerConfig(bytes(text)), E.right(whole));
      }),
    );
  });

  it.each([
    ['{"Config":{"envs":[{"key":"A"]}}', 'not JSON at character 56 of 60'],
    ['{"Config":{"mounts":[1e]}}', 'not JSON at character 49 of 54'],
  ])('is unreadable for what is no JSON anywhere in its config: %s', (text, message) => {
    expect(container(text)).toStrictEqual(E.left(message));
  });

  it.each([
    '{"ID":"c1"}',
    '{"ID":"c1","Config":null}',
    '{"ID":"c1","Config":{}}',
    '{"ID":"c1","Config":{"metadata":null}}',
  ])('has no streams and attempt 0 in %s', (text) => {
    const result = pipe(
      container(text),
      E.map(({ metadata, attempt }) => [metadata.id, metadata.tty, metadata.stdin, attempt]),
    );
    expect(result).toStrictEqual(E.right(['c1', false, false, 0]));
  });

  it.each(['{"ID":"c1"}', '{"ID":"c1","Config":null}'])('has an empty config in %s', (text) => {
    expect(containerConfig(text)).toStrictEqual(E.right('{}'));
  });

  it('is read whatever the case of its keys', () => {
    const result = decodeContainerMetadata(
      bytes('{"version":"v1","METADATA":{"sandboxid":"s1","CONFIG":{"TTY":true,"Metadata":{"ATTEMPT":2}}}}'),
    );
    expect(
      pipe(
        result,
        E.map((d) => [d.metadata.sandboxId, d.metadata.tty, d.attempt]),
      ),
    ).toStrictEqual(E.right(['s1', true, 2]));
  });

  it.each([
    ['{"ID":7}', 'Metadata.ID: expected a string, got 7'],
    ['{"Config":{"tty":"hunter2"}}', 'Metadata.Config.tty: expected a boolean, got a string'],
    ['{"Config":["hunter2"]}', 'Metadata.Config: expected an object, got a list'],
    ['{"Config":{"metadata":{"attempt":-1}}}', 'Metadata.Config.metadata.attempt: expected a uint32, got -1'],
    ['"x"', 'Metadata: expected an object, got a string'],
  ])('%s is unreadable: %s', (text, message) => {
    expect(container(text)).toStrictEqual(E.left(message));
  });
});

describe('sandbox metadata', () => {
  const config =
    '{"metadata":{"name":"pod","uid":"uid","namespace":"ns","attempt":1},"linux":{"cgroup_parent":"/x","security_context":{"namespace_options":{"network":2,"pid":1}}}}';
  const stored = `{"ID":"s1","Name":"pod_ns_uid_1","Config":${config},"NetNSPath":"/var/run/netns/cni-1","IP":"10.0.0.1","AdditionalIPs":null,"RuntimeHandler":"kata","CNIResult":{"Interfaces":{}},"ProcessLabel":""}`;

  it('is read with its attempt, and what is unknown is left', () => {
    const result = sandbox(stored);
    if (E.isLeft(result)) throw new Error(result.left);
    expect(result.right.attempt).toBe(1);
    expect(result.right.metadata).toStrictEqual({
      id: 's1',
      name: 'pod_ns_uid_1',
      netnsPath: '/var/run/netns/cni-1',
      hostNetwork: true,
      ip: '10.0.0.1',
      runtimeHandler: 'kata',
    });
  });

  it('has its config to the last byte', () => {
    expect(sandboxConfig(stored)).toStrictEqual(E.right(config));
  });

  it('is read as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(arbitraryStoredSandbox, ({ text, stored: expected, config: whole }) => {
        assert.deepStrictEqual(decodeSandboxMetadata(bytes(text)), E.right(expected));
        assert.deepStrictEqual(decodeSandboxConfig(bytes(text)), E.right(whole));
      }),
    );
  });

  it.each([
    ['{"linux":{"security_context":{"namespace_options":{"network":2}}}}', true],
    ['{"linux":{"security_context":{"namespace_options":{"network":0}}}}', false],
    ['{"linux":{"security_context":{"namespace_options":{"network":3}}}}', false],
    ['{"linux":{"security_context":{"namespace_options":{"pid":2}}}}', false],
    ['{"linux":{"security_context":{"namespace_options":null}}}', false],
    ['{"linux":{}}', false],
    ['{}', false],
    ['null', false],
  ])('with the config %s: host network %s', (text, hostNetwork) => {
    expect(
      pipe(
        sandbox(`{"Config":${text}}`),
        E.map(({ metadata }) => metadata.hostNetwork),
      ),
    ).toStrictEqual(E.right(hostNetwork));
  });

  it('names the field that cannot be read', () => {
    expect(sandbox('{"Config":{"linux":{"security_context":{"namespace_options":{"network":"NODE"}}}}}')).toStrictEqual(
      E.left('Metadata.Config.linux.security_context.namespace_options.network: expected an int32, got a string'),
    );
  });
});

describe('metadata of both kinds', () => {
  it.each([
    ['{"Version":"v2","Metadata":7}', 'version "v2" is not known here, only v1 is'],
    ['{"Metadata":{}}', 'the version is missing'],
    ['{"Version":1}', 'Version: expected a string, got 1'],
    ['', 'not JSON: it is empty'],
    ['7', 'expected an object, got 7'],
  ])('%j is unreadable: %s', (text, message) => {
    expect(decodeContainerMetadata(bytes(text))).toStrictEqual(E.left(message));
    expect(decodeSandboxMetadata(bytes(text))).toStrictEqual(E.left(message));
  });

  it.each([
    [container, '{"Config":{"metadata":7}}', 'Config.metadata'],
    [sandbox, '7', ''],
    [sandbox, '{"Config":7}', 'Config'],
    [sandbox, '{"Config":{"metadata":7}}', 'Config.metadata'],
    [sandbox, '{"Config":{"linux":7}}', 'Config.linux'],
    [sandbox, '{"Config":{"linux":{"security_context":7}}}', 'Config.linux.security_context'],
    [
      sandbox,
      '{"Config":{"linux":{"security_context":{"namespace_options":7}}}}',
      'Config.linux.security_context.namespace_options',
    ],
  ])('%o says of %s that %j is no object', (read, text, place) => {
    const path = place === '' ? 'Metadata' : `Metadata.${place}`;
    expect(read(text)).toStrictEqual(E.left(`${path}: expected an object, got 7`));
  });

  it('is read up to 4 MiB, and not looked into beyond', () => {
    const padded = (length: number): Uint8Array => bytes('{"Version":"v1","Metadata":{}}'.padEnd(length));
    for (const decode of [decodeContainerMetadata, decodeSandboxMetadata]) {
      expect(decode(padded(4_194_304))).toMatchObject({ _tag: 'Right' });
      expect(decode(padded(4_194_305))).toStrictEqual(E.left('4194305 bytes long, at most 4194304 are read'));
    }
  });
});
