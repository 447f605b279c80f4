/** `plan` and `record` on a test node, as processes of their own. */
import { expect } from 'vitest';
import { type Ended, spawnCommand } from '../../cli/spawned-command.js';
import type { TestNode } from '../harness/index.js';
import { type PlanDocument, parsePlan } from './plan-document.js';

export type PolicyName = 'careful' | 'containerd';

export type Plans = Readonly<Record<PolicyName, PlanDocument>>;

export const bothPolicies: ReadonlyArray<PolicyName> = ['careful', 'containerd'];

/** The options that say where the node is. */
export const whereIs = (node: TestNode): ReadonlyArray<string> => [
  ...['--address', node.socket],
  ...['--root', node.criRoot],
  ...['--state', node.criState],
];

export const planCommand = (node: TestNode, ...options: ReadonlyArray<string>): Promise<Ended> =>
  spawnCommand(['plan', ...whereIs(node), ...options]);

/** The plan that `plan --json` prints for the node. */
export const planOf = async (node: TestNode, policy: PolicyName = 'careful'): Promise<PlanDocument> => {
  const { code, stdout, stderr } = await planCommand(node, '--json', '--policy', policy);
  expect(stderr).toBe('');
  expect([0, 1]).toContain(code);
  return parsePlan(stdout);
};

export const planBoth = async (node: TestNode): Promise<Plans> => {
  const [careful, containerd] = await Promise.all([planOf(node, 'careful'), planOf(node, 'containerd')]);
  return { careful, containerd };
};
