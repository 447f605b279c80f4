/** Facts section 5 and the row `orphanedDirectory`: what becomes of the entries of the four base directories. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { decideOrphans, type ListedIds, type Orphans, settleOrphan } from '../../src/core/decide-orphans.js';
import type { RecoveryFailure } from '../../src/core/failure.js';
import type { Base, DirectoryEntry, ObservedBase } from '../../src/core/observation.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { policyRows } from './arbitraries.js';
import { portError } from './tables/readings.js';

const entry = (name: string, type: DirectoryEntry['type'] = 'directory'): DirectoryEntry => ({
  name,
  type,
  mounts: [],
});

const base = (kind: Base['kind'], area: Base['area'], ...entries: ReadonlyArray<DirectoryEntry>): ObservedBase => ({
  kind,
  area,
  path: `/${area}/${kind === 'sandbox' ? 'sandboxes' : 'containers'}`,
  entries: E.right(entries),
});

const listed = (containers: ReadonlyArray<string>, sandboxes: ReadonlyArray<string> = []): ListedIds => ({
  container: new Set(containers),
  sandbox: new Set(sandboxes),
});

/** One line an entry: path, then what is to be done. */
const linesOf = (decided: E.Either<RecoveryFailure, Orphans>): ReadonlyArray<string> => {
  if (E.isLeft(decided)) return [decided.left._tag];
  return decided.right.orphans.map(({ path, steps, refused }) => {
    const [step] = steps;
    return `${path} ${step === undefined ? (refused ? 'refused' : 'kept') : step._tag}`;
  });
};

const decided = (policy: Policy, ids: ListedIds, ...bases: ReadonlyArray<ObservedBase>) =>
  linesOf(decideOrphans(policy, ids)(bases));

describe.each([
  { name: 'containerd', policy: containerd, action: 'RemoveDirectory' },
  { name: 'careful', policy: careful, action: 'QuarantineDirectory' },
] as const)('$name', ({ policy, action }) => {
  it('leaves listed directories alone and takes the others', () => {
    const root = base('container', 'root', entry('a'), entry('b'), entry('o'));
    expect(decided(policy, listed(['a', 'b']), root)).toEqual([`/root/containers/o ${action}`]);
  });

  it.each(['file', 'link', 'other'] as const)('keeps a %s, listed or not, and says so', (type) => {
    const root = base('container', 'root', entry('a'), entry('b', type), entry('c', type));
    expect(decided(policy, listed(['a', 'b']), root)).toEqual(['/root/containers/b kept', '/root/containers/c kept']);
  });

  it('looks for ids of the same kind only', () => {
    const bases = [base('container', 'root', entry('a'), entry('p')), base('sandbox', 'root', entry('p'), entry('a'))];
    expect(decided(policy, listed(['a'], ['p']), ...bases)).toEqual([
      `/root/containers/p ${action}`,
      `/root/sandboxes/a ${action}`,
    ]);
  });

  it('has nothing to do in a base directory that does not exist', () => {
    const missing = { ...base('container', 'state'), entries: E.left(portError('directories', 'NotFound')) };
    expect(decideOrphans(policy, listed(['a']))([missing])).toEqual(E.right({ orphans: [], failures: [] }));
  });

  it('takes what is orphaned beside a base directory that does not exist', () => {
    const missing = { ...base('container', 'state'), entries: E.left(portError('directories', 'NotFound')) };
    const root = base('container', 'root', entry('a'), entry('o'));
    expect(decided(policy, listed(['a']), missing, root)).toEqual([`/root/containers/o ${action}`]);
  });

  it('acts on the base and the name it has seen, below the path it was seen at', () => {
    const found = decideOrphans(policy, listed(['a']))([base('container', 'state', entry('a'), entry('x y'))]);
    expect(found).toMatchObject(
      E.right({
        orphans: [
          {
            base: { kind: 'container', area: 'state' },
            path: '/state/containers/x y',
            steps: [{ _tag: action, base: { kind: 'container', area: 'state' }, name: 'x y' }],
          },
        ],
      }),
    );
  });

  it('is the business of the row orphanedDirectory alone', () => {
    const other = policy === careful ? containerd : careful;
    const bases = [
      base('container', 'root', entry('a'), entry('b'), entry('o'), entry('l', 'link')),
      base('sandbox', 'root', entry('p')),
    ];
    const plain = decideOrphans(policy, listed(['a', 'b']))(bases);
    for (const row of policyRows) {
      const flipped = decideOrphans({ ...policy, [row]: other[row] }, listed(['a', 'b']))(bases);
      if (row === 'orphanedDirectory') expect(flipped).not.toEqual(plain);
      else expect(flipped).toEqual(plain);
    }
  });

  it('settles into what was done', () => {
    const found = decideOrphans(policy, listed(['a']))([base('container', 'root', entry('a'), entry('o'))]);
    if (E.isLeft(found)) throw new Error(found.left._tag);
    const [orphan] = found.right.orphans;
    if (orphan === undefined) throw new Error('there is one');
    const error = portError('directories', 'TimedOut');
    const failed = settleOrphan(orphan, { _tag: 'Failed', error });
    expect(failed.steps).toEqual([]);
    expect(failed.performed).toEqual([{ step: orphan.steps[0], outcome: { _tag: 'Failed', error } }]);
    expect(settleOrphan(failed, { _tag: 'Done' })).toEqual(failed);
  });
});

describe('remove', () => {
  it('empties everything for an empty list, as containerd does', () => {
    expect(
      decided(containerd, listed([]), base('container', 'root', entry('a')), base('sandbox', 'state', entry('p'))),
    ).toEqual(['/root/containers/a RemoveDirectory', '/state/sandboxes/p RemoveDirectory']);
  });

  it('gives up where a base cannot be read', () => {
    const denied = { ...base('container', 'root'), entries: E.left(portError('directories', 'Denied')) };
    expect(decideOrphans(containerd, listed(['a']))([base('sandbox', 'root', entry('p')), denied])).toEqual(
      E.left({ _tag: 'NodeUnreadable', error: portError('directories', 'Denied') }),
    );
  });

  it('gives up for the same base whatever the order they were read in', () => {
    const unreadable = (area: Base['area'], tag: 'Denied' | 'TimedOut') => ({
      ...base('container', area),
      entries: E.left(portError('directories', tag)),
    });
    const bases = [unreadable('root', 'Denied'), unreadable('state', 'TimedOut')];
    const decide = decideOrphans(containerd, listed(['a']));
    expect(decide([...bases].reverse())).toEqual(decide(bases));
  });
});

describe('quarantine', () => {
  const names = (count: number, prefix: string) =>
    Array.from({ length: count }, (_, index) => entry(`${prefix}${index}`));

  it('refuses everything of a kind of which nothing is listed, and goes on with the other', () => {
    const bases = [base('container', 'root', entry('a')), base('sandbox', 'root', entry('p'), entry('q'), entry('o'))];
    expect(decided(careful, listed([], ['p', 'q']), ...bases)).toEqual([
      '/root/containers/a refused',
      '/root/sandboxes/o QuarantineDirectory',
    ]);
  });

  it('says that nothing is listed, and counts each kind for itself', () => {
    const found = decideOrphans(
      careful,
      listed([], ['p']),
    )([base('container', 'root', entry('a'), entry('b')), base('sandbox', 'root', entry('p'), entry('o'))]);
    expect(linesOf(found)).toEqual([
      '/root/containers/a refused',
      '/root/containers/b refused',
      '/root/sandboxes/o QuarantineDirectory',
    ]);
    expect(E.isRight(found) && found.right.orphans[0]?.why).toMatch(/lists no container/);
  });

  it.each([
    [1, 1, 'QuarantineDirectory'],
    [2, 2, 'QuarantineDirectory'],
    [2, 3, 'refused'],
    [0, 1, 'refused'],
    [50, 50, 'QuarantineDirectory'],
    [50, 51, 'refused'],
  ])('with %i listed directories and %i others: %s', (known, orphaned, expected) => {
    const ids = listed([...names(known, 'k').map(({ name }) => name), 'somewhere-else']);
    const lines = decided(careful, ids, base('container', 'root', ...names(known, 'k'), ...names(orphaned, 'o')));
    expect(lines).toHaveLength(orphaned);
    expect(new Set(lines.map((line) => line.split(' ')[1]))).toEqual(new Set([expected]));
  });

  it('counts a name once, be it below root, state or both', () => {
    const both = [base('container', 'root', entry('a'), entry('o')), base('container', 'state', entry('o'))];
    expect(decided(careful, listed(['a']), ...both)).toEqual([
      '/root/containers/o QuarantineDirectory',
      '/state/containers/o QuarantineDirectory',
    ]);
    const apart = [base('container', 'root', entry('a'), entry('o')), base('container', 'state', entry('q'))];
    expect(decided(careful, listed(['a']), ...apart)).toEqual([
      '/root/containers/o refused',
      '/state/containers/q refused',
    ]);
  });

  it('counts directories only', () => {
    const root = base('container', 'root', entry('a'), entry('o'), entry('f', 'file'), entry('l', 'link'));
    expect(decided(careful, listed(['a']), root)).toContain('/root/containers/o QuarantineDirectory');
    const files = base('container', 'root', entry('a', 'file'), entry('b', 'file'), entry('o'));
    expect(decided(careful, listed(['a', 'b']), files)).toContain('/root/containers/o refused');
  });

  it('reports a base that cannot be read and goes on with the rest', () => {
    const denied = { ...base('sandbox', 'root'), entries: E.left(portError('directories', 'Denied')) };
    const found = decideOrphans(
      careful,
      listed(['a'], ['p']),
    )([denied, base('container', 'root', entry('a'), entry('o'))]);
    expect(linesOf(found)).toEqual(['/root/containers/o QuarantineDirectory']);
    expect(found).toMatchObject(
      E.right({ failures: [{ kind: 'directory', id: '/root/sandboxes', tag: 'DirectoryUnreadable' }] }),
    );
  });
});

describe('an entry that no directory could have', () => {
  it.each(['..', '.', '', 'a/b', 'a\u0000'])('is left alone whatever the policy: %j', (name) => {
    for (const policy of [containerd, careful]) {
      const base = { kind: 'container', area: 'root', path: '/root/containers' } as const;
      const entries = E.right([{ name, type: 'directory', mounts: [] } as const]);
      const decided = decideOrphans(policy, { sandbox: new Set(), container: new Set() })([{ ...base, entries }]);
      expect(E.isRight(decided) && decided.right.orphans.flatMap(({ steps }) => steps)).toEqual([]);
    }
  });
});
