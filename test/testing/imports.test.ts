import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const specifier = /(?:^|\n)(?:import|export)[^;]*? from '([^']+)'|(?:^|\n)import '([^']+)'|import\('([^']+)'\)/g;
const typesOnly = /(?:^|\n)(?:import|export) type [^;]*;/g;

/** Every module that loading a source file loads, those outside of the project by name. */
const loadedBy = (file: URL, seen = new Set<string>()): Set<string> => {
  if (seen.has(file.pathname)) return seen;
  seen.add(file.pathname);
  const source = readFileSync(file, 'utf8').replace(typesOnly, '');
  for (const [, from, bare, dynamic] of source.matchAll(specifier)) {
    const name = from ?? bare ?? dynamic ?? '';
    if (name.startsWith('.')) loadedBy(new URL(name.replace(/\.js$/, '.ts'), file), seen);
    else seen.add(name);
  }
  return seen;
};

test('the fakes load nothing but fp-ts and assertions: no gRPC, no file system, no test runner', () => {
  const loaded = [...loadedBy(new URL('../../src/testing/index.ts', import.meta.url))];
  expect(loaded.length).toBeGreaterThan(20);
  const outside = loaded.filter((name) => !name.startsWith('/'));
  expect(outside.filter((name) => !/^fp-ts\/lib\/\w+\.js$/.test(name))).toEqual(['node:assert/strict']);
});

test('the search finds what a module does load', () => {
  const loaded = loadedBy(new URL('../../src/disk/index.ts', import.meta.url));
  expect([...loaded]).toEqual(expect.arrayContaining(['fs-extra', 'debug', 'node:fs', 'node:path']));
});
