/** Facts section 3 and design section 4: what becomes of a sandbox, by policy, task and what came of the steps. */
import type { FindingCode } from '../../../src/core/finding.js';
import type { SandboxState } from '../../../src/core/sandbox-status.js';
import { pausedCases, stoppedCases, type TaskCase, taskErrors } from './readings.js';

export interface SandboxRow {
  readonly tasks: ReadonlyArray<TaskCase>;
  /** See path.ts. */
  readonly path: string;
  readonly state: SandboxState;
  /** The task's; otherwise 0. */
  readonly pid?: 'task';
  /** False unless said. */
  readonly monitored?: boolean;
  readonly findings?: ReadonlyArray<FindingCode>;
}

const over: ReadonlyArray<SandboxRow> = [
  { tasks: ['absent'], path: '', state: 'NOTREADY' },
  { tasks: ['half deleted'], path: 'DeleteTask+', state: 'NOTREADY' },
  { tasks: ['half deleted'], path: 'DeleteTask-', state: 'NOTREADY', findings: ['task-not-deleted'] },
  { tasks: ['created', ...stoppedCases], path: 'DeleteTask+', state: 'NOTREADY' },
  { tasks: ['created', ...stoppedCases], path: 'DeleteTask-', state: 'UNKNOWN', findings: ['task-not-deleted'] },
];

export const containerdSandboxes: ReadonlyArray<SandboxRow> = [
  ...over,
  { tasks: taskErrors, path: '', state: 'UNKNOWN', findings: ['task-not-answering'] },
  { tasks: ['running'], path: 'WatchExit+', state: 'READY', pid: 'task', monitored: true },
  { tasks: ['running'], path: 'WatchExit0', state: 'NOTREADY' },
  { tasks: ['running'], path: 'WatchExit-', state: 'UNKNOWN', findings: ['wait-failed'] },
  { tasks: pausedCases, path: 'DeleteTask+', state: 'NOTREADY', findings: ['task-paused'] },
  { tasks: pausedCases, path: 'DeleteTask-', state: 'UNKNOWN', findings: ['task-paused', 'task-not-deleted'] },
  { tasks: ['unknown'], path: 'DeleteTask+', state: 'NOTREADY', findings: ['task-not-answering'] },
  {
    tasks: ['unknown'],
    path: 'DeleteTask-',
    state: 'UNKNOWN',
    findings: ['task-not-answering', 'task-not-deleted'],
  },
];

const silent = [...taskErrors, 'unknown'] as const;

export const carefulSandboxes: ReadonlyArray<SandboxRow> = [
  ...over,
  { tasks: silent, path: 'WatchExit+', state: 'UNKNOWN', monitored: true, findings: ['task-not-answering'] },
  { tasks: silent, path: 'WatchExit0', state: 'NOTREADY', findings: ['task-not-answering'] },
  {
    tasks: silent,
    path: 'WatchExit-',
    state: 'UNKNOWN',
    monitored: true,
    findings: ['task-not-answering', 'wait-failed'],
  },
  { tasks: ['running'], path: 'WatchExit+', state: 'READY', pid: 'task', monitored: true },
  { tasks: ['running'], path: 'WatchExit0', state: 'NOTREADY' },
  {
    tasks: ['running'],
    path: 'WatchExit-',
    state: 'READY',
    pid: 'task',
    monitored: true,
    findings: ['wait-failed'],
  },
  {
    tasks: pausedCases,
    path: 'WatchExit+',
    state: 'READY',
    pid: 'task',
    monitored: true,
    findings: ['task-paused'],
  },
  { tasks: pausedCases, path: 'WatchExit0', state: 'NOTREADY', findings: ['task-paused'] },
  {
    tasks: pausedCases,
    path: 'WatchExit-',
    state: 'READY',
    pid: 'task',
    monitored: true,
    findings: ['task-paused', 'wait-failed'],
  },
];
