import { expect, it } from 'vitest';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { policyName } from '../../src/core/policy-name.js';

it('is the name of a preset, whoever made it', () => {
  expect(policyName({ ...careful })).toBe('careful');
  expect(policyName({ ...containerd })).toBe('containerd');
});

it.each(Object.keys(careful) as ReadonlyArray<keyof Policy>)('is mixed as soon as %s is another choice', (row) => {
  expect(policyName({ ...careful, [row]: containerd[row] })).toBe('mixed');
  expect(policyName({ ...containerd, [row]: careful[row] })).toBe('mixed');
});
