/** What another look makes of what is known: sections 2 and 8 of the facts, design section 4. */
import type { ContainerState, ContainerStatus } from '../../../src/core/container-status.js';
import { type KnownName, later, type SightName, silent, toldAt } from './known.js';
import { pids, times } from './readings.js';

export interface Row {
  readonly known: ReadonlyArray<KnownName>;
  readonly seen: ReadonlyArray<SightName>;
  readonly state: ContainerState;
  readonly monitored?: true;
  readonly steps: string;
  /** All that is odd but for what was odd about the checkpoint when it was read. */
  readonly findings?: string;
  /** What differs from what was known. */
  readonly set?: Partial<ContainerStatus>;
}

export const unseen = { finishedAt: later, exitCode: 255 };
export const exit = { finishedAt: times.exited, exitCode: 137, pid: 0 };
export const toldExit = { finishedAt: toldAt, exitCode: 9, pid: 0 };
export const watched = 'AttachIo WatchExit';
export const stored = 'WriteCheckpoint DeleteTask';
export const rebuiltExit = { startedAt: times.recordCreated, reason: '' };

/** Half deleted is what a start looks like that somebody else has begun, so nothing is done about it. */
const absent = ['absent', 'half deleted'] as const;

/** Known to run, however that came to be known. */
export const running = ['RUNNING', 'LOST rebuilt'] as const;
export const unknownRunning = ['silent RUNNING', 'created RUNNING'] as const;
export const exitedAlive = ['silent EXITED', 'alive EXITED'] as const;

export const carefulRows: ReadonlyArray<Row> = [
  // The task is gone.
  // The FIFOs that recovery has made are somebody's by now.
  { known: ['CREATED'], seen: absent, state: 'CREATED', steps: '' },
  { known: ['silent CREATED'], seen: absent, state: 'CREATED', steps: 'CreateIo' },
  {
    known: [...running, ...unknownRunning, 'dirty start'],
    seen: absent,
    state: 'EXITED',
    steps: 'WriteCheckpoint',
    findings: 'exit-unseen',
    set: { ...unseen, pid: 0, reason: 'Unknown' },
  },
  { known: ['EXITED', 'EXITED unseen', ...exitedAlive], seen: absent, state: 'EXITED', steps: '' },
  { known: ['dirty exit'], seen: absent, state: 'EXITED', steps: 'WriteCheckpoint' },

  // It does not answer: nothing changes.
  { known: running, seen: silent, state: 'RUNNING', monitored: true, steps: '', findings: 'task-not-answering' },
  { known: ['CREATED'], seen: silent, state: 'CREATED', steps: '', findings: 'task-not-answering' },
  { known: ['EXITED'], seen: silent, state: 'EXITED', steps: '', findings: 'task-not-answering' },
  {
    known: ['EXITED unseen'],
    seen: silent,
    state: 'EXITED',
    steps: '',
    findings: 'exit-unseen task-not-answering',
  },
  {
    known: ['silent CREATED', 'silent RUNNING', 'silent EXITED', 'LOST silent', 'LOST foreign'],
    seen: silent,
    state: 'UNKNOWN',
    monitored: true,
    steps: '',
    findings: 'task-not-answering',
  },
  {
    known: ['alive EXITED', 'created RUNNING'],
    seen: silent,
    state: 'UNKNOWN',
    monitored: true,
    steps: '',
    findings: 'task-not-answering task-unexpected',
  },

  // It was never started.
  {
    known: [...running, ...unknownRunning],
    seen: ['created'],
    state: 'UNKNOWN',
    monitored: true,
    steps: 'WatchExit',
    findings: 'task-unexpected',
  },
  {
    known: ['LOST silent', 'LOST foreign'],
    seen: ['created'],
    state: 'UNKNOWN',
    monitored: true,
    steps: 'WatchExit',
    findings: 'task-unexpected',
  },
  {
    known: exitedAlive,
    seen: ['created'],
    state: 'UNKNOWN',
    monitored: true,
    steps: 'WatchExit',
    findings: 'task-unexpected',
  },
  { known: ['silent CREATED'], seen: ['created'], state: 'CREATED', steps: 'AttachIo DeleteTask' },

  // It lives.
  ...(['running', 'paused', 'pausing'] as const).flatMap((task): ReadonlyArray<Row> => {
    const paused = task === 'running' ? {} : { findings: 'task-paused' };
    const alive = { seen: [task], state: 'RUNNING', monitored: true, ...paused } as const;
    const start = { startedAt: later, pid: pids.task };
    return [
      { ...alive, known: [...running, ...unknownRunning], steps: watched },
      { ...alive, known: ['dirty start'], steps: `${watched} WriteCheckpoint` },
      { ...alive, known: ['CREATED', 'silent CREATED'], steps: `${watched} WriteCheckpoint`, set: start },
      {
        ...alive,
        known: ['LOST silent'],
        steps: `${watched} KeepAside WriteCheckpoint`,
        set: { startedAt: times.processStarted, pid: pids.task, exitCode: 0, reason: '' },
      },
      {
        ...alive,
        known: ['LOST foreign'],
        steps: watched,
        set: { startedAt: times.processStarted, pid: pids.task, exitCode: 0, reason: '' },
      },
      {
        ...alive,
        known: [...exitedAlive, 'EXITED'],
        state: 'UNKNOWN',
        steps: watched,
        findings: task === 'running' ? 'task-unexpected' : 'task-paused task-unexpected',
      },
    ];
  }),

  // It has stopped, as was seen or told. What was attached stays so; what was not: see below.
  ...(
    [
      ['stopped', exit],
      ['told', toldExit],
    ] as const
  ).flatMap(([sight, set]): ReadonlyArray<Row> => {
    const over = { seen: [sight], state: 'EXITED', steps: stored, set } as const;
    return [
      { ...over, known: [...running, 'alive EXITED', 'dirty start'] },
      // Why it ended is told by nothing but the guess that nobody saw it.
      ...(sight === 'stopped' ? [{ ...over, known: ['dirty exit'] as const }] : []),
    ];
  }),
  {
    known: [...running, 'dirty start'],
    seen: ['told undated'],
    state: 'EXITED',
    steps: stored,
    findings: 'exit-time-missing',
    set: { finishedAt: later, exitCode: 9, pid: 0 },
  },
  {
    known: ['LOST silent'],
    seen: ['told'],
    state: 'EXITED',
    steps: 'KeepAside WriteCheckpoint DeleteTask',
    set: { ...toldExit, ...rebuiltExit },
  },
  // A file of another version is never written, and the task is the only record of the exit.
  {
    known: ['LOST foreign'],
    seen: ['told'],
    state: 'EXITED',
    steps: '',
    findings: 'task-kept',
    set: { ...toldExit, ...rebuiltExit },
  },
];

/** Only what an exit or an absence tells: containerd itself looks at nothing again (section 8). */
export const containerdRows: ReadonlyArray<Row> = [
  {
    known: ['RUNNING'],
    seen: absent,
    state: 'EXITED',
    steps: 'WriteCheckpoint',
    findings: 'exit-unseen',
    set: { ...unseen, reason: 'Unknown' },
  },
  { known: ['EXITED', 'EXITED unseen', 'silent EXITED', 'alive EXITED'], seen: absent, state: 'EXITED', steps: '' },
  // The FIFOs that recovery has made are somebody's by now.
  { known: ['CREATED'], seen: absent, state: 'CREATED', steps: '' },
  { known: ['silent CREATED'], seen: absent, state: 'CREATED', steps: 'CreateIo' },
  { known: ['LOST absent'], seen: absent, state: 'UNKNOWN', steps: '' },
  { known: ['RUNNING'], seen: silent, state: 'RUNNING', monitored: true, steps: '', findings: 'task-not-answering' },
  { known: ['silent RUNNING'], seen: silent, state: 'UNKNOWN', steps: '', findings: 'task-not-answering' },
  { known: ['RUNNING'], seen: ['running'], state: 'RUNNING', monitored: true, steps: watched },
  // `if FinishedAt==0 { Pid=0, FinishedAt, ExitCode }`, and the flag goes whatever raised it.
  {
    known: ['RUNNING', 'silent RUNNING', 'LOST rebuilt'],
    seen: ['told'],
    state: 'EXITED',
    steps: 'DeleteTask WriteCheckpoint',
    set: toldExit,
  },
  {
    known: ['EXITED', 'EXITED unseen', 'silent EXITED', 'alive EXITED'],
    seen: ['told'],
    state: 'EXITED',
    steps: 'DeleteTask',
  },
  {
    known: ['LOST silent', 'LOST absent'],
    seen: ['told'],
    state: 'EXITED',
    steps: 'DeleteTask WriteCheckpoint',
    set: toldExit,
  },
];
