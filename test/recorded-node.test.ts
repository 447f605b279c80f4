/** The recorded node is worth showing: enough pods and containers, in enough rows of the tables, and nothing in it that should not be. */
import { readFile } from 'node:fs/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Checkpoint } from '../src/core/container-status.js';
import {
  decide,
  decodeRecording,
  encodeRecording,
  type Observation,
  type Plan,
  type PortError,
  policies,
} from '../src/index.js';
import { runHere } from './cli/spawned-command.js';
import { recordedNodeFile } from './recorded-node-file.js';

let text: string;
let observation: Observation;
let plan: Plan;

const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left));
  return either.right;
};

beforeAll(async () => {
  text = await readFile(recordedNodeFile, 'utf8');
  observation = right(decodeRecording(text));
  plan = right(decide(policies.careful, observation.takenAt)(observation));
});

const checkpointColumn = (checkpoint: E.Either<PortError, Checkpoint>): string => {
  if (E.isLeft(checkpoint)) return 'LOST';
  const { createdAt, startedAt, finishedAt } = checkpoint.right.status;
  if (finishedAt !== 0n) return 'EXITED';
  if (startedAt !== 0n) return 'RUNNING';
  return createdAt === 0n ? 'ZERO' : 'CREATED';
};

const containers = () => observation.containers.flatMap((one) => (E.isRight(one) ? [one.right] : []));
const codes = () =>
  new Set(
    [...plan.sandboxes, ...plan.containers, ...plan.images].flatMap(({ findings }) => findings.map(({ code }) => code)),
  );

describe('the recorded node', () => {
  test('has at least 4 pods and 20 containers', () => {
    expect(observation.sandboxes.length).toBeGreaterThanOrEqual(4);
    expect(observation.containers.length).toBeGreaterThanOrEqual(20);
  });

  test('has its containers in at least 15 rows of the table', () => {
    const rows = containers().map(({ task, checkpoint }) => {
      const column = E.isLeft(task) ? `no task (${task.left._tag})` : `${task.right.state} task`;
      return `${column}, ${checkpointColumn(checkpoint)}`;
    });
    expect([...new Set(rows)].sort()).toEqual([
      'created task, CREATED',
      'created task, RUNNING',
      'no task (NotFound), CREATED',
      'no task (NotFound), EXITED',
      'no task (NotFound), LOST',
      'no task (NotFound), RUNNING',
      'no task (NotFound), ZERO',
      'paused task, RUNNING',
      'running task, CREATED',
      'running task, EXITED',
      'running task, LOST',
      'running task, RUNNING',
      'running task, ZERO',
      'stopped task, LOST',
      'stopped task, RUNNING',
      'unknown task, RUNNING',
    ]);
  });

  test('shows what is odd about nodes', () => {
    const expected = [
      'checkpoint-empty',
      'checkpoint-foreign-version',
      'checkpoint-missing',
      'checkpoint-unreadable',
      'exit-unseen',
      'image-incomplete',
      'image-not-unpacked',
      'name-shadowed',
      'sandbox-missing',
      'task-kept',
      'task-not-answering',
      'task-paused',
      'task-unexpected',
    ];
    expect([...codes()]).toEqual(expect.arrayContaining(expected));
    expect(plan.orphans.filter(({ steps }) => steps.length > 0).length).toBeGreaterThanOrEqual(3);
    expect(plan.orphans.filter(({ steps }) => steps.length === 0)).toHaveLength(1);
    expect(plan.failures).toMatchObject([{ kind: 'container', tag: 'MetadataUnreadable' }]);
  });

  test('has sandboxes that are ready, gone, paused and silent', () => {
    const states = new Set(plan.sandboxes.map(({ status }) => status.state));
    expect(states).toEqual(new Set(['READY', 'NOTREADY', 'UNKNOWN']));
    expect(new Set(plan.sandboxes.map(({ netns }) => netns.mode))).toEqual(new Set(['pod', 'host']));
  });

  test('is refused under policy containerd, as containerd itself would not start', () => {
    const refused = decide(policies.containerd, observation.takenAt)(observation);
    expect(refused).toMatchObject(
      E.left({ _tag: 'NameTaken', kind: 'container', name: expect.stringMatching(/^nginx_/) }),
    );
  });

  test('is planned under policy containerd but for that one row', () => {
    const lenient = { ...policies.containerd, duplicateName: 'shadow' } as const;
    const { containers: decided, sandboxes } = right(decide(lenient, observation.takenAt)(observation));
    expect(decided).toHaveLength(plan.containers.length);
    expect(sandboxes.flatMap(({ steps }) => steps.filter(({ _tag }) => _tag === 'DeleteTask')).length).toBeGreaterThan(
      1,
    );
  });

  test('is what `record` writes: encoded again it is the same', () => {
    expect(encodeRecording(observation)).toBe(text);
    for (const { processStartedAt } of containers())
      expect(O.isNone(processStartedAt) || E.isRight(processStartedAt.value)).toBe(true);
  });

  test('says nothing of the machine or the people it was made by', () => {
    expect(text).not.toMatch(/\/(home|Users|tmp|root\/\.|work)\/|correct-horse|password.{1,40}horse/);
    expect(
      text.match(/"(\/[^"]*)"/g)?.filter((path) => !/^"\/(var\/lib\/containerd-node|containerd-node)/.test(path)),
    ).toEqual([]);
  });

  test('is shown by the command as a table, with exit code 1 for what failed', async () => {
    const { code, stdout } = await runHere(['plan', '--node', recordedNodeFile], 160);
    expect(code).toBe(1);
    expect(stdout).toMatch(/shop\/web-7d9f8c6b5-x2x4k/);
    expect(stdout).toMatch(/\d+ sandboxes: .*\d+ containers: /);
  });
});
