import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/core/decide.js';
import { careful } from '../../src/core/policy.js';
import { makeStore } from '../../src/core/store.js';
import { type StoredImage, type Stores, storesOf } from '../../src/core/stores.js';
import {
  type FakeNode,
  fakeContainer,
  fakeImage,
  fakeNode,
  fakeSandbox,
  observationOf,
} from '../../src/testing/index.js';
import { observation } from './records.js';

const stores = (node: FakeNode): Stores => {
  const observation = observationOf(node);
  const plan = decide(careful, observation.takenAt)(observation);
  if (E.isLeft(plan)) throw new Error(plan.left._tag);
  return storesOf(plan.right);
};

const idOf = <A extends { readonly record: { readonly id: string } }>(found: O.Option<A>): string | undefined =>
  O.isSome(found) ? found.value.record.id : undefined;

describe('a store', () => {
  const store = () =>
    makeStore(
      ['abc1', 'abd2', 'x'].map((id) => [id, id]),
      [['name', 'x']],
    );

  it('finds by id, by a prefix that only one id has, and by name', () => {
    expect(store().get('abc1')).toStrictEqual(O.some('abc1'));
    expect(store().get('abc')).toStrictEqual(O.none);
    expect(store().find('abc')).toStrictEqual(E.right('abc1'));
    expect(store().named('name')).toStrictEqual(O.some('x'));
    expect(store().named('abc1')).toStrictEqual(O.none);
    expect(store().all).toStrictEqual(['abc1', 'abd2', 'x']);
  });

  it('says how many a prefix could mean', () => {
    expect(store().find('ab')).toStrictEqual(E.left(2));
    expect(store().find('zz')).toStrictEqual(E.left(0));
    expect(store().find('')).toStrictEqual(E.left(0));
  });

  it('prefers the whole id to longer ones that begin with it', () => {
    const nested = makeStore(
      [
        ['a', 1],
        ['ab', 2],
      ],
      [],
    );
    expect(nested.find('a')).toStrictEqual(E.right(1));
  });

  it('finds what a search through all would', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[ab]{1,5}$/), { maxLength: 12 });
    fc.assert(
      fc.property(ids, fc.stringMatching(/^[ab]{1,5}$/), (known, prefix) => {
        const matching = known.filter((id) => id.startsWith(prefix));
        const expected = known.includes(prefix)
          ? E.right(prefix)
          : matching.length === 1
            ? E.right(matching[0])
            : E.left(matching.length);
        expect(
          makeStore(
            known.map((id) => [id, id]),
            [],
          ).find(prefix),
        ).toStrictEqual(expected);
      }),
    );
  });

  it('is sorted by id, and of several under one id or name has the last', () => {
    const unsorted = makeStore(
      [
        ['b', 1],
        ['a', 2],
        ['b', 3],
      ],
      [
        ['n', 1],
        ['n', 2],
      ],
    );
    expect(unsorted.all).toStrictEqual([2, 3]);
    expect(unsorted.named('n')).toStrictEqual(O.some(2));
  });

  it('holds names like those of object properties', () => {
    const odd = makeStore([['__proto__', 1]], [['constructor', 1]]);
    expect(odd.get('__proto__')).toStrictEqual(O.some(1));
    expect(odd.get('constructor')).toStrictEqual(O.none);
    expect(odd.named('toString')).toStrictEqual(O.none);
  });
});

describe('the stores of a plan', () => {
  it('hold pods and containers', () => {
    const { sandboxes, containers } = stores(
      fakeNode({
        sandboxes: [fakeSandbox({ id: 'pod1', name: 'p' })],
        containers: [fakeContainer({ id: 'c1', name: 'n', sandboxId: 'pod1' })],
      }),
    );
    expect(idOf(sandboxes.named('p'))).toBe('pod1');
    expect(idOf(containers.get('c1'))).toBe('c1');
  });

  it('keep what is shadowed, without its name', () => {
    const twin = (id: string, attempt: number) => fakeContainer({ id, name: 'twin', sandboxId: 'pod', attempt });
    const { containers } = stores(
      fakeNode({ sandboxes: [fakeSandbox({ id: 'pod' })], containers: [twin('old', 0), twin('new', 1)] }),
    );
    expect(containers.all).toHaveLength(2);
    expect(idOf(containers.named('twin'))).toBe('new');
    expect(idOf(containers.get('old'))).toBe('old');
  });

  it('hold an image once under all its references', () => {
    const { images } = stores(
      fakeNode({
        images: [
          fakeImage({ name: 'b/app:1', id: 'sha256:aa' }),
          fakeImage({ name: 'a/app:1', id: 'sha256:aa' }),
          fakeImage({ name: 'c', id: 'sha256:bb' }),
        ],
      }),
    );
    expect(images.all.map(({ id, references }) => [id, references])).toStrictEqual([
      ['sha256:aa', ['a/app:1', 'b/app:1']],
      ['sha256:bb', ['c']],
    ]);
    expect(images.named('b/app:1')).toStrictEqual(images.get('sha256:aa'));
    expect(E.isRight(images.find('sha256:b'))).toBe(true);
  });

  it('have of an image what its first reference has, and that it is pinned where any reference says so', () => {
    const image = (name: string, id: string, labels: Readonly<Record<string, string>> = {}) => ({
      record: { name, target: 'sha256:i', labels },
      content: E.right({ id, chainId: `chain of ${id}`, size: 5, missing: [], unpacked: id !== 'sha256:cc' }),
    });
    const pinned = 'io.cri-containerd.pinned';
    const images = [
      image('b', 'sha256:aa', { [pinned]: 'pinned' }),
      image('a', 'sha256:aa'),
      image('c', 'sha256:bb', { [pinned]: 'no' }),
      image('d', 'sha256:cc'),
    ];
    const plan = decide(careful, 0n)(observation({ images }));
    if (E.isLeft(plan)) throw new Error(plan.left._tag);
    const stored = (id: string, rest: Partial<StoredImage>) => ({ id, chainId: `chain of ${id}`, size: 5, ...rest });
    expect(storesOf(plan.right).images.all).toStrictEqual([
      stored('sha256:aa', { references: ['a', 'b'], pinned: true, state: 'ready' }),
      stored('sha256:bb', { references: ['c'], pinned: false, state: 'ready' }),
      stored('sha256:cc', { references: ['d'], pinned: false, state: 'not-unpacked' }),
    ]);
  });

  it('sort the references of an image, and name what nothing shadows, whatever else is found of it', () => {
    const image = (name: string) => fakeImage({ name, id: 'sha256:aa' });
    const node = fakeNode({
      images: [image('b'), image('a'), image('c')],
      containers: [fakeContainer({ id: 'c1', name: 'alone', sandboxId: 'gone' })],
    });
    const plan = decide(careful, 0n)(observationOf(node));
    if (E.isLeft(plan)) throw new Error(plan.left._tag);
    expect(plan.right.containers[0]?.findings.map(({ code }) => code)).toContain('sandbox-missing');
    const { images, containers } = storesOf({ ...plan.right, images: [...plan.right.images].reverse() });
    expect(images.all.map(({ references }) => references)).toStrictEqual([['a', 'b', 'c']]);
    expect(idOf(containers.named('alone'))).toBe('c1');
  });
});
