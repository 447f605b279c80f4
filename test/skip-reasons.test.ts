import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const suite = 'test/containerd/task-bundles.test.ts';
const run = (required: string) =>
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', '.vitest.ts', suite], {
    encoding: 'utf8',
    env: { ...process.env, CRI_RECOVERY_RELEASES: '/nowhere', CRI_RECOVERY_REQUIRE_CONTAINERD: required },
  });

test('where containerd is not, its tests are skipped, and the last lines say why', { timeout: 60_000 }, () => {
  const { status, stdout } = run('0');
  expect(status).toBe(0);
  const why = process.getuid?.() === 0 ? 'not unpacked in /nowhere/2.x' : 'needs root';
  expect(stdout).toMatch(new RegExp(`skipped: \\d+ × ${why}\n`));
});

test('where it has to be, they fail', { timeout: 60_000 }, () => {
  expect(run('1').status).toBe(1);
});
