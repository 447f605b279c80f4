/** Facts section 2, row by row: what containerd makes of a container. */
import type { ContainerRow } from './container-row.js';
import { checkpointCases, lostCases, pausedCases, taskErrors } from './readings.js';

const running = ['RUNNING', 'RUNNING OOM', 'RUNNING UNDATED'] as const;
const exited = ['EXITED', 'EXITED SAME', 'EXITED UNDATED'] as const;
const any = checkpointCases;
const notCreated = any.filter((name) => name !== 'CREATED');
const notLost = any.filter((name) => !name.startsWith('LOST'));
const unseen = { finishedAt: 'now', exitCode: 'unseen', reason: 'unseen' } as const;
const start = { startedAt: 'now', pid: 'task' } as const;
const gone = 'AttachIo+ WatchExit0';

type Row = Omit<ContainerRow, 'file'>;

const absent: ReadonlyArray<Row> = [
  { tasks: ['absent'], checkpoints: ['CREATED'], path: 'CreateIo+', state: 'CREATED' },
  { tasks: ['absent'], checkpoints: ['CREATED'], path: 'CreateIo-', state: 'UNKNOWN', findings: ['io-degraded'] },
  { tasks: ['absent'], checkpoints: running, path: '', state: 'EXITED', set: unseen, findings: ['exit-unseen'] },
  { tasks: ['absent'], checkpoints: exited, path: '', state: 'EXITED' },
  { tasks: ['absent'], checkpoints: lostCases, path: '', state: 'UNKNOWN' },
  { tasks: ['absent'], checkpoints: ['ZERO'], path: '', state: 'UNKNOWN', flag: false },
];

/** Where containerd itself leaves what it holds, docs/differences.md. */
const halfDeleted = absent.flatMap((row): ReadonlyArray<Row> => {
  const tasks = ['half deleted'] as const;
  const findings = ['task-not-deleted', ...(row.findings ?? [])] as const;
  return [
    { ...row, tasks, path: `DeleteTask+ ${row.path}` },
    { ...row, tasks, path: `DeleteTask- ${row.path}`, findings },
  ];
});

const rows: ReadonlyArray<Row> = [
  ...absent,
  ...halfDeleted,

  { tasks: [...taskErrors, 'unknown'], checkpoints: any, path: '', state: 'UNKNOWN', findings: ['task-not-answering'] },

  { tasks: ['created'], checkpoints: ['CREATED'], path: 'AttachIo-', state: 'UNKNOWN', findings: ['io-degraded'] },
  {
    tasks: ['created'],
    checkpoints: notCreated,
    path: 'AttachIo-',
    state: 'UNKNOWN',
    findings: ['task-unexpected', 'io-degraded'],
  },
  { tasks: ['created'], checkpoints: ['CREATED'], path: 'AttachIo+ DeleteTask+', state: 'CREATED' },
  {
    tasks: ['created'],
    checkpoints: notCreated,
    path: 'AttachIo+ DeleteTask+',
    state: 'UNKNOWN',
    findings: ['task-unexpected'],
  },
  {
    tasks: ['created'],
    checkpoints: ['CREATED'],
    path: 'AttachIo+ DeleteTask-',
    state: 'UNKNOWN',
    findings: ['task-not-deleted'],
  },
  {
    tasks: ['created'],
    checkpoints: notCreated,
    path: 'AttachIo+ DeleteTask-',
    state: 'UNKNOWN',
    findings: ['task-unexpected', 'task-not-deleted'],
  },

  { tasks: ['running'], checkpoints: exited, path: 'AttachIo+', state: 'UNKNOWN', findings: ['task-unexpected'] },
  {
    tasks: ['running'],
    checkpoints: exited,
    path: 'AttachIo-',
    state: 'UNKNOWN',
    findings: ['task-unexpected', 'io-degraded'],
  },
  {
    tasks: ['running'],
    checkpoints: any.filter((name) => !name.startsWith('EXITED')),
    path: 'AttachIo-',
    state: 'UNKNOWN',
    findings: ['io-degraded'],
  },

  { tasks: ['running'], checkpoints: running, path: 'AttachIo+ WatchExit+', state: 'RUNNING', monitored: true },
  {
    tasks: ['running'],
    checkpoints: ['CREATED', 'ZERO'],
    path: 'AttachIo+ WatchExit+',
    state: 'RUNNING',
    monitored: true,
    set: start,
  },
  {
    tasks: ['running'],
    checkpoints: lostCases,
    path: 'AttachIo+ WatchExit+',
    state: 'UNKNOWN',
    monitored: true,
    set: start,
  },

  { tasks: ['running'], checkpoints: running, path: gone, state: 'EXITED', set: unseen, findings: ['exit-unseen'] },
  {
    tasks: ['running'],
    checkpoints: ['CREATED', 'ZERO'],
    path: gone,
    state: 'EXITED',
    set: { ...start, ...unseen },
    findings: ['exit-unseen'],
  },
  {
    tasks: ['running'],
    checkpoints: lostCases,
    path: gone,
    state: 'UNKNOWN',
    set: { ...start, ...unseen },
    findings: ['exit-unseen'],
  },

  {
    tasks: ['running'],
    checkpoints: running,
    path: 'AttachIo+ WatchExit-',
    state: 'UNKNOWN',
    findings: ['wait-failed'],
  },
  {
    tasks: ['running'],
    checkpoints: ['CREATED', 'ZERO', ...lostCases],
    path: 'AttachIo+ WatchExit-',
    state: 'UNKNOWN',
    set: start,
    findings: ['wait-failed'],
  },

  {
    tasks: ['stopped', 'stopped -1'],
    checkpoints: any,
    path: 'AttachIo-',
    state: 'UNKNOWN',
    findings: ['io-degraded'],
  },
  {
    tasks: ['stopped undated'],
    checkpoints: any,
    path: 'AttachIo-',
    state: 'UNKNOWN',
    findings: ['exit-time-missing', 'io-degraded'],
  },
  {
    tasks: ['stopped', 'stopped -1'],
    checkpoints: notLost,
    path: 'AttachIo+ DeleteTask+',
    state: 'EXITED',
    set: { finishedAt: 'task', exitCode: 'task' },
  },
  {
    tasks: ['stopped', 'stopped -1'],
    checkpoints: lostCases,
    path: 'AttachIo+ DeleteTask+',
    state: 'UNKNOWN',
    set: { finishedAt: 'task', exitCode: 'task' },
  },
  {
    tasks: ['stopped undated'],
    checkpoints: notLost,
    path: 'AttachIo+ DeleteTask+',
    state: 'EXITED',
    set: { finishedAt: 'go zero', exitCode: 'task' },
    findings: ['exit-time-missing'],
  },
  {
    tasks: ['stopped undated'],
    checkpoints: lostCases,
    path: 'AttachIo+ DeleteTask+',
    state: 'UNKNOWN',
    set: { finishedAt: 'go zero', exitCode: 'task' },
    findings: ['exit-time-missing'],
  },
  {
    tasks: ['stopped', 'stopped -1'],
    checkpoints: any,
    path: 'AttachIo+ DeleteTask-',
    state: 'UNKNOWN',
    findings: ['task-not-deleted'],
  },
  {
    tasks: ['stopped undated'],
    checkpoints: any,
    path: 'AttachIo+ DeleteTask-',
    state: 'UNKNOWN',
    findings: ['exit-time-missing', 'task-not-deleted'],
  },

  { tasks: pausedCases, checkpoints: any, path: 'AttachIo+', state: 'UNKNOWN', findings: ['task-paused'] },
  {
    tasks: pausedCases,
    checkpoints: any,
    path: 'AttachIo-',
    state: 'UNKNOWN',
    findings: ['task-paused', 'io-degraded'],
  },
];

/** The epilogue: the checkpoint is always rewritten, and where it cannot be the container is skipped. */
export const containerdContainers: ReadonlyArray<ContainerRow> = rows.flatMap(
  (row): ReadonlyArray<ContainerRow> => [
    { ...row, path: `${row.path} WriteCheckpoint+`, file: 'written' },
    { ...row, path: `${row.path} WriteCheckpoint-`, file: 'skipped' },
  ],
);
