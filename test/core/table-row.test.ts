/** The rows of both tables by name, and what each goes by. */
import { describe, expect, it } from 'vitest';
import type { Recalled } from '../../src/core/recall-checkpoint.js';
import { containerRow, sandboxRow, type TaskWord, tableRowIds } from '../../src/core/table-row.js';
import { sightTask } from '../../src/core/task-sight.js';
import { type TaskCase, taskReadings } from './tables/readings.js';

const saying = ['LOST', 'ZERO', 'CREATED', 'RUNNING', 'EXITED'] as const satisfies ReadonlyArray<Recalled['says']>;
type Rules = Readonly<Record<Recalled['says'], string>>;

const whatever = (rule: string): Rules => ({ LOST: rule, ZERO: rule, CREATED: rule, RUNNING: rule, EXITED: rule });

const nothing = 'neither a task nor a checkpoint says what it is';
const absent: Rules = {
  LOST: nothing,
  ZERO: nothing,
  CREATED: 'it was created and not started yet: it needs no task',
  RUNNING: 'it ran, and its task is gone: it has ended, and nobody saw it end',
  EXITED: 'it has ended, and its checkpoint has the exit',
};
const silent = whatever('the task does not answer: it may be alive, and what the checkpoint says cannot be confirmed');
const sinceWhen = 'the task runs, and there is no checkpoint that says since when';

const containers: Readonly<Record<TaskWord, Rules>> = {
  absent,
  'half-deleted': absent,
  unanswered: silent,
  unknown: silent,
  created: {
    ...whatever('the task was never started, and the checkpoint does not say so'),
    CREATED: 'a start was cut short: the task it left behind goes, and the container can be started again',
  },
  running: {
    LOST: sinceWhen,
    ZERO: sinceWhen,
    CREATED: 'the task runs: it was started, and its checkpoint had no time to say so',
    RUNNING: 'task and checkpoint agree: it runs',
    EXITED: 'the task is alive, and the checkpoint says that the container has ended',
  },
  paused: whatever('the task is paused: its processes are there and stand still'),
  stopped: whatever('the task has stopped: its exit code and time count, even against the checkpoint'),
};

const sandboxes: Readonly<Record<TaskWord, string>> = {
  absent: 'its task is gone, and the pod with it',
  'half-deleted': 'its task is gone but for what containerd still holds of it',
  unanswered: 'containerd could not be asked for its task: the pod may be up',
  unknown: 'its shim does not answer containerd: the pod may be up',
  created: 'its task was never started: the pod was being made when the node went down',
  running: 'its task runs, and so the pod is up',
  paused: 'its task is paused: the pod is there and stands still',
  stopped: 'its task has stopped, and the pod with it',
};

const tasks: ReadonlyArray<readonly [TaskCase, TaskWord]> = [
  ['absent', 'absent'],
  ['half deleted', 'half-deleted'],
  ['timed out', 'unanswered'],
  ['denied', 'unanswered'],
  ['unknown', 'unknown'],
  ['created', 'created'],
  ['running', 'running'],
  ['paused', 'paused'],
  ['pausing', 'paused'],
  ['stopped', 'stopped'],
];

describe.each(tasks)('a %s task', (task, word) => {
  const sight = () => sightTask(taskReadings[task]);

  it.each(saying)(`stands in the row ${word} × %s of a container, with the rule of that row`, (says) => {
    expect(containerRow(sight(), says)).toStrictEqual({
      id: `container: ${word} × ${says}`,
      rule: containers[word][says],
    });
  });

  it(`stands in the row ${word} of a sandbox, with the rule of that row`, () => {
    expect(sandboxRow(sight())).toStrictEqual({ id: `sandbox: ${word}`, rule: sandboxes[word] });
  });
});

it('every row there is has its id in the list, and no other', () => {
  const words = Object.keys(containers);
  expect([...tableRowIds].sort()).toStrictEqual(
    [
      ...words.flatMap((word) => saying.map((says) => `container: ${word} × ${says}`)),
      ...words.map((word) => `sandbox: ${word}`),
    ].sort(),
  );
});
