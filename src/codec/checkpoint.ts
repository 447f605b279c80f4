/**
 * The status checkpoint of a container, byte for byte as containerd writes it (`internal/cri/store/container/status.go`, `versionedStatus`).
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Checkpoint } from '../core/container-status.js';
import type { Json } from '../core/json.js';
import { describeErrors } from './decode-error.js';
import { type GoStruct, goInt32, goInt64, goString, goStruct, goUint32 } from './go-struct.js';
import { decodeJson, encodeJson } from './json.js';
import { describeUnknownVersion, knownVersion, readVersion } from './version.js';

/** Why bytes are no checkpoint: no status can be read from them, or they are sound but of a version this library does not know. */
export type CheckpointProblem =
  | { readonly _tag: 'Malformed'; readonly message: string }
  | { readonly _tag: 'ForeignVersion'; readonly version: string; readonly message: string };

/**
 * Reads the bytes of a checkpoint. `status.unknown` is never set: it is not stored.
 *
 * @example
 * assert.deepStrictEqual(decodeCheckpoint(new Uint8Array()), E.left({ _tag: 'Malformed', message: 'not JSON: it is empty' }));
 */
export const decodeCheckpoint = (bytes: Uint8Array): E.Either<CheckpointProblem, Checkpoint> =>
  pipe(decodeJson(bytes), E.mapLeft(malformed), E.chain(decodeStatus));

/** Writes a checkpoint as Go would: known fields in containerd's order, then the rest as it was read. The unknown flag is left out. */
export const encodeCheckpoint = ({ status, rest }: Checkpoint): string =>
  pipe(
    stored.encode({
      fields: {
        Version: knownVersion,
        Pid: status.pid,
        CreatedAt: status.createdAt,
        StartedAt: status.startedAt,
        FinishedAt: status.finishedAt,
        ExitCode: status.exitCode,
        Reason: status.reason,
        Message: status.message,
      },
      rest,
    }),
    encodeJson,
  );

interface StoredStatus {
  readonly Version: string;
  readonly Pid: number;
  readonly CreatedAt: bigint;
  readonly StartedAt: bigint;
  readonly FinishedAt: bigint;
  readonly ExitCode: number;
  readonly Reason: string;
  readonly Message: string;
}

const stored = goStruct<StoredStatus>('a checkpoint', {
  Version: goString,
  Pid: goUint32,
  CreatedAt: goInt64,
  StartedAt: goInt64,
  FinishedAt: goInt64,
  ExitCode: goInt32,
  Reason: goString,
  Message: goString,
});

const malformed = (message: string): CheckpointProblem => ({ _tag: 'Malformed', message });

const checkVersion = (version: string): E.Either<CheckpointProblem, void> => {
  if (version === knownVersion) return E.right(undefined);
  const message = describeUnknownVersion(version);
  return E.left(version === '' ? malformed(message) : { _tag: 'ForeignVersion', version, message });
};

/** Of another version nothing but that is said: it may hold other types. */
const decodeStatus = (json: Json): E.Either<CheckpointProblem, Checkpoint> => {
  const decoded = stored.decode(json);
  if (E.isRight(decoded) && decoded.right.fields.Version === knownVersion) return E.right(toCheckpoint(decoded.right));
  return pipe(
    readVersion(json),
    E.mapLeft(malformed),
    E.chain(checkVersion),
    E.chain(() =>
      pipe(
        decoded,
        E.bimap((errors) => malformed(describeErrors(errors)), toCheckpoint),
      ),
    ),
  );
};

const toCheckpoint = ({ fields, rest }: GoStruct<StoredStatus>): Checkpoint => ({
  status: {
    pid: fields.Pid,
    createdAt: fields.CreatedAt,
    startedAt: fields.StartedAt,
    finishedAt: fields.FinishedAt,
    exitCode: fields.ExitCode,
    reason: fields.Reason,
    message: fields.Message,
    unknown: false,
  },
  rest,
});
