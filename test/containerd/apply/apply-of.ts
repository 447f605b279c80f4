/** `apply` on a test node, as a process of its own. */
import { expect } from 'vitest';
import { type Ended, spawnCommand } from '../../cli/spawned-command.js';
import type { TestNode } from '../harness/index.js';
import type { PlanDocument } from '../plan/plan-document.js';
import { type PolicyName, whereIs } from '../plan/plan-of.js';

export const applyCommand = (node: TestNode, ...options: ReadonlyArray<string>): Promise<Ended> =>
  spawnCommand(['apply', ...whereIs(node), ...options]);

export interface Applied {
  readonly code: number | null;
  readonly report: PlanDocument;
}

/** What `apply --json` prints and ends with. */
export const applyTo = async (
  node: TestNode,
  policy: PolicyName = 'careful',
  ...options: ReadonlyArray<string>
): Promise<Applied> => {
  const { code, stdout, stderr } = await applyCommand(node, '--json', '--policy', policy, ...options);
  expect(stderr).toBe('');
  expect([0, 1]).toContain(code);
  const report: PlanDocument = JSON.parse(stdout);
  expect(report).toMatchObject({ schema: 'cri-recovery/report@1', mode: 'apply' });
  return { code, report };
};
