/**
 * Ids of sandboxes and containers. An id becomes a directory name, so only what containerd itself accepts is one; a name is free text and
 * never becomes a path.
 */
import * as E from 'fp-ts/lib/Either.js';

declare const idBrand: unique symbol;

/** The id of a sandbox or container: 1 to 76 letters, digits, `.`, `_` and `-`, safe as one path segment. */
export type Id = string & { readonly [idBrand]: true };

/** What kind of CRI object a record, a directory or a name belongs to: the value of the label `io.cri-containerd.kind`. */
export type Kind = 'sandbox' | 'container';

const longestId = 76;
const idPattern = /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/;

/**
 * Accepts what containerd accepts as an identifier (containerd `pkg/identifiers`), and says why it accepts nothing else.
 *
 * @example
 * assert.deepStrictEqual(parseId('4f53cda18c2b'), E.right('4f53cda18c2b'));
 * assert.deepStrictEqual(E.isLeft(parseId('../etc')), true);
 */
export const parseId = (text: string): E.Either<string, Id> => {
  if (text.length === 0) return E.left('the id is empty');
  if (text.length > longestId)
    return E.left(`the id is ${text.length} characters long, at most ${longestId} are allowed`);
  if (!idPattern.test(text))
    return E.left(`the id ${JSON.stringify(text)} is not letters, digits and single . _ - between them`);
  return E.right(text as Id);
};

/** True for exactly one path segment, the same to the kernel as here: not empty, `.` or `..`, without slash, NUL or half a surrogate pair. */
export const isEntryName = (name: string): boolean => !/^\.{0,2}$|[/\0\p{Surrogate}]/u.test(name);
