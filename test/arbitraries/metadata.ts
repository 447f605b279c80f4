/** Metadata whose fields agree with its config, as in everything that was read from containerd. */
import fc from 'fast-check';
import { jsonObject } from '../../src/codec/json.js';
import { type Json, JsonNumber, type JsonObject } from '../../src/core/json.js';
import type { ContainerMetadata, SandboxMetadata } from '../../src/core/metadata.js';
import { arbitraryRest } from './json.js';
import { arbitraryUint32 } from './numbers.js';
import { arbitraryText } from './text.js';

const arbitraryVariables: fc.Arbitrary<Json> = fc.array(
  fc.tuple(arbitraryText, arbitraryText).map(([key, value]) =>
    jsonObject([
      ['key', key],
      ['value', value],
    ]),
  ),
  { maxLength: 3 },
);

const arbitraryAnnotations: fc.Arbitrary<Json> = fc
  .array(fc.tuple(arbitraryText, arbitraryText), { maxLength: 3 })
  .map(jsonObject);

const config = (known: ReadonlyArray<readonly [string, Json]>, rest: JsonObject): JsonObject =>
  jsonObject([...known, ...Object.entries(rest)]);

const attemptOf = (attempt: number): readonly [string, Json] => [
  'metadata',
  jsonObject([['attempt', new JsonNumber(String(attempt))]]),
];

/** Container metadata with the attempt that its config names. */
export const arbitraryContainerMetadata: fc.Arbitrary<{ metadata: ContainerMetadata; attempt: number }> = fc
  .tuple(
    fc.tuple(arbitraryText, arbitraryText, arbitraryText, arbitraryText, arbitraryText, arbitraryText),
    fc.tuple(fc.boolean(), fc.boolean(), arbitraryUint32, arbitraryVariables, arbitraryAnnotations),
    arbitraryRest('metadata', 'tty', 'stdin', 'envs', 'annotations'),
    arbitraryRest('ID', 'Name', 'SandboxID', 'Config', 'ImageRef', 'LogPath', 'StopSignal'),
  )
  .map(
    ([
      [id, name, sandboxId, imageRef, logPath, stopSignal],
      [tty, stdin, attempt, envs, annotations],
      other,
      rest,
    ]) => ({
      metadata: {
        id,
        name,
        sandboxId,
        imageRef,
        logPath,
        stopSignal,
        tty,
        stdin,
        config: config(
          [attemptOf(attempt), ['tty', tty], ['stdin', stdin], ['envs', envs], ['annotations', annotations]],
          other,
        ),
        rest,
      },
      attempt,
    }),
  );

const networkOf = (mode: number): readonly [string, Json] => {
  const options = jsonObject([['network', new JsonNumber(String(mode))]]);
  return ['linux', jsonObject([['security_context', jsonObject([['namespace_options', options]])]])];
};

/** Sandbox metadata with the attempt that its config names. */
export const arbitrarySandboxMetadata: fc.Arbitrary<{ metadata: SandboxMetadata; attempt: number }> = fc
  .tuple(
    fc.tuple(arbitraryText, arbitraryText, arbitraryText, arbitraryText, arbitraryText),
    fc.tuple(fc.constantFrom(0, 1, 2, 3), arbitraryUint32, arbitraryAnnotations),
    arbitraryRest('metadata', 'linux', 'annotations'),
    arbitraryRest('ID', 'Name', 'Config', 'NetNSPath', 'IP', 'RuntimeHandler'),
  )
  .map(([[id, name, netnsPath, ip, runtimeHandler], [mode, attempt, annotations], other, rest]) => ({
    metadata: {
      id,
      name,
      netnsPath,
      hostNetwork: mode === 2,
      ip,
      runtimeHandler,
      config: config([attemptOf(attempt), networkOf(mode), ['annotations', annotations]], other),
      rest,
    },
    attempt,
  }));
