import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it, vi } from 'vitest';
import { decide } from '../../src/core/decide.js';
import { explain } from '../../src/core/explain.js';
import { containerValues, differencesOf, sandboxValues, type Values } from '../../src/core/explain-choices.js';
import type { Choice, Explanation } from '../../src/core/explanation.js';
import type { Observation } from '../../src/core/observation.js';
import type { Plan } from '../../src/core/plan.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { reportContainer, reportSandbox } from '../../src/core/report.js';
import { tableRowIds } from '../../src/core/table-row.js';
import { arbitraryNode, arbitraryPolicy } from './arbitraries.js';
import { situations } from './everywhere.js';
import { containerRecord, observation, observedContainer, observedSandbox, sandboxRecord } from './records.js';
import { taskCases, times } from './tables/readings.js';

// Every explanation decides a dozen times over, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

type About<A extends Explanation['about']> = Extract<Explanation, { readonly about: A }>;

/** Rows that can end a recovery, as they never do. */
const lenient = { duplicateName: 'shadow', orphanedDirectory: 'quarantine' } as const;

const decided = (policy: Policy, node: Observation) => decide(policy, node.takenAt)(node);

const planUnder = (policy: Policy, node: Observation): Plan => {
  const plan = decided({ ...policy, ...lenient }, node);
  if (E.isLeft(plan)) throw new Error(plan.left._tag);
  return plan.right;
};

const explained = <A extends Explanation['about']>(
  about: A,
  policy: Policy,
  node: Observation,
  id: string,
): About<A> => {
  const explanation = explain(policy, node, id);
  if (O.isNone(explanation) || explanation.value.about !== about) throw new Error(`${id} is no ${about}`);
  return explanation.value as About<A>;
};

/** Every id that anything was listed under. */
const idsOf = ({ containers, sandboxes }: Observation): ReadonlyArray<string> => [
  ...new Set([...containers, ...sandboxes].map((one) => (E.isLeft(one) ? one.left.id : one.right.record.id))),
];

const valuesOf = (explanation: Explanation, side: 'decided' | 'containerd'): Values => {
  switch (explanation.about) {
    case 'container':
      return containerValues(explanation[side]);
    case 'sandbox':
      return sandboxValues(explanation[side]);
    case 'failure':
      return {};
  }
};

const container = (node: Observation, id = 'c1', policy = careful) => explained('container', policy, node, id);

describe('an explanation', () => {
  it('names the row that applies, and every row can apply', () => {
    const undated = situations.filter(({ processStartedAt }) => O.isNone(processStartedAt));
    const containers = undated.map((observed) =>
      container(observation({ containers: [E.right(observed)] }), observed.record.id),
    );
    const sandboxes = taskCases.map((task) =>
      explained('sandbox', careful, observation({ sandboxes: [E.right(observedSandbox(task))] }), 's1'),
    );
    const reached = [...containers, ...sandboxes].map(({ row }) => row.id);
    expect([...new Set(reached)].sort()).toStrictEqual([...tableRowIds].sort());
    for (const { row } of [...containers, ...sandboxes]) expect(row.rule).toMatch(/^[a-z].{10,100}$/);
  });

  it.each([
    ['running', 'LOST corrupt', 'container: running × LOST'],
    ['half deleted', 'EXITED', 'container: half-deleted × EXITED'],
    ['unknown', 'ZERO', 'container: unknown × ZERO'],
    ['timed out', 'CREATED', 'container: unanswered × CREATED'],
    ['pausing', 'RUNNING', 'container: paused × RUNNING'],
    ['stopped', 'RUNNING', 'container: stopped × RUNNING'],
  ] as const)('of a %s task behind a checkpoint that is %s is of the row %s', (task, checkpoint, id) => {
    const node = observation({ containers: [E.right(observedContainer(task, checkpoint))] });
    expect(container(node).row.id).toBe(id);
    expect(container(node, 'c1', containerd).row.id).toBe(id);
  });

  it('decides as decide does, for any policy and any node', () => {
    const abouts = new Set<string>();
    fc.assert(
      fc.property(arbitraryNode, arbitraryPolicy, (node, policy) => {
        const plan = planUnder(policy, node);
        const whole = decided(policy, node);
        for (const id of idsOf(node)) {
          const told = explain(policy, node, id);
          if (O.isNone(told)) throw new Error(`nothing is told of ${id}`);
          const { value } = told;
          abouts.add(value.about);
          expect(value.decided.ends?.failure).toStrictEqual(E.isLeft(whole) ? whole.left : undefined);
          switch (value.about) {
            case 'container': {
              const decision = plan.containers.find(({ record }) => record.id === id);
              expect(decision && reportContainer(decision)).toStrictEqual(value.decided.item);
              expect(decision?.steps.map(nameOf)).toStrictEqual(value.decided.steps.map(wordOf));
              break;
            }
            case 'sandbox': {
              const decision = plan.sandboxes.find(({ record }) => record.id === id);
              expect(plan.containers.some(({ record }) => record.id === id)).toBe(false);
              expect(decision && reportSandbox(decision)).toStrictEqual(value.decided.item);
              expect(decision?.steps.map(nameOf)).toStrictEqual(value.decided.steps.map(wordOf));
              break;
            }
            case 'failure':
              expect([...plan.containers, ...plan.sandboxes].some(({ record }) => record.id === id)).toBe(false);
              expect(plan.failures).toContainEqual(value.failure);
          }
        }
      }),
      { numRuns: 100 },
    );
    expect([...abouts].sort()).toStrictEqual(['container', 'failure', 'sandbox']);
  });

  it('has containerd decide as it does itself, ending included', () => {
    const endings = new Set<string>();
    fc.assert(
      fc.property(arbitraryNode, arbitraryPolicy, (node, policy) => {
        const whole = decided(containerd, node);
        for (const id of idsOf(node)) {
          const told = explain(policy, node, id);
          const itself = explain(containerd, node, id);
          if (O.isNone(told) || O.isNone(itself)) throw new Error(`nothing is told of ${id}`);
          const { ends } = told.value.containerd;
          expect(ends?.failure).toStrictEqual(E.isLeft(whole) ? whole.left : undefined);
          endings.add(ends === undefined ? 'none' : ends.failure._tag);
          for (const choice of ends?.choices ?? []) {
            expect(E.isLeft(decided({ ...careful, [choice]: containerd[choice] }, node))).toBe(true);
          }
          if (ends !== undefined) expect(ends.choices.length).toBeGreaterThan(0);
          expect(valuesOf(told.value, 'containerd')).toStrictEqual(valuesOf(itself.value, 'decided'));
        }
      }),
      { numRuns: 100 },
    );
    expect([...endings].sort()).toStrictEqual(['IdTaken', 'NameTaken', 'NodeUnreadable', 'none']);
  });

  it('names rows of the policy that make the difference, each for itself, and all that do', () => {
    const alone = new Set<Choice>();
    fc.assert(
      fc.property(arbitraryNode, arbitraryPolicy, (node, policy) => {
        for (const id of idsOf(node)) {
          const told = explain(policy, node, id);
          if (O.isNone(told) || told.value.about === 'failure') continue;
          const { value } = told;
          const here = valuesOf(value, 'decided');
          const { choices, differences } = value.containerd;
          expect(differences).toStrictEqual(differencesOf(here, valuesOf(value, 'containerd')));
          const under = (changed: ReadonlyArray<Choice>): Values => {
            const flipped = changed.map((choice) => [choice, containerd[choice]]);
            const other = explain({ ...policy, ...Object.fromEntries(flipped) }, node, id);
            return O.isSome(other) ? valuesOf(other.value, 'decided') : {};
          };
          for (const choice of Object.keys(containerd) as ReadonlyArray<Choice>) {
            const named = choices.find((one) => one.choice === choice);
            const changes = differencesOf(here, under([choice])).length > 0;
            expect(named?.alone ?? false).toBe(changes);
            if (named?.alone === true) alone.add(choice);
          }
          const there = valuesOf(value, 'containerd');
          const named = choices.map(({ choice }) => choice);
          expect(differencesOf(under(named), there)).toEqual([]);
          for (const { choice } of choices.filter((one) => !one.alone)) {
            expect(differencesOf(under(named.filter((one) => one !== choice)), there)).not.toEqual([]);
          }
        }
      }),
      { numRuns: 40 },
    );
    // Which of them a run comes across is chance.
    expect([
      'checkpointWrite',
      'exitStored',
      'pausedContainer',
      'unansweringSandbox',
      'unexpectedCreatedTask',
      'unknownContainer',
      'unreadableCheckpoint',
      'unseenExit',
    ]).toEqual(expect.arrayContaining([...alone]));
  });

  it('is of the id that was asked for where another of its name was listed twice too', () => {
    const twice = ['a1', 'b1', 'a1', 'b1'].map((id) =>
      E.right({ ...observedContainer('absent', 'EXITED', 'not asked', { ...containerRecord(id), name: 'same' }) }),
    );
    for (const id of ['a1', 'b1']) {
      const { failure } = explained('failure', careful, observation({ containers: twice }), id);
      expect(failure).toMatchObject({ kind: 'container', id, tag: 'DuplicateId' });
    }
  });

  it.each<[string, Policy, RegExp]>([
    ['exited: its log may lack the end', careful, /what it wrote to the last belongs in its log/],
    ['exited, stored first', careful, /it has ended, and its exit is stored by then/],
    ['exited, stored after', containerd, /its exit is stored after that, and lost if the recovery dies in between/],
  ])('says why each step is taken (%s)', (_, policy, why) => {
    const record = containerRecord('c1');
    const logged = { ...record, metadata: { ...record.metadata, logPath: '/var/log/c1.log' } };
    const node = observation({ containers: [E.right(observedContainer('stopped', 'RUNNING', 'not asked', logged))] });
    const told = container(node, 'c1', policy).decided.steps.map(({ why: reason }) => reason);
    expect(told.join('; ')).toMatch(why);
  });

  it.each([
    ['running', /its task is alive: somebody has to see it end/],
    ['timed out', /its task may be alive: when that ends, it is known what became of it/],
  ] as const)('says why a sandbox is followed: %s', (task, why) => {
    const node = observation({ sandboxes: [E.right(observedSandbox(task))] });
    const { steps } = explained('sandbox', careful, node, 's1').decided;
    expect(steps.map(({ why: reason }) => reason).join('; ')).toMatch(why);
  });

  it('is none where nothing of the id was listed', () => {
    expect(explain(careful, observation(), 'c1')).toStrictEqual(O.none);
    expect(explain(careful, observation({ containers: [E.right(observedContainer('absent', 'ZERO'))] }), 'c')).toBe(
      O.none,
    );
  });

  it('says why a row counts only together with another', () => {
    const node = observation({ containers: [E.right(observedContainer('absent', 'ZERO'))] });
    expect(container(node).containerd.choices).toStrictEqual([
      { choice: 'unreadableCheckpoint', here: 'rebuild', containerd: 'lose', alone: true },
      { choice: 'checkpointWrite', here: 'when-changed', containerd: 'always', alone: false },
    ]);
  });

  it('tells both values of what differs', () => {
    const node = observation({ containers: [E.right(observedContainer('absent', 'RUNNING'))] });
    const { containerd: there } = container(node);
    expect(there.differences).toStrictEqual([{ field: 'pid', here: 0, containerd: 1111 }]);
    expect(there.choices).toStrictEqual([{ choice: 'unseenExit', here: 'estimated', containerd: 'now', alone: true }]);
  });

  it('says that containerd would end where a name is taken, and what it would do otherwise', () => {
    const named = (id: string) => ({ ...containerRecord(id), name: 'web' });
    const node = observation({
      containers: ['c1', 'c2'].map((id) => E.right(observedContainer('paused', 'RUNNING', 'not asked', named(id)))),
    });
    const { containerd: there, decided: here, seen } = container(node);
    expect(here.ends).toBeUndefined();
    expect(there.ends).toStrictEqual({
      failure: { _tag: 'NameTaken', kind: 'container', name: 'web', ids: ['c1', 'c2'] },
      choices: ['duplicateName'],
    });
    expect([here.item.state, there.item.state]).toStrictEqual(['RUNNING', 'UNKNOWN']);
    expect(seen.sameName).toStrictEqual([{ id: 'c2', attempt: 0, createdAt: times.recordCreated, mayBeAlive: true }]);
  });

  it('tells what was seen', () => {
    const { seen } = container(
      observation({
        containers: [E.right(observedContainer('running', 'LOST corrupt', 'known'))],
        sandboxes: [E.right(observedSandbox('stopped', sandboxRecord('s1')))],
      }),
    );
    expect(seen).toStrictEqual({
      record: {
        name: 'name-of-c1',
        attempt: 0,
        createdAt: times.recordCreated,
        runtime: 'io.containerd.runc.v2',
        metadataId: 'c1',
      },
      sameName: [],
      task: { state: 'running', pid: 4242, exitStatus: undefined, exitedAt: undefined, error: undefined },
      checkpoint: { says: 'LOST', status: undefined, error: 'answered Corrupt' },
      processStartedAt: times.processStarted,
      sandbox: {
        id: 's1',
        name: 'name-of-s1',
        task: { state: 'stopped', pid: 4242, exitStatus: 137, exitedAt: times.exited, error: undefined },
      },
    });
  });

  it('gives a reason for every step and every checkpoint', () => {
    const reasons = new Set<string>();
    for (const policy of [careful, containerd]) {
      for (const observed of situations) {
        const told = container(observation({ containers: [E.right(observed)] }), 'c1', policy).decided;
        for (const { step, why } of told.steps) reasons.add(`${step}: ${why.replace(/otherwise: .*/, 'otherwise: …')}`);
        const write = told.steps.find(({ step }) => step === 'write-checkpoint');
        if (write === undefined) reasons.add(`left: ${told.checkpointReason}`);
        else expect(write.why).toBe(told.checkpointReason);
      }
      for (const task of taskCases) {
        const node = observation({ sandboxes: [E.right(observedSandbox(task))] });
        for (const { step, why } of explained('sandbox', policy, node, 's1').decided.steps)
          reasons.add(`${step}: ${why}`);
      }
    }
    expect([...reasons].sort()).toMatchInlineSnapshot(`
      [
        "attach-io: what it writes is read, so that it does not wait in its pipes",
        "attach-io: what it wrote to the last is read, so that it does not wait in its pipes",
        "create-io: it is yet to be started, and its start finds its pipes there",
        "delete-task: it has ended, and its exit is stored by then",
        "delete-task: it has ended; its exit is stored after that, and lost if the recovery dies in between",
        "delete-task: it is paused, which this policy takes for broken: it is killed",
        "delete-task: it was never started, and is in the way of the next start",
        "delete-task: its shim does not answer, which this policy takes for broken: it is killed",
        "delete-task: its shim has none any more, and no new one can be made while containerd holds it",
        "keep-aside: what stands in its place is no checkpoint, and is kept for whoever wants to see it",
        "left: an UNKNOWN cannot be stored: it would be read as CREATED",
        "left: it says the same already",
        "left: what stands there may be sound: it is not replaced",
        "watch-exit: its task is alive: somebody has to see it end",
        "watch-exit: its task may be alive: when that ends, it is known what became of it",
        "write-checkpoint: it says the same already, and this policy writes every checkpoint",
        "write-checkpoint: there is none yet",
        "write-checkpoint: these are stored otherwise: …",
        "write-checkpoint: what stands there cannot be read, and is replaced",
      ]
    `);
  });
});

/** A step by one word, in the decision and in the explanation. */
const nameOf = ({ _tag }: { readonly _tag: string }): string => _tag.toLowerCase();
const wordOf = ({ step }: { readonly step: string }): string => step.replaceAll('-', '');
