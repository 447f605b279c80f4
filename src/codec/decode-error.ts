/**
 * Codec errors as one line that says where and what was expected. What stood there may be a secret: of a value only its type is told, or the
 * number it is.
 */
import type * as t from 'io-ts';
import { JsonNumber } from '../core/json.js';

/**
 * The first error, and how many more there are: `Metadata.Config.tty: expected a boolean, got a string`.
 */
export const describeErrors = (errors: t.Errors): string => {
  const [first] = errors;
  if (first === undefined) return 'unreadable';
  const path = describePath(first.context);
  const rest = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  return `${path === '' ? '' : `${path}: `}${first.message ?? describeMismatch(first)}${rest}`;
};

const describeMismatch = (error: t.ValidationError): string => {
  const expected = error.context.at(-1)?.type.name ?? 'something else';
  return error.value === undefined
    ? `missing, expected ${expected}`
    : `expected ${expected}, got ${kindOf(error.value)}`;
};

const describePath = (context: t.Context): string =>
  context
    .slice(1)
    .map(({ key }, index) => {
      if (/^\d+$/.test(key)) return `[${key}]`;
      if (!/^\w+$/.test(key)) return `[${JSON.stringify(shortened(key))}]`;
      return index === 0 ? shortened(key) : `.${shortened(key)}`;
    })
    .join('');

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (value instanceof JsonNumber) return shortened(value.text);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

/** Free text cut to what fits a line. */
export const shortened = (text: string): string => (text.length <= 40 ? text : `${text.slice(0, 40)}…`);
