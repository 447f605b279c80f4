import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/core/decide.js';
import { earlyPart, together, without } from '../../src/core/early.js';
import type { Observation, ObservedContainer, ObservedSandbox } from '../../src/core/observation.js';
import type { Plan } from '../../src/core/plan.js';
import { careful } from '../../src/core/policy.js';
import { unreadContainer, unreadSandbox } from '../../src/reading/items.js';
import { arbitraryNode, arbitraryPolicy } from './arbitraries.js';
import { containerRecord, observation, observedContainer, observedSandbox, sandboxRecord } from './records.js';
import { times } from './tables/readings.js';

const arbitraryLate = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));

/** The node as it is known while those have not answered. */
const knownEarly = (node: Observation, late: ReadonlySet<string>): Observation => {
  const isLate = ({ record }: ObservedSandbox | ObservedContainer): boolean => late.has(record.id);
  return {
    ...node,
    images: [],
    sandboxes: node.sandboxes.map(E.map((item) => (isLate(item) ? unreadSandbox(item.record) : item))),
    containers: node.containers.map(E.map((item) => (isLate(item) ? unreadContainer(item.record) : item))),
  };
};

const idsOf = ({ sandboxes, containers }: Plan) => [...sandboxes, ...containers].map(({ record }) => record.id);

describe('the early part of a plan', () => {
  it('is decided as it will be when all has answered, and holds all that does not depend on what is late', () => {
    let parts = 0;
    let whole = 0;
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryNode, arbitraryLate, (policy, node, ids) => {
        const late = new Set<string>(ids);
        const early = decide(policy, times.now)(knownEarly(node, late));
        const planned = decide(policy, times.now)(node);
        if (E.isLeft(early) || E.isLeft(planned)) {
          expect(E.isLeft(early)).toBe(E.isLeft(planned));
          return;
        }
        const part = earlyPart(early.right, late);
        const rest = without(planned.right, part);
        expect(idsOf(part).filter((id) => late.has(id))).toStrictEqual([]);
        const all = together(part, rest);
        expect({ ...all, failures: planned.right.failures }).toStrictEqual(planned.right);
        expect(all.failures).toStrictEqual(planned.right.failures);
        parts += idsOf(part).length;
        whole += idsOf(planned.right).length;
      }),
      { numRuns: 2_000 },
    );
    expect(parts).toBeGreaterThan(whole / 10);
    expect(parts).toBeLessThan(whole);
  });

  it('lacks the containers of a pod that is late, and no others', () => {
    const pods = ['p1', 'p2'].map((id) => E.right(observedSandbox('running', sandboxRecord(id, true))));
    const inPod = (id: string, pod: string) =>
      E.right(observedContainer('running', 'RUNNING', 'not asked', containerRecord(id, pod)));
    const node = observation({ sandboxes: pods, containers: [inPod('c1', 'p1'), inPod('c2', 'p2')] });
    const planned = decide(careful, times.now)(node);
    if (E.isLeft(planned)) throw new Error(planned.left._tag);
    expect(idsOf(earlyPart(planned.right, new Set(['p1'])))).toStrictEqual(['p2', 'c2']);
  });

  it('is everything but images, directories and failures where nothing is late', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryNode, (policy, node) => {
        const planned = decide(policy, times.now)(node);
        if (E.isLeft(planned)) return;
        const part = earlyPart(planned.right, new Set());
        expect(part).toStrictEqual({ ...planned.right, images: [], orphans: [], failures: [] });
        expect(idsOf(without(planned.right, part))).toStrictEqual([]);
      }),
    );
  });
});
