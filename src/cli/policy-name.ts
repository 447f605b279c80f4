/** A policy by its name, where it has one. */
import { type Policy, policies } from '../index.js';

export const policyName = (policy: Policy): string => {
  const named = Object.entries(policies).find(([, preset]) =>
    Object.entries(preset).every(([row, choice]) => policy[row as keyof Policy] === choice),
  );
  return named?.[0] ?? 'of its own';
};
