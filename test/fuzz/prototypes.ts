/** What every object inherits, before anything was read: nothing that is read may change it. */
import assert from 'node:assert/strict';

const inherited = (): ReadonlyArray<string> =>
  [Object.prototype, Array.prototype, String.prototype, Function.prototype, Map.prototype].flatMap((prototype) =>
    Object.entries(Object.getOwnPropertyDescriptors(prototype)).map(([key, { value }]) => `${key} ${typeof value}`),
  );

const before = inherited();

export const expectCleanPrototypes = (): void => assert.deepStrictEqual(inherited(), before);
