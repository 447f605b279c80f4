/** Explanations to the last value: what is compared, what is named as stored otherwise, what is told of a failure. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { expect, it } from 'vitest';
import { explain } from '../../src/core/explain.js';
import { containerValues, differencesOf, sandboxValues } from '../../src/core/explain-choices.js';
import type { Explanation } from '../../src/core/explanation.js';
import { careful, containerd } from '../../src/core/policy.js';
import { containerRecord, observation, observedContainer, observedSandbox, sandboxRecord } from './records.js';
import { portError, times } from './tables/readings.js';

const told = (node: ReturnType<typeof observation>, id: string, policy = careful): Explanation => {
  const explanation = explain(policy, node, id);
  if (O.isNone(explanation)) throw new Error(`nothing of ${id}`);
  return explanation.value;
};

it('compares these values of a container, and names the fields that are stored otherwise', () => {
  const node = observation({ containers: [E.right(observedContainer('stopped', 'RUNNING'))] });
  const explanation = told(node, 'c1');
  if (explanation.about !== 'container') throw new Error(explanation.about);
  expect(containerValues(explanation.decided)).toStrictEqual({
    state: 'EXITED',
    pid: 0,
    createdAt: times.created,
    startedAt: times.started,
    finishedAt: times.exited,
    exitCode: 137,
    reason: '',
    message: 'as stored',
    checkpoint: 'planned',
    monitored: false,
    steps: ['attach-io', 'write-checkpoint', 'delete-task'],
    findings: ['sandbox-missing'],
  });
  expect(explanation.decided.checkpointReason).toBe('these are stored otherwise: pid, finishedAt, exitCode');
  expect(explanation).toMatchObject({ id: 'c1', node: node.node, takenAt: times.now, policy: careful });
  expect(explanation.decided.ends).toBeUndefined();
});

it('compares these values of a sandbox', () => {
  const node = observation({ sandboxes: [E.right(observedSandbox('timed out', sandboxRecord('s1', true)))] });
  const explanation = told(node, 's1');
  if (explanation.about !== 'sandbox') throw new Error(explanation.about);
  expect(sandboxValues(explanation.decided)).toStrictEqual({
    state: 'UNKNOWN',
    pid: 0,
    monitored: true,
    steps: ['watch-exit'],
    findings: ['task-not-answering'],
  });
  expect(explanation.decided.steps).toStrictEqual([
    { step: 'watch-exit', why: 'its task may be alive: when that ends, it is known what became of it' },
  ]);
  expect(explanation.seen.netns).toStrictEqual({ mode: 'host' });
  expect(explanation.row.id).toBe('sandbox: unanswered');
  expect(explanation.containerd.differences).toStrictEqual([
    { field: 'monitored', here: true, containerd: false },
    { field: 'steps', here: ['watch-exit'], containerd: [] },
  ]);
  expect(explanation.containerd.choices).toStrictEqual([
    { choice: 'unansweringSandbox', here: 'keep', containerd: 'kill', alone: true },
  ]);
});

it('finds lists different by what is in them, and nothing where a side has no such field', () => {
  expect(differencesOf({ a: ['x'], b: 1, c: 2 }, { a: ['x'], b: 1 })).toStrictEqual([]);
  expect(differencesOf({ a: ['x'], b: 1n }, { a: ['x', 'y'], b: 2n })).toStrictEqual([
    { field: 'a', here: ['x'], containerd: ['x', 'y'] },
    { field: 'b', here: 1n, containerd: 2n },
  ]);
  expect(differencesOf({ a: ['x'] }, { a: 'x' })).toStrictEqual([{ field: 'a', here: ['x'], containerd: 'x' }]);
});

it('tells of a failure what it is, and what ends a recovery beside it with the choice that makes it', () => {
  const failure = { kind: 'container', id: 'c9', tag: 'MetadataUnreadable', message: 'odd' } as const;
  const error = portError('directories', 'Denied');
  const node = observation({
    containers: [E.left(failure)],
    sandboxes: [E.left({ ...failure, kind: 'sandbox', id: 's9' })],
    bases: [{ kind: 'container', area: 'root', path: '/root/containers', entries: E.left(error) }],
  });
  const ends = { failure: { _tag: 'NodeUnreadable', error }, choices: ['orphanedDirectory'] };
  expect(told(node, 'c9')).toStrictEqual({
    about: 'failure',
    id: 'c9',
    node: node.node,
    takenAt: times.now,
    policy: careful,
    failure,
    decided: { ends: undefined },
    containerd: { ends },
  });
  expect(told(node, 's9', containerd)).toMatchObject({ about: 'failure', failure: { id: 's9' }, decided: { ends } });
  expect(explain(careful, node, '/root/containers')).toStrictEqual(O.none);
});

it('ends for a name that is taken too, each with its own choice', () => {
  const twin = (id: string) => E.right(observedContainer('absent', 'EXITED', 'not asked', named(id)));
  const named = (id: string) => ({ ...containerRecord(id), name: 'web' });
  const error = portError('directories', 'Denied');
  const node = observation({
    containers: [twin('c1'), twin('c2')],
    bases: [{ kind: 'container', area: 'root', path: '/root/containers', entries: E.left(error) }],
  });
  expect(told(node, 'c1').containerd.ends).toStrictEqual({
    failure: { _tag: 'NameTaken', kind: 'container', name: 'web', ids: ['c1', 'c2'] },
    choices: ['duplicateName', 'orphanedDirectory'],
  });
});
