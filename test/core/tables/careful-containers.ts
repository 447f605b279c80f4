/** Design section 4 over facts section 2: what `careful` makes of a container. The base of every row is `rebuiltBase`. */
import type { Changes, ContainerRow } from './container-row.js';
import { pausedCases, storedCases, taskErrors } from './readings.js';

/** Files that may be sound, though not for us or not now: never written. */
const foreign = [
  'LOST foreign',
  'LOST denied',
  'LOST timed out',
  'LOST unavailable',
  'LOST no space',
  'LOST unexpected',
] as const;
/** Nothing in the way of a write. */
const empty = ['LOST missing', 'ZERO'] as const;
const corrupt = ['LOST corrupt'] as const;
const exited = ['EXITED', 'EXITED SAME'] as const;

const unseen = { pid: 'none', finishedAt: 'now', exitCode: 'unseen' } as const;
const unseenUnknown = { ...unseen, reason: 'unseen' } as const;
const rebuiltStart = { startedAt: 'process', pid: 'task', exitCode: 'zero', reason: 'empty' } as const;
const rebuiltUnseen = { ...rebuiltStart, ...unseenUnknown } as const;

const notWritten = [
  { checkpoints: ['LOST missing'], file: 'none' },
  { checkpoints: ['ZERO', ...corrupt, ...foreign], file: 'unchanged' },
] as const;

/** Rows for a container whose task is not there, after a path that has found that out. */
const goneAfter = (
  { tasks, findings = [] }: Pick<ContainerRow, 'tasks' | 'findings'>,
  path: string,
  isOf: (checkpoint: string) => boolean = () => true,
): ReadonlyArray<ContainerRow> => {
  const found = [...findings, 'exit-unseen'] as const;
  const rows: ReadonlyArray<ContainerRow> = [
    { tasks, checkpoints: ['CREATED'], path: `${path} CreateIo*`, state: 'CREATED', file: 'unchanged', findings },
    {
      tasks,
      checkpoints: ['RUNNING', 'RUNNING UNDATED'],
      path: `${path} WriteCheckpoint*`,
      state: 'EXITED',
      file: 'written',
      set: unseenUnknown,
      findings: found,
    },
    {
      tasks,
      checkpoints: ['RUNNING OOM'],
      path: `${path} WriteCheckpoint*`,
      state: 'EXITED',
      file: 'written',
      set: unseen,
      findings: found,
    },
    { tasks, checkpoints: exited, path, state: 'EXITED', file: 'unchanged', findings },
    {
      tasks,
      checkpoints: ['EXITED UNDATED'],
      path: `${path} WriteCheckpoint*`,
      state: 'EXITED',
      file: 'written',
      findings,
    },
    ...notWritten.map((row): ContainerRow => ({ ...row, tasks, path, state: 'UNKNOWN', findings })),
  ];
  return rows.map((row) => ({ ...row, checkpoints: row.checkpoints.filter(isOf) }));
};

/** Rows for a container that is UNKNOWN and followed, after a path that has left it so. */
const followedAfter = (
  given: Pick<ContainerRow, 'tasks' | 'findings'>,
  path: string,
  isOf: (checkpoint: string) => boolean = () => true,
): ReadonlyArray<ContainerRow> => {
  const rows: ReadonlyArray<Omit<ContainerRow, keyof typeof given | 'state'>> = [
    { checkpoints: ['CREATED', 'RUNNING', 'RUNNING OOM', ...exited], path: `${path} WatchExit*`, file: 'unchanged' },
    {
      checkpoints: ['RUNNING UNDATED', 'EXITED UNDATED'],
      path: `${path} WatchExit* WriteCheckpoint*`,
      file: 'written',
    },
    ...notWritten.map((row) => ({ ...row, path: `${path} WatchExit*` })),
  ];
  const followed = rows.map(
    (row): ContainerRow => ({
      ...given,
      ...row,
      checkpoints: row.checkpoints.filter(isOf),
      state: 'UNKNOWN',
      monitored: true,
    }),
  );
  return [...followed, ...goneAfter(given, `${path} WatchExit0`, isOf)];
};

const runningRows = (tasks: ContainerRow['tasks'], findings: NonNullable<ContainerRow['findings']>) => {
  const alive = { tasks, findings, state: 'RUNNING', monitored: true } as const;
  const dead = { tasks, findings: [...findings, 'exit-unseen'], state: 'EXITED' } as const;
  const heard = 'AttachIo* WatchExit*';
  const gone = 'AttachIo* WatchExit0';
  const start: Changes = { startedAt: 'now', pid: 'task' };
  const rows: ReadonlyArray<ContainerRow> = [
    { ...alive, checkpoints: ['CREATED'], path: `${heard} WriteCheckpoint*`, file: 'written', set: start },
    { ...alive, checkpoints: ['RUNNING', 'RUNNING OOM'], path: heard, file: 'unchanged' },
    { ...alive, checkpoints: ['RUNNING UNDATED'], path: `${heard} WriteCheckpoint*`, file: 'written' },
    { ...alive, checkpoints: empty, path: `${heard} WriteCheckpoint*`, file: 'written', set: rebuiltStart },
    {
      ...alive,
      checkpoints: corrupt,
      path: `${heard} KeepAside+ WriteCheckpoint*`,
      file: 'written',
      set: rebuiltStart,
    },
    {
      ...alive,
      checkpoints: corrupt,
      path: `${heard} KeepAside-`,
      file: 'dirty',
      set: rebuiltStart,
      findings: [...findings, 'checkpoint-not-written'],
    },
    { ...alive, checkpoints: foreign, path: heard, file: 'unchanged', set: rebuiltStart },

    {
      ...dead,
      checkpoints: ['CREATED'],
      path: `${gone} WriteCheckpoint*`,
      file: 'written',
      set: { ...start, ...unseenUnknown },
    },
    {
      ...dead,
      checkpoints: ['RUNNING', 'RUNNING UNDATED'],
      path: `${gone} WriteCheckpoint*`,
      file: 'written',
      set: unseenUnknown,
    },
    { ...dead, checkpoints: ['RUNNING OOM'], path: `${gone} WriteCheckpoint*`, file: 'written', set: unseen },
    { ...dead, checkpoints: empty, path: `${gone} WriteCheckpoint*`, file: 'written', set: rebuiltUnseen },
    { ...dead, checkpoints: corrupt, path: `${gone} KeepAside+ WriteCheckpoint*`, file: 'written', set: rebuiltUnseen },
    {
      ...dead,
      checkpoints: corrupt,
      path: `${gone} KeepAside-`,
      file: 'dirty',
      set: rebuiltUnseen,
      findings: [...dead.findings, 'checkpoint-not-written'],
    },
    { ...dead, checkpoints: foreign, path: gone, file: 'unchanged', set: rebuiltUnseen },
  ];
  const unexpected = { tasks, findings: [...findings, 'task-unexpected'] } as const;
  return [...rows, ...followedAfter(unexpected, 'AttachIo*', (name) => name.startsWith('EXITED'))];
};

const stoppedRows = (tasks: ContainerRow['tasks'], seen: Changes, findings: NonNullable<ContainerRow['findings']>) => {
  const exit = { pid: 'none', exitCode: 'task', ...seen } as const;
  const rebuiltExit = { ...exit, startedAt: 'record', reason: 'empty' } as const;
  const exitAsStored: Changes = seen.finishedAt === 'now' ? { pid: 'none', exitCode: 'task' } : exit;
  const over = { tasks, state: 'EXITED', findings } as const;
  const same = tasks.includes('stopped -1') ? [] : (['EXITED SAME'] as const);
  // A time that was guessed and stored stays: guessed anew, it would change with every recovery.
  const dated = seen.finishedAt === 'now' ? (['EXITED', 'EXITED UNDATED'] as const) : [];
  const isApart = (name: string): boolean => [...same, ...dated].some((other) => other === name);
  const stored = storedCases.filter((name) => name !== 'ZERO' && !isApart(name));
  const kinds = [
    { checkpoints: stored, before: 'AttachIo*', set: exit },
    { checkpoints: dated, before: 'AttachIo*', set: { pid: 'none', exitCode: 'task' } },
    { checkpoints: empty, before: 'AttachIo*', set: rebuiltExit },
    { checkpoints: corrupt, before: 'AttachIo* KeepAside+', set: rebuiltExit },
  ] as const;
  const rows: ReadonlyArray<ContainerRow> = [
    ...kinds.flatMap(
      ({ checkpoints, before, set }): ReadonlyArray<ContainerRow> => [
        { ...over, checkpoints, path: `${before} WriteCheckpoint+ DeleteTask+`, file: 'written', set },
        {
          ...over,
          checkpoints,
          path: `${before} WriteCheckpoint+ DeleteTask-`,
          file: 'written',
          set,
          findings: [...findings, 'task-not-deleted'],
        },
        {
          ...over,
          checkpoints,
          path: `${before} WriteCheckpoint-`,
          file: 'dirty',
          set,
          findings: [...findings, 'checkpoint-not-written', 'task-kept'],
        },
      ],
    ),
    {
      ...over,
      checkpoints: corrupt,
      path: 'AttachIo* KeepAside-',
      file: 'dirty',
      set: rebuiltExit,
      findings: [...findings, 'checkpoint-not-written', 'task-kept'],
    },
    {
      ...over,
      checkpoints: foreign,
      path: 'AttachIo*',
      file: 'unchanged',
      set: rebuiltExit,
      findings: [...findings, 'task-kept'],
    },
    { ...over, checkpoints: same, path: 'AttachIo* DeleteTask+', file: 'unchanged', set: exitAsStored },
    {
      ...over,
      checkpoints: same,
      path: 'AttachIo* DeleteTask-',
      file: 'unchanged',
      set: exitAsStored,
      findings: [...findings, 'task-not-deleted'],
    },
  ];
  return rows;
};

export const carefulContainers: ReadonlyArray<ContainerRow> = [
  ...goneAfter({ tasks: ['absent'] }, ''),
  ...goneAfter({ tasks: ['half deleted'] }, 'DeleteTask+'),
  ...goneAfter({ tasks: ['half deleted'], findings: ['task-not-deleted'] }, 'DeleteTask-'),
  ...followedAfter({ tasks: [...taskErrors, 'unknown'], findings: ['task-not-answering'] }, ''),

  {
    tasks: ['created'],
    checkpoints: ['CREATED'],
    path: 'AttachIo* DeleteTask+',
    state: 'CREATED',
    file: 'unchanged',
  },
  ...followedAfter(
    { tasks: ['created'], findings: ['task-not-deleted'] },
    'AttachIo* DeleteTask-',
    (name) => name === 'CREATED',
  ),
  // "Left alone": nothing has been written to its pipes, and nobody will start it.
  ...followedAfter({ tasks: ['created'], findings: ['task-unexpected'] }, '', (name) => name !== 'CREATED'),

  ...runningRows(['running'], []),
  ...runningRows(pausedCases, ['task-paused']),

  ...stoppedRows(['stopped'], { finishedAt: 'task' }, []),
  ...stoppedRows(['stopped -1'], { finishedAt: 'task' }, []),
  ...stoppedRows(['stopped undated'], { finishedAt: 'now' }, ['exit-time-missing']),
];
