/** Every reading of a checkpoint and of a task that the tables of containers and sandboxes tell apart. All values differ, so that each can be traced. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Checkpoint, ContainerStatus } from '../../../src/core/container-status.js';
import type { PortError, PortName } from '../../../src/core/failure.js';
import { JsonNumber } from '../../../src/core/json.js';
import type { Reading } from '../../../src/core/observation.js';
import type { Task, TaskState } from '../../../src/core/task.js';

export const times = {
  recordCreated: 1_600_000_000_000_000_001n,
  created: 1_600_000_001_000_000_003n,
  started: 1_600_000_002_000_000_007n,
  processStarted: 1_600_000_002_000_000_011n,
  finished: 1_600_000_003_000_000_013n,
  exited: 1_600_000_004_000_000_017n,
  now: 1_700_000_000_000_000_019n,
} as const;

export const pids = { stored: 1111, task: 4242 } as const;

export const portError = (port: PortName, tag: PortError['_tag'], foreignVersion?: string): PortError => ({
  _tag: tag,
  port,
  operation: 'get',
  subject: 'c1',
  message: `answered ${tag}`,
  ...(foreignVersion === undefined ? {} : { foreignVersion }),
});

const nothing: ContainerStatus = {
  pid: 0,
  createdAt: 0n,
  startedAt: 0n,
  finishedAt: 0n,
  exitCode: 0,
  reason: '',
  message: '',
  unknown: false,
};

const created = { ...nothing, createdAt: times.created };
const running = { ...created, startedAt: times.started, pid: pids.stored, message: 'as stored' };
const exited = { ...running, finishedAt: times.finished, exitCode: 3, reason: 'Completed' };

/** What was read where there is a checkpoint that can be read. `SAME` is what careful makes of the stopped task. */
export const storedStatuses = {
  CREATED: created,
  RUNNING: running,
  'RUNNING OOM': { ...running, reason: 'OOMKilled' },
  'RUNNING UNDATED': { ...running, createdAt: 0n },
  EXITED: exited,
  'EXITED SAME': { ...exited, pid: 0, finishedAt: times.exited, exitCode: 137 },
  'EXITED UNDATED': { ...exited, createdAt: 0n },
  ZERO: nothing,
} as const satisfies Record<string, ContainerStatus>;

const lostErrors = {
  'LOST missing': portError('checkpoints', 'NotFound'),
  'LOST corrupt': portError('checkpoints', 'Corrupt'),
  'LOST foreign': portError('checkpoints', 'Corrupt', 'v2'),
  'LOST denied': portError('checkpoints', 'Denied'),
  'LOST timed out': portError('checkpoints', 'TimedOut'),
  'LOST unavailable': portError('checkpoints', 'Unavailable'),
  'LOST no space': portError('checkpoints', 'NoSpace'),
  'LOST unexpected': portError('checkpoints', 'Unexpected'),
} as const;

export type StoredCase = keyof typeof storedStatuses;
export type LostCase = keyof typeof lostErrors;
export type CheckpointCase = StoredCase | LostCase;

export const storedCases = Object.keys(storedStatuses) as ReadonlyArray<StoredCase>;
export const lostCases = Object.keys(lostErrors) as ReadonlyArray<LostCase>;
export const checkpointCases: ReadonlyArray<CheckpointCase> = [...storedCases, ...lostCases];

export const isStored = (name: CheckpointCase): name is StoredCase => name in storedStatuses;

/** What the file holds beyond the status; every write must keep it. */
export const rest = { Resources: { linux: { cpu_shares: new JsonNumber('1024') } } };

export const checkpointReading = (name: CheckpointCase): Reading<Checkpoint> =>
  isStored(name) ? E.right({ status: storedStatuses[name], rest }) : E.left(lostErrors[name]);

const task = (state: TaskState, given: Partial<Task> = {}): Reading<Task> =>
  E.right({
    id: 'c1',
    pid: pids.task,
    state,
    exitStatus: 0,
    exitedAt: O.none,
    stdio: { stdin: '', stdout: '/run/c1-stdout', stderr: '/run/c1-stderr', terminal: false },
    ...given,
  });

export const taskReadings = {
  absent: E.left(portError('tasks', 'NotFound')),
  'half deleted': E.left({ ...portError('tasks', 'NotFound'), _tag: 'NotFound', halfDeleted: true }),
  denied: E.left(portError('tasks', 'Denied')),
  unavailable: E.left(portError('tasks', 'Unavailable')),
  'timed out': E.left(portError('tasks', 'TimedOut')),
  corrupt: E.left(portError('tasks', 'Corrupt')),
  'no space': E.left(portError('tasks', 'NoSpace')),
  unexpected: E.left(portError('tasks', 'Unexpected')),
  unknown: task('unknown'),
  created: task('created'),
  running: task('running'),
  paused: task('paused'),
  pausing: task('pausing'),
  stopped: task('stopped', { exitStatus: 137, exitedAt: O.some(times.exited) }),
  'stopped -1': task('stopped', { exitStatus: 4_294_967_295, exitedAt: O.some(times.exited) }),
  'stopped undated': task('stopped', { exitStatus: 137, exitedAt: O.none }),
} as const satisfies Record<string, Reading<Task>>;

export type TaskCase = keyof typeof taskReadings;

export const taskCases = Object.keys(taskReadings) as ReadonlyArray<TaskCase>;

/** The errors other than NotFound. */
export const taskErrors = ['denied', 'unavailable', 'timed out', 'corrupt', 'no space', 'unexpected'] as const;
export const stoppedCases = ['stopped', 'stopped -1', 'stopped undated'] as const;
export const pausedCases = ['paused', 'pausing'] as const;

export const processReadings = {
  'not asked': O.none,
  known: O.some(E.right(times.processStarted)),
  'not known': O.some(E.left(portError('host', 'NotFound'))),
} as const satisfies Record<string, O.Option<Reading<bigint>>>;

export type ProcessCase = keyof typeof processReadings;

export const processCases = Object.keys(processReadings) as ReadonlyArray<ProcessCase>;
