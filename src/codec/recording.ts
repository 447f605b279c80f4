/**
 * Recordings: an observation as a JSON document, to be read, compared, sent to somebody else, and planned from again.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { isJsonObject, type Json } from '../core/json.js';
import type { Observation } from '../core/observation.js';
import { describeErrors, shortened } from './decode-error.js';
import { jsonObject, parseJson, prettyJson } from './json.js';
import type { ReadLimits } from './json-text.js';
import { observationShape } from './observation-shape.js';

const schemaName = 'cri-recovery/recording';
const schemaVersion = 1;

/** The schema of the recordings written here. */
export const recordingSchema = `${schemaName}@${schemaVersion}`;

/**
 * As deep as any of containerd's files is read, though a recording stays below ten. A container with its share of pods, images and directories makes
 * 54 values on a large node and 64 on the recorded one, so 150,000 fit.
 */
const limits: ReadLimits = { depth: 1_000, values: 10_000_000 };

/**
 * Writes a recording: what recovery goes by, and so all that a plan needs. Environment variables, annotations, arguments and mounts are no part of
 * an observation; of a checkpoint the fields that this library does not know are left out.
 */
export const encodeRecording = (observation: Observation): string =>
  prettyJson(jsonObject([['schema', recordingSchema], ...Object.entries(observationShape.encode(observation))]));

/** Reads a recording, everything checked, ids included, unknown fields ignored; the left is one line that names what is wrong and where. */
export const decodeRecording = (text: string): E.Either<string, Observation> =>
  pipe(
    parseJson(text, limits),
    E.chainFirst(checkSchema),
    E.chain((json) => pipe(observationShape.decode(json), E.mapLeft(describeErrors))),
  );

const checkSchema = (json: Json): E.Either<string, void> => {
  const schema = isJsonObject(json) ? json.schema : undefined;
  if (schema === recordingSchema) return E.right(undefined);
  if (typeof schema !== 'string') return E.left('not a recording: it names no schema');
  const version = Number(new RegExp(`^${schemaName}@(\\d+)$`).exec(schema)?.[1]);
  if (version > schemaVersion)
    return E.left(
      `the recording is of a newer schema, ${shortened(schema)}, than ${recordingSchema}, which is read here`,
    );
  return E.left(`not a recording: its schema is ${JSON.stringify(shortened(schema))}, not ${recordingSchema}`);
};
