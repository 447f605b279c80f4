/** Every piece of code that a reader may copy: TypeScript is type-checked and run, commands are understood, JSON is read. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type Block,
  codeSpans,
  documents,
  examples,
  fencedBlocks,
  placeOf,
  read,
  sources,
} from './docs-code/blocks.js';
import { type Compiled, compile } from './docs-code/compile.js';
import { commandsIn, isOurs, mistakeIn } from './docs-code/shell.js';

const fenced = documents.flatMap((file) => fencedBlocks(file));
const of = (language: string): ReadonlyArray<Block> => fenced.filter((block) => block.language === language);
const byPlace = (blocks: ReadonlyArray<Block>) => blocks.map((block) => ({ place: placeOf(block), block }));

describe('the code in documents and doc comments', () => {
  it('is all found, and says what it is', () => {
    const known = ['ts', 'sh', 'json', 'jsonl', 'text'];
    expect(fenced.filter(({ language }) => !known.includes(language)).map(placeOf)).toStrictEqual([]);
    const fences = documents.flatMap((file) => read(file).match(/^ *```/gm) ?? []);
    expect(fences).toHaveLength(fenced.length * 2);
    const tags = sources.flatMap((file) => read(file).match(/\* @example/g) ?? []);
    expect(sources.flatMap((file) => examples(file))).toHaveLength(tags.length);
  });
});

describe('TypeScript', () => {
  const blocks = [...of('ts'), ...sources.flatMap((file) => examples(file))];
  let compiled: Compiled;
  beforeAll(() => {
    compiled = compile(blocks);
  }, 60_000);
  afterAll(() => compiled.remove());
  afterEach(() => vi.restoreAllMocks());

  it.each(byPlace(blocks))('is type-checked and run: $place', { timeout: 20_000 }, async ({ block }) => {
    expect(compiled.mistakesIn(block)).toBe('');
    const said = vi.spyOn(console, 'log').mockReturnValue();
    const { timeout } = AbortSignal;
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(Math.min(ms, 200)));
    await compiled.run(block);
    if (block.code.includes('console.log(')) expect(said).toHaveBeenCalled();
  });
});

describe('a command', () => {
  const shown = [...of('sh'), ...documents.flatMap((file) => codeSpans(file))].flatMap((block) =>
    commandsIn(block.code)
      .filter(isOurs)
      .map((words) => ({ place: placeOf(block), command: words.join(' '), words })),
  );

  it.each(shown)('can be run as it stands: $command ($place)', ({ words }) => {
    expect(mistakeIn(words)).toBeUndefined();
  });
});

describe('JSON', () => {
  it.each(byPlace([...of('json'), ...of('jsonl')]))('is read: $place', ({ block: { language, code } }) => {
    const texts = language === 'json' ? [code] : code.trim().split('\n');
    for (const text of texts) expect(() => JSON.parse(text)).not.toThrow();
  });
});
