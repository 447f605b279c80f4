/** The report of a plan: its shape, and that it holds everything once. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/core/decide.js';
import type { Observation } from '../../src/core/observation.js';
import type { Plan } from '../../src/core/plan.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { reportPlan } from '../../src/core/report.js';
import { arbitraryNode, arbitraryPolicy } from './arbitraries.js';
import { observation, observedContainer, observedSandbox, sandboxRecord } from './records.js';
import { portError, times } from './tables/readings.js';

const planOf = (policy: Policy, observed: Observation): Plan => {
  const plan = decide({ ...policy, duplicateName: 'shadow', orphanedDirectory: 'quarantine' }, times.now)(observed);
  if (E.isLeft(plan)) throw new Error(plan.left._tag);
  return plan.right;
};

/** JSON and bigint, nothing else: no class, no function, no symbol, no NaN. `undefined` says that a thing could not be told. */
const isPlain = (value: unknown): boolean => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object': {
      if (value === null) return true;
      if (Array.isArray(value)) return value.every(isPlain);
      return [Object.prototype, null].includes(Object.getPrototypeOf(value)) && Object.values(value).every(isPlain);
    }
    default:
      return false;
  }
};

const sorted = (texts: ReadonlyArray<string>) => [...texts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

it('is plain data, and goes through JSON but for its bigints', () => {
  fc.assert(
    fc.property(arbitraryPolicy, arbitraryNode, (policy, node) => {
      const report = reportPlan(planOf(policy, node), 41.5);
      expect(isPlain(report)).toBe(true);
      JSON.stringify(report, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    }),
    { numRuns: 300 },
  );
});

it('holds every item once, in its list or in failures', () => {
  fc.assert(
    fc.property(arbitraryPolicy, arbitraryNode, (policy, node) => {
      const { sandboxes, containers, images, failures } = reportPlan(planOf(policy, node), 1);
      const failedOf = (kind: string, isTwice: boolean) =>
        failures.filter((each) => each.kind === kind && (each.tag === 'DuplicateId') === isTwice).map(({ id }) => id);
      const check = (kind: 'sandbox' | 'container', listed: ReadonlyArray<string>, held: ReadonlyArray<string>) => {
        const twice = new Set(failedOf(kind, true));
        expect(sorted([...held, ...failedOf(kind, false), ...listed.filter((id) => twice.has(id))])).toEqual(
          sorted(listed),
        );
        expect(held.filter((id) => failedOf(kind, false).includes(id) || twice.has(id))).toEqual([]);
      };
      const ids = (items: Observation['sandboxes'] | Observation['containers']) =>
        items.map((item): string => (E.isLeft(item) ? item.left.id : item.right.record.id));
      check(
        'sandbox',
        ids(node.sandboxes),
        sandboxes.map(({ id }) => id),
      );
      check(
        'container',
        ids(node.containers),
        containers.map(({ id }) => id),
      );
      const names = [...images.map(({ name }) => name), ...failedOf('image', false)];
      expect(sorted(names)).toEqual(sorted(node.images.map(({ record }) => record.name)));
    }),
    { numRuns: 500 },
  );
});

it('is sorted by id, name and path', () => {
  fc.assert(
    fc.property(arbitraryPolicy, arbitraryNode, (policy, node) => {
      const { sandboxes, containers, images, orphans } = reportPlan(planOf(policy, node), 1);
      const keys = [
        sandboxes.map(({ id }) => id),
        containers.map(({ id }) => id),
        images.map(({ name }) => name),
        orphans.map(({ path }) => path),
      ];
      for (const list of keys) expect(list).toEqual(sorted(list));
    }),
    { numRuns: 200 },
  );
});

describe('a plan', () => {
  const node = observation({
    sandboxes: [E.right(observedSandbox('stopped', sandboxRecord('s1', true)))],
    containers: [E.right(observedContainer('stopped', 'LOST corrupt'))],
    images: [
      {
        record: { name: 'web', target: 'sha256:i', labels: {} },
        content: E.right({ id: 'sha256:c', chainId: '', size: 1, missing: [], unpacked: true }),
      },
      { record: { name: 'bad', target: 'sha256:b', labels: {} }, content: E.left(portError('images', 'Corrupt')) },
    ],
    bases: [
      {
        kind: 'container',
        area: 'root',
        path: '/root/containers',
        entries: E.right([
          { name: 'c1', type: 'directory', mounts: [] },
          { name: 'o', type: 'directory', mounts: [] },
          { name: 'l', type: 'link', mounts: [] },
        ]),
      },
      {
        kind: 'sandbox',
        area: 'root',
        path: '/root/sandboxes',
        entries: E.right([{ name: 'p', type: 'directory', mounts: [] }]),
      },
    ],
  });
  const reported = () => reportPlan(planOf(careful, node), 41.5);

  it('says what it is, of which node, under which policy and when', () => {
    expect(reported()).toMatchObject({ mode: 'plan', startedAt: times.now, durationMs: 41.5, policy: careful });
    expect(reported().node).toMatchObject({ containerd: '1.7.24', namespace: 'k8s.io' });
    expect(Object.keys(reported()).sort()).toEqual(
      [
        'mode',
        'policy',
        'node',
        'startedAt',
        'durationMs',
        'sandboxes',
        'containers',
        'images',
        'orphans',
        'failures',
      ].sort(),
    );
  });

  it('says of a container what the design says, attachments left out', () => {
    expect(reported().containers).toEqual([
      {
        id: 'c1',
        name: 'name-of-c1',
        sandboxId: 's1',
        state: 'EXITED',
        pid: 0,
        createdAt: times.recordCreated,
        startedAt: times.recordCreated,
        finishedAt: times.exited,
        exitCode: 137,
        reason: '',
        message: '',
        evidence: expect.objectContaining({ createdAt: 'record', startedAt: 'estimated', finishedAt: 'task' }),
        checkpoint: 'planned',
        monitored: false,
        actions: [
          { action: 'keep-aside', outcome: 'planned' },
          { action: 'write-checkpoint', outcome: 'planned' },
          { action: 'delete-task', outcome: 'planned' },
        ],
        findings: [expect.objectContaining({ code: 'checkpoint-unreadable' })],
      },
    ]);
  });

  it('says of a sandbox, an image and a directory what the design says', () => {
    expect(reported().sandboxes).toEqual([
      {
        id: 's1',
        name: 'name-of-s1',
        state: 'NOTREADY',
        pid: 0,
        createdAt: times.recordCreated,
        netns: { mode: 'host' },
        monitored: false,
        actions: [{ action: 'delete-task', outcome: 'planned' }],
        findings: [],
      },
    ]);
    expect(reported().images).toEqual([
      {
        name: 'web',
        id: 'sha256:c',
        state: 'ready',
        actions: [{ action: 'adopt-image', outcome: 'planned' }],
        findings: [],
      },
    ]);
    expect(
      reported().orphans.map(({ path, outcome, refused, actions }) => [
        path,
        outcome,
        refused,
        actions.map(({ action }) => action),
      ]),
    ).toEqual([
      ['/root/containers/l', 'kept', false, []],
      ['/root/containers/o', 'planned', false, ['quarantine']],
      ['/root/sandboxes/p', 'kept', true, []],
    ]);
    expect(reported().failures).toEqual([
      expect.objectContaining({ kind: 'image', id: 'bad', tag: 'ImageUnreadable' }),
    ]);
  });

  it('says write-checkpoint, delete-task and remove for containerd', () => {
    const decided = decide(containerd, times.now)(node);
    if (E.isLeft(decided)) throw new Error(decided.left._tag);
    const { containers, orphans } = reportPlan(decided.right, 0);
    expect(containers[0]?.actions.map(({ action }) => action)).toEqual(['delete-task', 'write-checkpoint']);
    expect(orphans.flatMap(({ actions }) => actions)).toEqual([
      { action: 'remove', outcome: 'planned' },
      { action: 'remove', outcome: 'planned' },
    ]);
  });
});
