/** The sandbox tables against the code, and what is said of network namespaces. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { decideSandbox, type SandboxDecision, settleSandbox } from '../../src/core/decide-sandbox.js';
import type { Reading } from '../../src/core/observation.js';
import { careful, containerd, type Policy } from '../../src/core/policy.js';
import { observedSandbox, sandboxRecord } from './records.js';
import { outcomes, outcomesOf, waysOf, writeWay } from './tables/path.js';
import { pids, portError, type TaskCase, taskCases, times } from './tables/readings.js';
import { carefulSandboxes, containerdSandboxes, type SandboxRow } from './tables/sandboxes.js';

const presets = [
  { name: 'containerd', policy: containerd, rows: containerdSandboxes },
  { name: 'careful', policy: careful, rows: carefulSandboxes },
] as const;

const expectedEnds = (rows: ReadonlyArray<SandboxRow>, task: TaskCase) =>
  Object.fromEntries(
    rows
      .filter((row) => row.tasks.includes(task))
      .flatMap((row) =>
        waysOf(row.path).map((way) => [
          writeWay(way),
          {
            status: { state: row.state, pid: row.pid === 'task' ? pids.task : 0, createdAt: times.recordCreated },
            monitored: row.monitored ?? false,
            findings: [...(row.findings ?? [])].sort(),
          },
        ]),
      ),
  );

const endsOf = (policy: Policy, task: TaskCase) => {
  const settle = settleSandbox(policy);
  const go = (way: string, decision: SandboxDecision): ReadonlyArray<readonly [string, unknown]> => {
    const [step] = decision.steps;
    if (step === undefined) {
      const { status, monitored } = decision;
      return [[way.trim(), { status, monitored, findings: decision.findings.map(({ code }) => code).sort() }]];
    }
    return outcomesOf(step._tag).flatMap((name) => go(`${way} ${step._tag}:${name}`, settle(decision, outcomes[name])));
  };
  // The host's network, so that nothing is found about a namespace.
  return Object.fromEntries(go('', decideSandbox(policy)(observedSandbox(task, sandboxRecord('s1', true)))));
};

const tables = presets.flatMap(({ name, policy, rows }) =>
  taskCases.map((task) => {
    const expected = expectedEnds(rows, task);
    return { name, policy, task, expected, ways: Object.keys(expected).length };
  }),
);

describe(`the sandbox tables, ${tables.reduce((sum, { ways }) => sum + ways, 0)} ways`, () => {
  it.each(tables)('$name, task $task: all $ways ways end as the table says', ({ policy, task, expected }) => {
    expect(endsOf(policy, task)).toEqual(expected);
  });

  it.each(['denied', 'unavailable', 'timed out', 'corrupt', 'no space', 'unexpected'] as const)(
    'never kill for the error %s',
    (task) => {
      for (const policy of [containerd, careful]) {
        expect(decideSandbox(policy)(observedSandbox(task)).steps.map(({ _tag }) => _tag)).not.toContain('DeleteTask');
      }
    },
  );

  it('say in which state the task was seen that is deleted', () => {
    const seen = (policy: Policy, task: TaskCase) =>
      decideSandbox(policy)(observedSandbox(task)).steps.flatMap((step) =>
        step._tag === 'DeleteTask' ? [step.state] : [],
      );
    const tasks = ['created', 'stopped', 'half deleted', 'paused', 'pausing', 'unknown'] as const;
    expect(tasks.flatMap((task) => seen(containerd, task))).toEqual([
      'created',
      'stopped',
      'half-deleted',
      'paused',
      'paused',
      'unanswering',
    ]);
    expect(tasks.flatMap((task) => seen(careful, task))).toEqual(['created', 'stopped', 'half-deleted']);
  });
});

const present: ReadonlyArray<readonly [string, O.Option<Reading<boolean>>, boolean | undefined]> = [
  ['is mounted', O.some(E.right(true)), true],
  ['is not mounted', O.some(E.right(false)), false],
  ['cannot be told', O.some(E.left(portError('host', 'Denied'))), undefined],
  ['was not asked', O.none, undefined],
];

describe.each(presets)('the network namespace under $name', ({ policy }) => {
  it("is the host's for a pod in the host's network, whatever is at the path", () => {
    for (const [, netns] of present) {
      const decision = decideSandbox(policy)({ ...observedSandbox('running', sandboxRecord('s1', true)), netns });
      expect(decision.netns).toEqual({ mode: 'host' });
      expect(decision.findings).toEqual([]);
    }
  });

  it.each(present)('is loaded by its path and changes no state where it %s', (_, netns, expected) => {
    for (const task of taskCases) {
      const decision = decideSandbox(policy)({ ...observedSandbox(task), netns });
      const onHost = decideSandbox(policy)(observedSandbox(task, sandboxRecord('s1', true)));
      expect(decision.netns).toEqual({ mode: 'pod', path: '/var/run/netns/cni-s1', present: expected });
      expect(decision.status).toEqual(onHost.status);
      expect(decision.steps).toEqual(onHost.steps);
    }
  });

  it('is found missing below a pod that is not over, and left behind by one that is', () => {
    const codes = (task: TaskCase, mounted: boolean) =>
      decideSandbox(policy)({ ...observedSandbox(task), netns: O.some(E.right(mounted)) })
        .findings.map(({ code }) => code)
        .filter((code) => code.startsWith('netns'));
    expect(codes('running', false)).toEqual(['netns-missing']);
    expect(codes('denied', false)).toEqual(['netns-missing']);
    expect(codes('absent', true)).toEqual(['netns-left']);
    expect(codes('stopped', true)).toEqual(['netns-left']);
    expect(codes('running', true)).toEqual([]);
    expect(codes('absent', false)).toEqual([]);
  });

  it('is judged by the state that the steps left, not by the planned one', () => {
    const decision = decideSandbox(policy)({ ...observedSandbox('running'), netns: O.some(E.right(true)) });
    const gone = settleSandbox(policy)(decision, outcomes.Absent);
    expect(gone.status.state).toBe('NOTREADY');
    expect(gone.findings.map(({ code }) => code)).toEqual(['netns-left']);
    const without = decideSandbox(policy)({ ...observedSandbox('running'), netns: O.some(E.right(false)) });
    expect(settleSandbox(policy)(without, outcomes.Absent).findings).toEqual([]);
    const kept = decideSandbox(policy)({ ...observedSandbox('stopped'), netns: O.some(E.right(true)) });
    const undeleted = settleSandbox(policy)(kept, outcomes.TimedOut);
    expect(undeleted.findings.map(({ code }) => code)).toEqual(['task-not-deleted']);
  });
});

describe.each(presets)('a step of a sandbox under $name', ({ policy }) => {
  const stdio = { stdin: '', stdout: '', stderr: '', terminal: false };

  it.each([outcomes.Done, outcomes.Skipped, { _tag: 'IoCreated', stdio } as const])(
    'changes nothing but what was done where it ends with %o',
    (outcome) => {
      for (const task of ['running', 'stopped'] as const) {
        const decision = decideSandbox(policy)(observedSandbox(task));
        const [step, ...steps] = decision.steps;
        const settled = settleSandbox(policy)(decision, outcome);
        expect(settled).toStrictEqual({ ...decision, steps, performed: [{ step, outcome }] });
        expect(settleSandbox(policy)(settled, outcomes.TimedOut)).toBe(settled);
      }
    },
  );

  it('is kept with its outcome, those before it first', () => {
    const decision = decideSandbox(policy)(observedSandbox('running'));
    const [step] = decision.steps;
    if (step === undefined) throw new Error('there is one');
    const twice = { ...decision, steps: [step, step] };
    const settled = settleSandbox(policy)(settleSandbox(policy)(twice, outcomes.Done), outcomes.TimedOut);
    expect(settled.performed).toStrictEqual([
      { step, outcome: outcomes.Done },
      { step, outcome: outcomes.TimedOut },
    ]);
  });
});
