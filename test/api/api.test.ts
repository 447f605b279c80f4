/** A change of the public API shows in a file that is reviewed; `npm run docs:write` writes it anew. */
import { describe, expect, it } from 'vitest';
import { read } from '../docs-code/blocks.js';
import { entryPoints } from './declarations.js';
import { describeApi } from './describe-api.js';

describe('the public API is as it was reviewed', () => {
  it.each(describeApi())('$name', async ({ name, report }) => {
    await expect(report).toMatchFileSnapshot(`./${name.replace('cri-recovery', 'root').replace('root/', '')}.api.md`);
  });
});

it('has an API reference of every entry point', () => {
  const built = entryPoints.map(({ file }) => file.replace(/^.*\/dist\/(.*)\.d\.ts$/, 'src/$1.ts'));
  expect([...JSON.parse(read('.typedoc.json')).entryPoints].sort()).toStrictEqual(built.sort());
});
