/** Metadata as the CRI plugin stores them: the text, and what is read of it. */
import fc from 'fast-check';
import { encodeJson, jsonObject } from '../../src/codec/json.js';
import type { Stored } from '../../src/codec/metadata.js';
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

/** A text, and what is read of it. */
export interface StoredText<M> {
  readonly text: string;
  readonly stored: Stored<M>;
  readonly config: JsonObject;
}

const textOf = (known: ReadonlyArray<readonly [string, Json]>, rest: JsonObject): string =>
  encodeJson({ Version: 'v1', Metadata: jsonObject([...known, ...Object.entries(rest)]) });

export const arbitraryStoredContainer: fc.Arbitrary<StoredText<ContainerMetadata>> = fc
  .tuple(
    fc.tuple(arbitraryText, arbitraryText, arbitraryText, arbitraryText, arbitraryText, arbitraryText),
    fc.tuple(fc.boolean(), fc.boolean(), arbitraryUint32, arbitraryVariables, arbitraryAnnotations),
    arbitraryRest('metadata', 'tty', 'stdin', 'envs', 'annotations'),
    arbitraryRest('ID', 'Name', 'SandboxID', 'Config', 'ImageRef', 'LogPath', 'StopSignal'),
  )
  .map(
    ([[id, name, sandboxId, imageRef, logPath, stopSignal], [tty, stdin, attempt, envs, annotations], other, rest]) => {
      const whole = config(
        [attemptOf(attempt), ['tty', tty], ['stdin', stdin], ['envs', envs], ['annotations', annotations]],
        other,
      );
      return {
        stored: {
          metadata: { id, name, sandboxId, imageRef, logPath, stopSignal, tty, stdin },
          attempt,
        },
        config: whole,
        text: textOf(
          [
            ['ID', id],
            ['Name', name],
            ['SandboxID', sandboxId],
            ['Config', whole],
            ['ImageRef', imageRef],
            ['LogPath', logPath],
            ['StopSignal', stopSignal],
          ],
          rest,
        ),
      };
    },
  );

const networkOf = (mode: number): readonly [string, Json] => {
  const options = jsonObject([['network', new JsonNumber(String(mode))]]);
  return ['linux', jsonObject([['security_context', jsonObject([['namespace_options', options]])]])];
};

export const arbitraryStoredSandbox: fc.Arbitrary<StoredText<SandboxMetadata>> = fc
  .tuple(
    fc.tuple(arbitraryText, arbitraryText, arbitraryText, arbitraryText, arbitraryText),
    fc.tuple(fc.constantFrom(0, 1, 2, 3), arbitraryUint32, arbitraryAnnotations),
    arbitraryRest('metadata', 'linux', 'annotations'),
    arbitraryRest('ID', 'Name', 'Config', 'NetNSPath', 'IP', 'RuntimeHandler'),
  )
  .map(([[id, name, netnsPath, ip, runtimeHandler], [mode, attempt, annotations], other, rest]) => {
    const whole = config([attemptOf(attempt), networkOf(mode), ['annotations', annotations]], other);
    return {
      stored: {
        metadata: { id, name, netnsPath, hostNetwork: mode === 2, ip, runtimeHandler },
        attempt,
      },
      config: whole,
      text: textOf(
        [
          ['ID', id],
          ['Name', name],
          ['Config', whole],
          ['NetNSPath', netnsPath],
          ['IP', ip],
          ['RuntimeHandler', runtimeHandler],
        ],
        rest,
      ),
    };
  });
