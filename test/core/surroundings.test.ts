/** What decides about one item among all that was listed. */
import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import type { ItemFailure } from '../../src/core/failure.js';
import type { Observation } from '../../src/core/observation.js';
import { surroundingsOf } from '../../src/core/surroundings.js';
import { containerRecord, observation, observedContainer, observedSandbox, sandboxRecord } from './records.js';
import { portError } from './tables/readings.js';

const container = (id: string, name: string, pod: string) =>
  E.right(observedContainer('running', 'RUNNING', 'not asked', { ...containerRecord(id, pod), name }));
const sandbox = (id: string, name: string) => E.right(observedSandbox('running', { ...sandboxRecord(id), name }));
const failed = (kind: ItemFailure['kind'], id: string) =>
  E.left<ItemFailure>({ kind, id, tag: 'MetadataUnreadable', message: 'odd' });

const node = observation({
  sandboxes: [sandbox('p1', 'pod'), sandbox('p2', 'pod'), sandbox('p3', 'other'), failed('sandbox', 'c9')],
  containers: [
    container('c1', 'web', 'p1'),
    container('c2', 'web', 'p3'),
    container('c3', 'db', 'p2'),
    failed('container', 'c9'),
    failed('container', 'p1'),
  ],
  images: [{ record: { name: 'i', target: 't', labels: {} }, content: E.left(portError('images', 'Corrupt')) }],
  bases: [{ kind: 'sandbox', area: 'root', path: '/r', entries: E.right([]) }],
});

const idsOf = (listed: Observation['containers'] | Observation['sandboxes']): ReadonlyArray<string> =>
  listed.map((one): string => (E.isLeft(one) ? one.left.id : one.right.record.id));

it.each([
  ['c1', ['c1', 'c2'], ['p1']],
  ['c2', ['c1', 'c2'], ['p3']],
  ['c3', ['c3'], ['p2']],
  ['c9', ['c9'], ['c9']],
  ['p1', ['p1'], ['p1', 'p2']],
  ['p3', [], ['p3']],
  ['none', [], []],
] as const)('of %s are the containers %j and the sandboxes %j', (id, containers, sandboxes) => {
  const around = surroundingsOf(node, id);
  expect([idsOf(around.containers), idsOf(around.sandboxes)]).toStrictEqual([containers, sandboxes]);
  expect(around).toMatchObject({ node: node.node, takenAt: node.takenAt, images: [], bases: [] });
});

it('an id that is listed twice is there twice, with the pods of both and the holders of both names', () => {
  const twice = observation({
    sandboxes: [sandbox('p1', 'pod'), sandbox('p2', 'pod'), sandbox('p3', 'other')],
    containers: [container('c1', 'web', 'p1'), container('c1', 'db', 'p3'), container('c2', 'db', 'p2')],
  });
  const around = surroundingsOf(twice, 'c1');
  expect([idsOf(around.containers), idsOf(around.sandboxes)]).toStrictEqual([
    ['c1', 'c1', 'c2'],
    ['p1', 'p3'],
  ]);
});
