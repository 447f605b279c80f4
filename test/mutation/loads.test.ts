/** A mutant that keeps a module from being loaded fails no test of the files that import it: there are none then. It fails these, which come last. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

describe.each(['core', 'codec'])('src/%s', (folder) => {
  const files = readdirSync(new URL(`../../src/${folder}`, import.meta.url));

  it.each(files)('%s can be loaded', async (file) => {
    expect(await import(`../../src/${folder}/${file.replace('.ts', '')}.ts`)).toBeTypeOf('object');
  });
});
