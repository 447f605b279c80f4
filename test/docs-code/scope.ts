/**
 * What an example in a doc comment may name without importing it: `assert`, `E` and `O`, what its own module exports, and what the entry points
 * `cri-recovery` and `cri-recovery/testing` do.
 */
import { basename } from 'node:path';
import * as main from '../../src/index.js';
import * as testing from '../../src/testing/index.js';
import { type Block, read } from './blocks.js';

const everywhere: ReadonlyArray<readonly [name: string, statement: string]> = [
  ['assert', "import assert from 'node:assert/strict';"],
  ['E', "import * as E from 'fp-ts/lib/Either.js';"],
  ['O', "import * as O from 'fp-ts/lib/Option.js';"],
];

const importsOf = (names: ReadonlyArray<string>, from: string): typeof everywhere =>
  names.map((name) => [name, `import { ${name} } from '${from}';`]);

const ownNames = (file: string): ReadonlyArray<string> =>
  [...read(file).matchAll(/^export const (\w+)/gm)].map(([, name]) => name ?? '');

/** The import statements for the names that an example mentions; of two of one name, that of its own module. */
export const importsFor = ({ file, code }: Block): string => {
  const statements = new Map([
    ...everywhere,
    ...importsOf(Object.keys(main), 'cri-recovery'),
    ...importsOf(Object.keys(testing), 'cri-recovery/testing'),
    ...importsOf(ownNames(file), `./${basename(file, '.ts')}.js`),
  ]);
  const mentioned = new Set(code.match(/\w+/g));
  return [...statements].flatMap(([name, statement]) => (mentioned.has(name) ? [statement] : [])).join(' ');
};
