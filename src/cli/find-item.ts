/**
 * Which sandbox or container somebody means: by its id, by its name as this command or the node has it, or by the beginning of its id.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Observation } from '../index.js';
import { containerName, containerText, idText, podName, podText } from './item-names.js';
import { clipped } from './printable.js';

/** The id; on the left one line that says that nothing is called so, or what is. */
export const findItem = ({ sandboxes, containers }: Observation, asked: string): E.Either<string, string> => {
  const items = [
    ...sandboxes.map((one) => itemOf(one, (named) => [named.name, podName(named.name), podText(named)], podText)),
    ...containers.map((one) =>
      itemOf(one, (named) => [named.name, containerName(named.name), containerText(named)], containerText),
    ),
  ];
  const meant = [
    items.filter(({ id }) => id === asked),
    items.filter(({ names }) => names.includes(asked)),
    items.filter(({ id }) => asked.length >= shortestPrefix && id.startsWith(asked)),
  ];
  const found = distinct(meant.find((some) => some.length > 0) ?? []);
  const [only] = found;
  if (only !== undefined && found.length === 1) return E.right(only.id);
  const quoted = clipped(JSON.stringify(asked), widestText);
  if (found.length > 1) return E.left(`${quoted} may be any of ${found.length}: ${listText(found)}; say it by its id`);
  const alike = distinct(items.filter((item) => isAlike(item, asked)));
  const whatElse =
    alike.length > 0
      ? `; there is ${listText(alike)}`
      : `; plan lists all ${distinct(items).length}, and an id is known by its first ${shortestPrefix} characters`;
  return E.left(`no sandbox or container is called ${quoted}${whatElse}`);
};

const shortestPrefix = 4;
const mostListed = 6;
const widestText = 64;

interface Item {
  readonly id: string;
  readonly names: ReadonlyArray<string>;
  /** What it is called in an answer. */
  readonly text: string;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** What could not be loaded has no name. */
const itemOf = (
  listed: E.Either<{ readonly id: string }, { readonly record: Named }>,
  namesOf: (named: Named) => ReadonlyArray<string>,
  textOf: (named: Named) => string,
): Item => {
  if (E.isLeft(listed)) return { id: listed.left.id, names: [], text: idText(listed.left.id) };
  const { id, name } = listed.right.record;
  const text = textOf({ id, name });
  return { id, names: namesOf({ id, name }), text: text.includes(idText(id)) ? text : `${text} ${idText(id)}` };
};

/** An id that was listed twice is one item. */
const distinct = (items: ReadonlyArray<Item>): ReadonlyArray<Item> => [
  ...new Map(items.map((item) => [item.id, item])).values(),
];

/** For somebody who has mistyped it, or knows a part of it. */
const isAlike = ({ id, names }: Item, asked: string): boolean =>
  asked !== '' && (id.startsWith(asked) || names.some((name) => name.includes(asked)));

const listText = (items: ReadonlyArray<Item>): string => {
  const listed = items.slice(0, mostListed).map(({ text }) => clipped(text, widestText));
  const more = items.length - listed.length;
  return [listed.join(', '), ...(more > 0 ? [`and ${more} more`] : [])].join(' ');
};
