/** The example of a consumer's own test, run as its README says. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CopiedExample, copyExample } from './copied-example.js';

let example: CopiedExample;
beforeAll(() => {
  example = copyExample('unit-test');
}, 60_000);
afterAll(() => example?.remove());

test('passes with node:test', { timeout: 30_000 }, () => {
  expect(example.scripts.test).toBe('tsc && node --test build/plan-restarts.test.js');
  const file = join(example.folder, 'build', 'plan-restarts.test.js');
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const said = execFileSync(process.execPath, ['--test', '--test-reporter=tap', file], { encoding: 'utf8', env });
  expect(said).toMatch(/^# pass 10$/m);
  expect(said).toMatch(/^# fail 0$/m);
});
