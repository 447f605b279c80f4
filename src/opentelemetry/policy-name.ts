/** A policy in one word. */
import { type Policy, policies } from '../core/index.js';

/** The name of the preset it is, or `mixed`. */
export const policyName = (policy: Policy): string => {
  const choices = Object.keys(policies.careful) as ReadonlyArray<keyof Policy>;
  const isPolicy = ([, preset]: readonly [string, Policy]): boolean =>
    choices.every((choice) => preset[choice] === policy[choice]);
  return Object.entries(policies).find(isPolicy)?.[0] ?? 'mixed';
};
