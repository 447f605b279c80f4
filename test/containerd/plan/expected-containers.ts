/**
 * What becomes of a container in each situation, written down from the table and the policies, not from the code: the row of containerd,
 * and that of `careful` where it departs.
 */
import { inventedExit, type SituationName } from './situations.js';

/** Where a time comes from: the checkpoint, containerd's record, the process, the task's exit, the moment of the observation, or there is none. */
export type Time = 'checkpoint' | 'record' | 'process' | 'exit' | 'now' | 'invented' | 'none';

export interface Expected {
  readonly state: 'CREATED' | 'RUNNING' | 'EXITED' | 'UNKNOWN';
  readonly createdAt: Time;
  readonly startedAt: Time;
  readonly finishedAt: Time;
  /** Of the task, as the checkpoint has it, or none. */
  readonly pid: 'task' | 'checkpoint' | 'none';
  readonly exitCode: number;
  readonly reason: string;
  readonly actions: ReadonlyArray<string>;
  readonly checkpoint: 'planned' | 'unchanged' | 'none';
  readonly findings: ReadonlyArray<string>;
  readonly monitored: boolean;
}

export interface Row {
  readonly containerd: Expected;
  readonly careful: Expected;
}

const created: Expected = {
  state: 'CREATED',
  createdAt: 'checkpoint',
  startedAt: 'none',
  finishedAt: 'none',
  pid: 'none',
  exitCode: 0,
  reason: '',
  actions: ['write-checkpoint'],
  checkpoint: 'planned',
  findings: [],
  monitored: false,
};
const running: Expected = { ...created, state: 'RUNNING', startedAt: 'checkpoint', pid: 'checkpoint', monitored: true };
const exited: Expected = {
  ...created,
  state: 'EXITED',
  startedAt: 'checkpoint',
  finishedAt: 'checkpoint',
  exitCode: 3,
};
const lost: Expected = { ...created, state: 'UNKNOWN', createdAt: 'none', exitCode: 255, reason: 'Unknown' };
const unknown = (of: Expected): Expected => ({ ...of, state: 'UNKNOWN', monitored: false });
const found = (...findings: ReadonlyArray<string>) => ({ findings });

/** `careful` writes nothing where nothing changed. */
const unchanged = { actions: [], checkpoint: 'unchanged' } as const;
const noFile = { actions: [], checkpoint: 'none' } as const;
const followed = { monitored: true } as const;

const saidExited = { finishedAt: 'invented', exitCode: inventedExit.exitCode } as const;
/** What containerd makes of a running task behind a checkpoint it cannot read: started now, and UNKNOWN all the same. */
const lostAndRunning: Expected = { ...lost, startedAt: 'now', pid: 'task', monitored: true };
/** What `careful` makes of it: everything from record and process. */
const rebuiltRunning: Expected = { ...running, createdAt: 'record', startedAt: 'process', pid: 'task' };
const rebuiltExited: Expected = {
  ...exited,
  createdAt: 'record',
  startedAt: 'record',
  finishedAt: 'exit',
  exitCode: 137,
};
const deleteAfter = { actions: ['delete-task', 'write-checkpoint'] };
const deleteBefore = { actions: ['write-checkpoint', 'delete-task'] };
const asideFirst = { actions: ['keep-aside', 'write-checkpoint'] };
const killed: Expected = { ...exited, finishedAt: 'exit', exitCode: 137, pid: 'checkpoint', ...deleteAfter };
const unreadable = found('checkpoint-unreadable');

const unreadableAndRunning: Row = {
  containerd: { ...lostAndRunning, ...unreadable },
  careful: { ...rebuiltRunning, ...unreadable, ...asideFirst },
};

export const expectedContainers: Readonly<
  Record<Exclude<SituationName, 'no metadata' | 'undecodable metadata' | 'metadata of another version'>, Row>
> = {
  'no task, CREATED': { containerd: created, careful: { ...created, ...unchanged } },
  'no task, RUNNING': {
    containerd: {
      ...exited,
      finishedAt: 'now',
      exitCode: 255,
      reason: 'Unknown',
      pid: 'checkpoint',
      ...found('exit-unseen'),
    },
    careful: { ...exited, finishedAt: 'now', exitCode: 255, reason: 'Unknown', ...found('exit-unseen') },
  },
  'no task, EXITED': { containerd: exited, careful: { ...exited, ...unchanged } },
  'no task, missing': {
    containerd: { ...lost, ...found('checkpoint-missing') },
    careful: { ...lost, createdAt: 'record', ...noFile, ...found('checkpoint-missing') },
  },
  'no task, corrupt': {
    containerd: { ...lost, ...unreadable },
    careful: { ...lost, createdAt: 'record', ...unchanged, ...unreadable },
  },
  'no task, ZERO': {
    containerd: { ...lost, ...found('checkpoint-empty') },
    careful: { ...lost, createdAt: 'record', ...unchanged, ...found('checkpoint-empty') },
  },

  'created task, CREATED': {
    containerd: { ...created, ...deleteAfter },
    careful: { ...created, actions: ['delete-task'], checkpoint: 'unchanged' },
  },
  'created task, RUNNING': {
    containerd: { ...unknown(running), ...deleteAfter, ...found('task-unexpected') },
    careful: { ...unknown(running), ...unchanged, ...followed, ...found('task-unexpected') },
  },
  'created task, EXITED': {
    containerd: { ...unknown(exited), ...deleteAfter, ...found('task-unexpected') },
    careful: { ...unknown(exited), ...unchanged, ...followed, ...found('task-unexpected') },
  },
  'created task, missing': {
    containerd: { ...lost, ...deleteAfter, ...found('checkpoint-missing', 'task-unexpected') },
    careful: {
      ...lost,
      createdAt: 'record',
      ...noFile,
      ...followed,
      ...found('checkpoint-missing', 'task-unexpected'),
    },
  },

  'running task, CREATED': {
    containerd: { ...running, startedAt: 'now', pid: 'task' },
    careful: { ...running, startedAt: 'now', pid: 'task' },
  },
  'running task, RUNNING': { containerd: running, careful: { ...running, ...unchanged } },
  'running task, EXITED': {
    containerd: { ...unknown(running), ...saidExited, ...found('task-unexpected') },
    careful: { ...unknown(running), ...saidExited, ...unchanged, ...followed, ...found('task-unexpected') },
  },
  'running task, ZERO': {
    containerd: { ...lostAndRunning, state: 'RUNNING', ...found('checkpoint-empty') },
    careful: { ...rebuiltRunning, ...found('checkpoint-empty') },
  },
  'running task, missing': {
    containerd: { ...lostAndRunning, ...found('checkpoint-missing') },
    careful: { ...rebuiltRunning, ...found('checkpoint-missing') },
  },
  'running task, corrupt': unreadableAndRunning,
  'running task, empty': unreadableAndRunning,
  'running task, truncated': unreadableAndRunning,
  'running task, NUL-filled': unreadableAndRunning,
  'running task, exit code out of range': unreadableAndRunning,
  'running task, a directory': unreadableAndRunning,
  'running task, of another version': {
    containerd: { ...lostAndRunning, ...found('checkpoint-foreign-version') },
    careful: { ...rebuiltRunning, ...unchanged, ...found('checkpoint-foreign-version') },
  },

  'stopped task, CREATED': {
    containerd: { ...killed, startedAt: 'none', pid: 'none' },
    careful: { ...killed, startedAt: 'none', pid: 'none', ...deleteBefore },
  },
  'stopped task, RUNNING': { containerd: killed, careful: { ...killed, pid: 'none', ...deleteBefore } },
  'stopped task, EXITED': { containerd: killed, careful: { ...killed, pid: 'none', ...deleteBefore } },
  'stopped task, ZERO': {
    containerd: {
      ...lost,
      state: 'EXITED',
      finishedAt: 'exit',
      exitCode: 137,
      ...deleteAfter,
      ...found('checkpoint-empty'),
    },
    careful: { ...rebuiltExited, ...deleteBefore, ...found('checkpoint-empty') },
  },
  'stopped task, corrupt': {
    containerd: { ...lost, finishedAt: 'exit', exitCode: 137, ...deleteAfter, ...unreadable },
    careful: { ...rebuiltExited, actions: ['keep-aside', 'write-checkpoint', 'delete-task'], ...unreadable },
  },
  'stopped task, of another version': {
    containerd: { ...lost, finishedAt: 'exit', exitCode: 137, ...deleteAfter, ...found('checkpoint-foreign-version') },
    // Its exit can be stored nowhere, so the task is not deleted either.
    careful: { ...rebuiltExited, ...unchanged, ...found('checkpoint-foreign-version', 'task-kept') },
  },

  'paused task, RUNNING': {
    containerd: { ...unknown(running), ...found('task-paused') },
    careful: { ...running, ...unchanged, ...found('task-paused') },
  },
  'paused task, EXITED': {
    containerd: { ...unknown(running), ...saidExited, ...found('task-paused') },
    careful: {
      ...unknown(running),
      ...saidExited,
      ...unchanged,
      ...followed,
      ...found('task-paused', 'task-unexpected'),
    },
  },
  'paused task, missing': {
    containerd: { ...lost, ...found('checkpoint-missing', 'task-paused') },
    careful: { ...rebuiltRunning, ...found('checkpoint-missing', 'task-paused') },
  },
};

/** Which `tag` the failure of a container has whose record cannot be read. */
export const expectedFailures = {
  'no metadata': 'MetadataMissing',
  'undecodable metadata': 'MetadataUnreadable',
  'metadata of another version': 'MetadataUnreadable',
} satisfies Partial<Record<SituationName, string>>;
