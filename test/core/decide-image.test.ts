/** Facts section 4 and the row `imageCheck`: which images count, and which are adopted. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { decideImage, settleImage } from '../../src/core/decide-image.js';
import type { ObservedImage } from '../../src/core/observation.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { policyRows } from './arbitraries.js';
import { portError } from './tables/readings.js';

const image = (
  missing: ReadonlyArray<string>,
  unpacked: boolean,
  labels: Readonly<Record<string, string>> = { 'io.cri-containerd.image': 'managed' },
): ObservedImage => ({
  record: { name: 'docker.io/library/web:1', target: 'sha256:index', labels },
  content: E.right({ id: 'sha256:config', chainId: 'sha256:chain', size: 5, missing, unpacked }),
});

const stateOf = (policy: Policy, observed: ObservedImage) => {
  const decided = decideImage(policy)(observed);
  return E.isLeft(decided) ? decided.left.tag : decided.right.state;
};

const table = [
  { missing: [], unpacked: true, manifest: 'ready', content: 'ready', findings: [] },
  { missing: [], unpacked: false, manifest: 'ready', content: 'not-unpacked', findings: ['image-not-unpacked'] },
  { missing: ['sha256:l'], unpacked: true, manifest: 'ready', content: 'incomplete', findings: ['image-incomplete'] },
  {
    missing: ['sha256:l', 'sha256:m'],
    unpacked: false,
    manifest: 'ready',
    content: 'incomplete',
    findings: ['image-incomplete', 'image-not-unpacked'],
  },
] as const;

describe.each(table)('an image with $missing missing, unpacked: $unpacked', ({ missing, unpacked, ...expected }) => {
  it('counts for containerd when its manifest is readable, and for careful by its content', () => {
    expect(stateOf(containerd, image(missing, unpacked))).toBe(expected.manifest);
    expect(stateOf(careful, image(missing, unpacked))).toBe(expected.content);
  });

  it('has what it lacks found under both', () => {
    for (const policy of [containerd, careful]) {
      const decided = decideImage(policy)(image(missing, unpacked));
      expect(E.isRight(decided) && decided.right.findings.map(({ code }) => code)).toEqual(expected.findings);
    }
  });
});

describe.each([
  { name: 'containerd', policy: containerd, other: careful },
  { name: 'careful', policy: careful, other: containerd },
] as const)('$name', ({ policy, other }) => {
  it.each(['NotFound', 'Denied', 'Unavailable', 'TimedOut', 'Corrupt', 'NoSpace', 'Unexpected'] as const)(
    'skips an image whose manifest cannot be read: %s',
    (tag) => {
      const observed = { ...image([], true), content: E.left(portError('images', tag)) };
      expect(decideImage(policy)(observed)).toMatchObject(
        E.left({ kind: 'image', id: 'docker.io/library/web:1', tag: 'ImageUnreadable' }),
      );
    },
  );

  it.each([
    ['no label', {}, true],
    ['the label', { 'io.cri-containerd.image': 'managed' }, false],
    ['another value of the label', { 'io.cri-containerd.image': 'yes' }, true],
    ['another label', { 'io.cri-containerd.pinned': 'pinned' }, true],
  ] as const)('adopts an image with %s: %o → %s', (_, labels, isAdopted) => {
    const observed = image([], true, labels);
    const decided = decideImage(policy)(observed);
    const adoption = { _tag: 'AdoptImage', image: observed.record, id: 'sha256:config' };
    expect(E.isRight(decided) && decided.right.steps).toEqual(isAdopted ? [adoption] : []);
  });

  it('keeps its state when it cannot be adopted', () => {
    const decided = decideImage(policy)(image([], true, {}));
    if (E.isLeft(decided)) throw new Error(decided.left.message);
    const outcome = { _tag: 'Failed', error: portError('images', 'Denied') } as const;
    const settled = settleImage(decided.right, outcome);
    expect(settled).toEqual({ ...decided.right, steps: [], performed: [{ step: decided.right.steps[0], outcome }] });
    expect(settleImage(settled, { _tag: 'Done' })).toEqual(settled);
  });

  it('asks no row but imageCheck', () => {
    const observed = image(['sha256:l'], false, {});
    for (const row of policyRows) {
      const flipped = decideImage({ ...policy, [row]: other[row] })(observed);
      if (row === 'imageCheck') expect(flipped).not.toEqual(decideImage(policy)(observed));
      else expect(flipped).toEqual(decideImage(policy)(observed));
    }
  });
});
