/** What people are told: the sentence of every finding, with the id, path, name or error that it is about. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/action.js';
import type { ContainerDecision } from '../../src/core/container-decision.js';
import { decide } from '../../src/core/decide.js';
import { decideContainer } from '../../src/core/decide-container.js';
import { decideImage } from '../../src/core/decide-image.js';
import { decideOrphans } from '../../src/core/decide-orphans.js';
import { decideSandbox, settleSandbox } from '../../src/core/decide-sandbox.js';
import type { Finding, FindingCode } from '../../src/core/finding.js';
import type { DirectoryEntry, Observation, ObservedBase } from '../../src/core/observation.js';
import { careful, containerd } from '../../src/core/policy.js';
import { settleContainer } from '../../src/core/settle-container.js';
import { containerRecord, observation, observedContainer, observedSandbox, sandboxRecord } from './records.js';
import { outcomes } from './tables/path.js';
import { type CheckpointCase, portError, type TaskCase, times } from './tables/readings.js';

const said = (findings: ReadonlyArray<Finding>): ReadonlyArray<string> =>
  findings.map(({ code, message }) => `${code}: ${message}`);

const container = (
  policy: typeof careful,
  task: TaskCase,
  checkpoint: CheckpointCase,
  found: ReadonlyArray<Outcome>,
): ContainerDecision =>
  found.reduce(
    (decision, outcome) =>
      E.getOrElse((): ContainerDecision => decision)(settleContainer(policy, times.now)(decision, outcome)),
    decideContainer(policy, times.now)(observedContainer(task, checkpoint)),
  );

const { Done, TimedOut, NoSpace, Absent } = outcomes;

describe('what is said of a container', () => {
  const table: ReadonlyArray<readonly [TaskCase, CheckpointCase, ReadonlyArray<Outcome>, FindingCode, string]> = [
    ['absent', 'LOST missing', [], 'checkpoint-missing', 'there is no checkpoint'],
    ['absent', 'LOST corrupt', [], 'checkpoint-unreadable', 'the checkpoint cannot be read: answered Corrupt'],
    ['absent', 'LOST foreign', [], 'checkpoint-foreign-version', 'the checkpoint is of version "v2"'],
    [
      'absent',
      'ZERO',
      [],
      'checkpoint-empty',
      'the checkpoint has no time in it, as a restart after an unreadable one leaves it',
    ],
    ['timed out', 'RUNNING', [], 'task-not-answering', 'the task does not answer: answered TimedOut'],
    [
      'unknown',
      'RUNNING',
      [],
      'task-not-answering',
      'the task does not answer: containerd could not get its state from the shim',
    ],
    ['paused', 'RUNNING', [], 'task-paused', 'the container is paused'],
    ['created', 'RUNNING', [], 'task-unexpected', 'the task was never started, the checkpoint says RUNNING'],
    ['running', 'EXITED', [], 'task-unexpected', 'the task is alive, the checkpoint says EXITED'],
    ['stopped', 'LOST foreign', [], 'task-kept', 'the task is kept: its exit is stored nowhere else'],
    ['absent', 'RUNNING', [], 'exit-unseen', 'nobody saw the exit: its task is gone, its code and time are not known'],
    ['stopped undated', 'RUNNING', [], 'exit-time-missing', 'the task has stopped and does not say when'],
    ['running', 'RUNNING', [TimedOut], 'io-degraded', 'its output is not read: tasks get c1: answered TimedOut'],
    ['running', 'RUNNING', [Absent], 'io-degraded', 'its output is not read: there is no such place any more'],
    [
      'running',
      'RUNNING',
      [Done, TimedOut],
      'wait-failed',
      'its exit cannot be waited for: tasks get c1: answered TimedOut',
    ],
    [
      'stopped',
      'RUNNING',
      [Done, Done, TimedOut],
      'task-not-deleted',
      'its task could not be deleted: tasks get c1: answered TimedOut',
    ],
    [
      'running',
      'CREATED',
      [Done, Done, NoSpace],
      'checkpoint-not-written',
      'its checkpoint could not be written: checkpoints get c1: answered NoSpace',
    ],
    [
      'running',
      'CREATED',
      [Done, Done, { _tag: 'Skipped', why: 'the deadline has passed' }],
      'checkpoint-not-written',
      'its checkpoint could not be written: the deadline has passed',
    ],
  ];

  it.each(table)('task %s, checkpoint %s, then %j: %s', (task, checkpoint, found, code, message) => {
    expect(said(container(careful, task, checkpoint, found).findings)).toContain(`${code}: ${message}`);
  });

  it('is the error where the item is dropped with it', () => {
    const decision = container(containerd, 'running', 'RUNNING', [Done, Done]);
    expect(settleContainer(containerd, times.now)(decision, NoSpace)).toStrictEqual(
      E.left({
        kind: 'container',
        id: 'c1',
        tag: 'CheckpointWriteFailed',
        message: 'checkpoints get c1: answered NoSpace',
      }),
    );
  });
});

describe('what is said of a sandbox', () => {
  const sandbox = (task: TaskCase, ...found: ReadonlyArray<Outcome>) =>
    found.reduce(settleSandbox(careful), decideSandbox(careful)(observedSandbox(task, sandboxRecord('s1', true))));

  it.each([
    ['paused', [], 'task-paused: the sandbox is paused'],
    ['timed out', [], 'task-not-answering: the task does not answer: answered TimedOut'],
    ['stopped', [TimedOut], 'task-not-deleted: its task could not be deleted: tasks get c1: answered TimedOut'],
    ['half deleted', [TimedOut], 'task-not-deleted: its task could not be deleted: tasks get c1: answered TimedOut'],
    ['running', [TimedOut], 'wait-failed: its exit cannot be waited for: tasks get c1: answered TimedOut'],
  ] as const)('task %s, then %j: %s', (task, found, message) => {
    expect(said(sandbox(task, ...found).findings)).toStrictEqual([message]);
  });

  it('names the path of its network namespace', () => {
    const found = (task: TaskCase, isMounted: boolean) =>
      said(decideSandbox(careful)({ ...observedSandbox(task), netns: O.some(E.right(isMounted)) }).findings);
    expect(found('running', false)).toStrictEqual([
      'netns-missing: there is no network namespace at /var/run/netns/cni-s1',
    ]);
    expect(found('absent', true)).toStrictEqual([
      'netns-left: the network namespace /var/run/netns/cni-s1 is still mounted',
    ]);
  });
});

describe('what is said of an image', () => {
  const record = { name: 'web', target: 'sha256:i', labels: {} };

  it('names the blobs that are missing', () => {
    const content = { id: 'sha256:c', chainId: '', size: 1, missing: ['sha256:l', 'sha256:m'], unpacked: false };
    const decided = decideImage(careful)({ record, content: E.right(content) });
    expect(E.isRight(decided) && said(decided.right.findings)).toStrictEqual([
      'image-incomplete: 2 of its blobs are missing: sha256:l, sha256:m',
      'image-not-unpacked: the snapshotter has no snapshot of it',
    ]);
  });

  it('names the error where it cannot be read', () => {
    const decided = decideImage(careful)({ record, content: E.left(portError('images', 'Corrupt')) });
    expect(E.isLeft(decided) && decided.left.message).toBe('its manifest or config cannot be read: answered Corrupt');
  });
});

describe('what is said of an item beside others', () => {
  const found = (given: Partial<Observation>) => {
    const plan = decide(careful, times.now)(observation(given));
    if (E.isLeft(plan)) throw new Error(plan.left._tag);
    return plan.right;
  };
  const pod = (task: TaskCase) => E.right(observedSandbox(task, sandboxRecord('s1', true)));
  const runs = (record = containerRecord('c1')) =>
    E.right(observedContainer('running', 'RUNNING', 'not asked', record));

  it('names the sandbox, the holder of the name, the other id', () => {
    expect(said(found({ containers: [runs()] }).containers[0]?.findings ?? [])).toStrictEqual([
      'sandbox-missing: its sandbox "s1" is not there, or could not be read',
    ]);
    expect(
      said(found({ sandboxes: [pod('absent')], containers: [runs()] }).containers[0]?.findings ?? []),
    ).toStrictEqual(['sandbox-not-ready: it runs in a sandbox that is not ready']);
    const twin = { ...containerRecord('c2'), name: 'name-of-c1', metadata: containerRecord('c1').metadata };
    const { containers } = found({ sandboxes: [pod('running')], containers: [runs(), runs(twin)] });
    expect(containers.map(({ findings }) => said(findings))).toStrictEqual([
      [],
      [
        'name-shadowed: its name is held by c1; this one can still be listed and removed',
        'metadata-id-differs: its metadata names another id: "c1"',
      ],
    ]);
  });

  it('is that neither of two is believed that were listed under one id', () => {
    expect(found({ containers: [runs(), runs()] }).failures).toStrictEqual([
      { kind: 'container', id: 'c1', tag: 'DuplicateId', message: 'it was listed more than once' },
    ]);
  });
});

describe('what is said of a directory', () => {
  const base = (...entries: ReadonlyArray<Omit<DirectoryEntry, 'mounts'>>): ObservedBase => ({
    kind: 'container',
    area: 'root',
    path: '/root/containers',
    entries: E.right(entries.map((entry) => ({ ...entry, mounts: [] }))),
  });
  const directories = (...names: ReadonlyArray<string>) =>
    base(...names.map((name) => ({ name, type: 'directory' as const })));
  const whys = (policy: typeof careful, listed: ReadonlyArray<string>, ...bases: ReadonlyArray<ObservedBase>) => {
    const decided = decideOrphans(policy, { container: new Set(listed), sandbox: new Set() })(bases);
    if (E.isLeft(decided)) throw new Error(decided.left._tag);
    return [...decided.right.orphans.map(({ why }) => why), ...decided.right.failures.map(({ message }) => message)];
  };

  it.each([careful, containerd])('is why it counts as orphaned, or what it is instead', (policy) => {
    expect(whys(policy, ['a', 'b'], directories('a', 'b', 'o', '..'))).toStrictEqual([
      'containerd has no container of this id',
      'its name is no name of a directory',
    ]);
    const others = (['file', 'link', 'other'] as const).map((type) => ({ name: type, type }));
    expect(whys(policy, ['a'], base(...others))).toStrictEqual([
      'it is no directory but a file',
      'it is no directory but a symbolic link',
      'it is no directory but a special file or a name that cannot be read',
    ]);
  });

  it('is why it is left alone although it looks orphaned', () => {
    expect(whys(careful, [], directories('o'))).toStrictEqual([
      'containerd lists no container at all in this namespace, which is likelier to be wrong than these directories',
    ]);
    expect(whys(careful, ['a'], directories('a', 'o', 'p'))).toStrictEqual(
      Array(2).fill('2 of 3 container directories look orphaned, which is likelier to be a wrong list'),
    );
    const unread = { ...base(), area: 'state', path: '/state/containers' } as const;
    const denied = { ...unread, entries: E.left(portError('directories', 'Denied')) };
    expect(whys(careful, ['a'], directories('a', 'o'), denied)).toStrictEqual([
      '/state/containers cannot be read, and so it cannot be told how many look orphaned',
      'nothing in it is touched: directories get c1: answered Denied',
    ]);
  });
});
