/** Strings as they turn up, and strings made to break something. */

import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { type Id, parseId } from '../../src/core/identity.js';

/** Keys, names and paths that have broken programs before. */
export const hostileTexts = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'toJSON',
  'isLosslessNumber',
  '../x',
  '..',
  '/',
  '\0',
  'a\nb',
  '\ud800',
  '\udc00x',
  '<&>\u2028\u2029',
  '\u212a\u017f',
  '0',
  '-1',
  'PID',
  'x'.repeat(10_000),
] as const;

/** Any JavaScript string, hostile ones often. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(...hostileTexts) },
);

const alphanumerics = [...'abcxyzABCXYZ0189'];

/** Ids that containerd accepts. */
export const arbitraryId: fc.Arbitrary<Id> = fc
  .array(fc.string({ unit: fc.constantFrom(...alphanumerics), minLength: 1, maxLength: 24 }), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((words) => fc.constantFrom('.', '_', '-').map((separator) => parseId(words.join(separator))))
  .map((parsed) => {
    if (E.isLeft(parsed)) throw new Error(parsed.left);
    return parsed.right;
  });

/** Texts that are no id. */
export const arbitraryUnsafeId: fc.Arbitrary<string> = arbitraryText.filter((text) => E.isLeft(parseId(text)));
