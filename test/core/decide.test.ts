/** The plan for a whole node: order, hostile text, ids and names that meet, and what is odd only beside other items. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import type { DirectoryAction } from '../../src/core/action.js';
import { decide } from '../../src/core/decide.js';
import type { ItemFailure } from '../../src/core/failure.js';
import type { Observation, ObservedBase } from '../../src/core/observation.js';
import type { Plan } from '../../src/core/plan.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { arbitraryObservation } from '../arbitraries/observation.js';
import { arbitraryNode, arbitraryPolicy } from './arbitraries.js';
import { containerRecord, observation, observedContainer, observedSandbox, sandboxRecord } from './records.js';
import { times } from './tables/readings.js';

const planOf = (policy: Policy, observed: Observation): Plan => {
  const plan = decide(policy, times.now)(observed);
  if (E.isLeft(plan)) throw new Error(plan.left._tag);
  return plan.right;
};

/** Mixes that do not give up, so that there is a plan to look at. */
const lenient = arbitraryPolicy.map(
  (policy): Policy => ({ ...policy, duplicateName: 'shadow', orphanedDirectory: 'quarantine' }),
);

const shuffle = <A>(items: ReadonlyArray<A>) => fc.shuffledSubarray([...items], { minLength: items.length });

const withEntriesReversed = (base: ObservedBase): ObservedBase => ({
  ...base,
  entries: E.isLeft(base.entries) ? base.entries : E.right([...base.entries.right].reverse()),
});

const nodeAndShuffled = arbitraryNode.chain((node) =>
  fc
    .tuple(shuffle(node.sandboxes), shuffle(node.containers), shuffle(node.images), shuffle(node.bases))
    .map(([sandboxes, containers, images, bases]): readonly [Observation, Observation] => [
      node,
      { ...node, sandboxes, containers, images, bases: bases.map(withEntriesReversed) },
    ]),
);

describe('decide', () => {
  it('does not depend on the order of anything observed', () => {
    fc.assert(
      fc.property(arbitraryPolicy, nodeAndShuffled, (policy, [node, other]) => {
        expect(decide(policy, times.now)(other)).toEqual(decide(policy, times.now)(node));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever was observed', () => {
    fc.assert(
      fc.property(arbitraryPolicy, fc.oneof(arbitraryNode, arbitraryObservation), (policy, node) => {
        decide(policy, times.now)(node);
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing of what it was given', () => {
    const frozen = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
      Object.freeze(value);
      for (const part of Object.values(value)) frozen(part);
    };
    fc.assert(
      fc.property(lenient, arbitraryNode, (policy, node) => {
        frozen(node);
        planOf(policy, node);
      }),
      { numRuns: 100 },
    );
  });

  it('acts on no directory but plain ones that were observed and are not listed', () => {
    fc.assert(
      fc.property(lenient, fc.boolean(), arbitraryNode, (policy, removes, node) => {
        const decided = decide({ ...policy, orphanedDirectory: removes ? 'remove' : 'quarantine' }, times.now)(node);
        if (E.isLeft(decided)) return;
        const actions: ReadonlyArray<DirectoryAction> = decided.right.orphans.flatMap(({ steps }) => steps);
        for (const { base, name } of actions) {
          const found = node.bases.find(({ kind, area }) => kind === base.kind && area === base.area)?.entries;
          const isPlain =
            found !== undefined &&
            E.isRight(found) &&
            found.right.some((entry) => entry.name === name && entry.type === 'directory');
          expect(isPlain).toBe(true);
          const items = base.kind === 'sandbox' ? node.sandboxes : node.containers;
          const ids = items.map((item): string => (E.isLeft(item) ? item.left.id : item.right.record.id));
          expect(ids).not.toContain(name);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('steps are for the item they stand at', () => {
    fc.assert(
      fc.property(lenient, arbitraryNode, (policy, node) => {
        const { sandboxes, containers } = planOf(policy, node);
        for (const { record, steps } of [...sandboxes, ...containers])
          expect(steps.filter(({ id }) => id !== record.id)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

const failed = (
  kind: ItemFailure['kind'],
  id: string,
  tag: ItemFailure['tag'] = 'MetadataUnreadable',
): ItemFailure => ({
  kind,
  id,
  tag,
  message: 'it is what it is',
});

it('failures stand in order of kind, id, tag and message, whatever their lengths', () => {
  const inOrder = [
    failed('container', 'a', 'MetadataMissing'),
    failed('container', 'a', 'MetadataUnreadable'),
    failed('container', 'a-b', 'MetadataMissing'),
  ];
  const node = observation({ containers: [...inOrder].reverse().map(E.left) });
  expect(planOf(careful, node).failures).toEqual(inOrder);
});

describe('an id listed twice', () => {
  const twice = observation({
    containers: [
      E.right(observedContainer('absent', 'EXITED', 'not asked', containerRecord('b'))),
      E.right(observedContainer('running', 'RUNNING', 'not asked', containerRecord('a'))),
      E.right(observedContainer('absent', 'EXITED', 'not asked', containerRecord('a'))),
      E.right(observedContainer('absent', 'EXITED', 'not asked', containerRecord('b'))),
      E.right(observedContainer('absent', 'EXITED', 'not asked', containerRecord('c'))),
    ],
    bases: [
      {
        kind: 'container',
        area: 'root',
        path: '/root/containers',
        entries: E.right([{ name: 'a', type: 'directory', mounts: [] }]),
      },
    ],
  });

  it('makes containerd give up, and names the first', () => {
    const idOf = (item: (typeof twice.containers)[number]): string => (E.isRight(item) ? item.right.record.id : '');
    const backwards = twice.containers.toSorted((one, other) => (idOf(one) < idOf(other) ? 1 : -1));
    for (const containers of [twice.containers, backwards])
      expect(decide(containerd, times.now)({ ...twice, containers })).toEqual(
        E.left({ _tag: 'IdTaken', kind: 'container', id: 'a' }),
      );
  });

  it('is believed neither time under careful, and its directory is no orphan', () => {
    const plan = planOf(careful, twice);
    expect(plan.containers.map(({ record }) => record.id)).toEqual(['c']);
    expect(plan.failures.map(({ id, tag }) => `${id} ${tag}`)).toEqual(['a DuplicateId', 'b DuplicateId']);
    expect(plan.orphans).toEqual([]);
  });

  it('may be a sandbox and a container at once', () => {
    const both = observation({
      sandboxes: [E.right(observedSandbox('running', sandboxRecord('a')))],
      containers: [E.right(observedContainer('running', 'RUNNING', 'not asked', containerRecord('a', 'a')))],
    });
    for (const policy of [containerd, careful]) expect(planOf(policy, both).failures).toEqual([]);
  });
});

describe('a name held twice', () => {
  const named = (id: string, name: string) => ({ ...sandboxRecord(id, true), name });
  const pods = observation({
    sandboxes: [
      E.right(observedSandbox('absent', named('new', 'web'))),
      E.right(observedSandbox('running', named('old', 'web'))),
    ],
  });
  const containers = observation({
    sandboxes: [E.right(observedSandbox('running', sandboxRecord('s1', true)))],
    containers: [
      E.right(observedContainer('stopped', 'RUNNING', 'not asked', { ...containerRecord('n'), name: 'app' })),
      E.right(observedContainer('timed out', 'RUNNING', 'not asked', { ...containerRecord('o'), name: 'app' })),
    ],
  });

  it('makes containerd give up, and names both ids', () => {
    const taken = { _tag: 'NameTaken', kind: 'sandbox', name: 'web', ids: ['new', 'old'] };
    expect(decide(containerd, times.now)(pods)).toEqual(E.left(taken));
    const app = { _tag: 'NameTaken', kind: 'container', name: 'app', ids: ['n', 'o'] };
    expect(decide(containerd, times.now)(containers)).toEqual(E.left(app));
  });

  it('stays with the live one under careful, and the other is still there, with a finding', () => {
    const found = planOf(careful, pods).sandboxes.map(({ record, findings }) => [
      record.id,
      ...findings.map(({ code }) => code),
    ]);
    expect(found).toEqual([['new', 'name-shadowed'], ['old']]);
    const codes = planOf(careful, containers).containers.map(({ record, findings }) => [
      record.id,
      ...findings.map(({ code }) => code),
    ]);
    expect(codes).toEqual([
      ['n', 'name-shadowed'],
      ['o', 'task-not-answering'],
    ]);
  });

  it('may be held by a sandbox and a container', () => {
    const both = observation({
      sandboxes: [E.right(observedSandbox('running', { ...sandboxRecord('s1', true), name: 'app' }))],
      containers: [
        E.right(observedContainer('running', 'RUNNING', 'not asked', { ...containerRecord('c1'), name: 'app' })),
      ],
    });
    expect(E.isRight(decide(containerd, times.now)(both))).toBe(true);
  });

  it('is not held by an item that could not be loaded', () => {
    const { sandboxes } = pods;
    const [first] = sandboxes;
    if (first === undefined) throw new Error('there is one');
    const node = observation({ sandboxes: [first, E.left(failed('sandbox', 'old'))] });
    expect(E.isRight(decide(containerd, times.now)(node))).toBe(true);
  });
});

describe('an item that could not be loaded', () => {
  const directories = ['x', '../x', 'o'].map((name) => ({ name, type: 'directory', mounts: [] }) as const);
  const node = observation({
    containers: [
      E.left(failed('container', 'x')),
      E.left(failed('container', '../x', 'UnsafeId')),
      E.right(observedContainer('absent', 'EXITED')),
    ],
    bases: [{ kind: 'container', area: 'state', path: '/state/containers', entries: E.right(directories) }],
  });

  it('is in failures and in no other list, and its directory is no orphan', () => {
    for (const policy of [containerd, careful]) {
      const plan = planOf(policy, node);
      expect(plan.failures.map(({ id }) => id)).toEqual(['../x', 'x']);
      expect(plan.containers.map(({ record }) => record.id)).toEqual(['c1']);
      expect(plan.orphans.map(({ name }) => name)).toEqual(['o']);
    }
  });
});
