/** The node agent keeps nothing of what it has seen: after an hour its heap is what it was. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CopiedExample, copyExample } from './copied-example.js';

let agent: CopiedExample;
beforeAll(() => {
  agent = copyExample('node-agent');
}, 60_000);
afterAll(() => agent?.remove());

/** After the first twenty minutes 7,200 findings come and go, which took over 4 MB where the agent kept them. */
const mostGrown = 2_000_000;

test('an hour of scrapes and looks leaves nothing on the heap', { timeout: 180_000 }, () => {
  const source = readFileSync(join(import.meta.dirname, 'an-hour.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  // Beside the agent, so that it finds the same packages.
  const file = join(agent.folder, 'an-hour.mjs');
  writeFileSync(file, outputText);
  const runAgent = pathToFileURL(join(agent.folder, 'build', 'run-agent.js')).href;
  const printed = execFileSync(process.execPath, ['--expose-gc', file, runAgent], { encoding: 'utf8' });
  const { grown, looks, logged, bytes } = JSON.parse(printed);
  expect(looks).toBeGreaterThanOrEqual(3_600);
  expect(logged).toBeGreaterThan(20_000);
  expect(bytes).toBeGreaterThan(3_600 * 1_000);
  expect(grown).toBeLessThan(mostGrown);
});
