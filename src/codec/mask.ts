/**
 * Takes what is often secret out of an observation: the values of environment variables and annotations, wherever the stored objects hold them.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import type { Observation, ObservedContainer, ObservedSandbox } from '../core/observation.js';
import { foldKey } from './go-struct.js';
import { jsonObject } from './json.js';

/** What stands in the place of a masked value. */
const masked = 'masked';

/** The same observation with every environment variable and annotation masked, their keys kept. */
export const maskObservation = (observation: Observation): Observation => ({
  ...observation,
  sandboxes: observation.sandboxes.map(E.map(maskSandbox)),
  containers: observation.containers.map(E.map(maskContainer)),
});

const maskSandbox = (sandbox: ObservedSandbox): ObservedSandbox => ({
  ...sandbox,
  record: { ...sandbox.record, metadata: maskStored(sandbox.record.metadata) },
});

const maskContainer = (container: ObservedContainer): ObservedContainer => ({
  ...container,
  record: { ...container.record, metadata: maskStored(container.record.metadata) },
  checkpoint: pipe(
    container.checkpoint,
    E.map((checkpoint) => ({ ...checkpoint, rest: maskObject(checkpoint.rest) })),
  ),
});

const maskStored = <M extends { readonly config: JsonObject; readonly rest: JsonObject }>(metadata: M): M => ({
  ...metadata,
  config: maskObject(metadata.config),
  rest: maskObject(metadata.rest),
});

/** At any depth and in any spelling, since Go does not mind the case of a key. Labels are free keys: a label `env` is no environment. */
const maskObject = (object: JsonObject): JsonObject =>
  jsonObject(Object.entries(object).map(([key, value]) => [key, maskMember(foldKey(key), value)]));

const maskMember = (key: string, value: Json): Json => {
  switch (key) {
    case 'envs':
    case 'env':
      return Array.isArray(value) ? value.map(maskVariable) : hide(value);
    case 'annotations':
      return isJsonObject(value) ? mapValues(value, (_key, annotation) => hide(annotation)) : hide(value);
    case 'labels':
      return isJsonObject(value) ? mapValues(value, (_key, label) => maskJson(label)) : maskJson(value);
    default:
      return maskJson(value);
  }
};

const maskJson = (value: Json): Json => {
  if (isJsonObject(value)) return maskObject(value);
  return Array.isArray(value) ? value.map(maskJson) : value;
};

/** An entry of `envs`: only what is surely its key is kept. */
const maskVariable = (variable: Json): Json =>
  isJsonObject(variable)
    ? mapValues(variable, (key, value) => (key === 'key' && typeof value === 'string' ? value : hide(value)))
    : hide(variable);

const mapValues = (object: JsonObject, change: (foldedKey: string, value: Json) => Json): JsonObject =>
  jsonObject(Object.entries(object).map(([key, value]) => [key, change(foldKey(key), value)]));

const hide = (value: Json): Json => (value === null ? null : masked);
