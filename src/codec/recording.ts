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
import { maskObservation } from './mask.js';
import { observationShape } from './observation-shape.js';

const schemaName = 'cri-recovery/recording';
const schemaVersion = 1;

/** The schema of the recordings written here. */
export const recordingSchema = `${schemaName}@${schemaVersion}`;

/**
 * Deeper than any of containerd's files that was read into the observation, and what a recording puts around it. Of the values, 10,000 containers
 * with a hundred environment variables each are a third.
 */
const limits: ReadLimits = { depth: 1_100, values: 10_000_000 };

/** Writes a recording. With `mask`, no value of an environment variable or annotation is in it; the plan made from it stays the same. */
export const encodeRecording = (observation: Observation, options: { readonly mask: boolean }): string => {
  const document = observationShape.encode(options.mask ? maskObservation(observation) : observation);
  return prettyJson(jsonObject([['schema', recordingSchema], ...Object.entries(document)]));
};

/** Reads a recording, everything checked, ids included; the left is one line that names what is wrong and where. */
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
  const version = new RegExp(`^${schemaName}@(\\d+)$`).exec(schema)?.[1];
  if (version !== undefined && Number(version) > schemaVersion)
    return E.left(
      `the recording is of a newer schema, ${shortened(schema)}, than ${recordingSchema}, which is read here`,
    );
  return E.left(`not a recording: its schema is ${JSON.stringify(shortened(schema))}, not ${recordingSchema}`);
};
