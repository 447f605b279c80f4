/** A policy in one word. */
import { careful, containerd, type Policy } from './policy.js';

/** The name of the preset that a policy is, row by row; `mixed` where it is none. */
export const policyName = (policy: Policy): 'careful' | 'containerd' | 'mixed' => {
  const rows = Object.keys(careful) as ReadonlyArray<keyof Policy>;
  const is = (preset: Policy): boolean => rows.every((row) => preset[row] === policy[row]);
  if (is(careful)) return 'careful';
  return is(containerd) ? 'containerd' : 'mixed';
};
