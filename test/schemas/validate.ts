/** The JSON Schemas as the package ships them, by the name of the document. */
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { read } from '../docs-code/blocks.js';

const names = ['report', 'change', 'explanation', 'recording'] as const;

export type SchemaName = (typeof names)[number];

const fileOf = (name: SchemaName): string => `${name}.schema.json`;

export const schemas: Readonly<Record<SchemaName, Readonly<Record<string, unknown>>>> = Object.fromEntries(
  names.map((name) => [name, JSON.parse(read(`docs/schemas/${fileOf(name)}`))]),
) as Record<SchemaName, Record<string, unknown>>;

// `strictTypes` and `strictRequired` want types and properties repeated beside a $ref.
const ajv = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  allErrors: true,
  schemas: names.map((name) => schemas[name]),
});

/** What a schema has against a value: nothing where it is valid. */
export const complaints = (name: SchemaName, value: unknown): ReadonlyArray<string> => {
  const validate = ajv.getSchema(fileOf(name)) as ValidateFunction;
  return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
};
