/** Every way to spoil a JSON document in one place, each with the name of what was done. */

type Path = ReadonlyArray<string | number>;

export interface Mutation {
  readonly name: string;
  readonly value: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const replaced = (value: unknown, [key, ...rest]: Path, change: (value: unknown) => unknown): unknown => {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaced(item, rest, change) : item));
  if (!isObject(value)) throw new Error(`there is no ${key}`);
  return { ...value, [key]: replaced(value[key], rest, change) };
};

const without = (value: unknown, key: string): unknown => {
  if (!isObject(value)) throw new Error('not an object');
  const { [key]: _, ...rest } = value;
  return rest;
};

/** A key more, a key less, and a value of another type, at every place of the document. */
export const mutationsOf = (document: unknown): ReadonlyArray<Mutation> => {
  const visit = (value: unknown, path: Path): ReadonlyArray<Mutation> => {
    const at = (what: string, change: (value: unknown) => unknown): Mutation => ({
      name: `${what} at ${path.join('.') || 'the top'}`,
      value: replaced(document, path, change),
    });
    if (Array.isArray(value)) {
      return [at('an object for a list', () => ({})), ...value.flatMap((item, index) => visit(item, [...path, index]))];
    }
    if (!isObject(value)) return [at('a list for a value', () => [[]])];
    return [
      at('a key more', (one) => ({ ...(one as object), surplus: 1 })),
      ...Object.keys(value).map((key) => at(`no ${key}`, (one) => without(one, key))),
      ...Object.entries(value).flatMap(([key, item]) => visit(item, [...path, key])),
    ];
  };
  return visit(document, []);
};
