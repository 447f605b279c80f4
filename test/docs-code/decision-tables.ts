/** The decision tables as Markdown, each cell asked of the code: what both policies make of every task by every checkpoint. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import {
  type ContainerExplanation,
  type Explanation,
  explain,
  policies,
  type SandboxExplanation,
} from '../../src/core/index.js';
import { observation, observedContainer, observedSandbox, sandboxRecord } from '../core/records.js';
import type { CheckpointCase, TaskCase } from '../core/tables/readings.js';

/** For each word that tasks are told apart by, a task. */
const tasks = {
  absent: 'absent',
  'half-deleted': 'half deleted',
  unanswered: 'timed out',
  unknown: 'unknown',
  created: 'created',
  running: 'running',
  paused: 'paused',
  stopped: 'stopped',
} as const satisfies Record<string, TaskCase>;

/** For each word that checkpoints are told apart by, a checkpoint. */
const checkpoints: ReadonlyArray<CheckpointCase> = ['LOST missing', 'ZERO', 'CREATED', 'RUNNING', 'EXITED'];

/** The ways of being lost that differ. */
const lost = {
  missing: 'LOST missing',
  damaged: 'LOST corrupt',
  'of another version': 'LOST foreign',
  'not readable now': 'LOST denied',
} as const;

const { careful } = policies;

const rowsOf = <A extends Explanation>(explained: O.Option<Explanation>, about: A['about']): A => {
  if (O.isNone(explained) || explained.value.about !== about) throw new Error(`no ${about} is explained`);
  return explained.value as A;
};

const containerCase = (task: TaskCase, checkpoint: CheckpointCase): ContainerExplanation => {
  const node = observation({
    sandboxes: [E.right(observedSandbox('running'))],
    containers: [E.right(observedContainer(task, checkpoint, 'known'))],
  });
  return rowsOf(explain(careful, node, 'c1'), 'container');
};

const sandboxCase = (task: TaskCase): SandboxExplanation => {
  const node = observation({ sandboxes: [E.right(observedSandbox(task, sandboxRecord('s1', true)))] });
  return rowsOf(explain(careful, node, 's1'), 'sandbox');
};

type Judged = ContainerExplanation['decided'] | SandboxExplanation['decided'];

const stateOf = ({ item }: Judged): string => {
  const exit = 'evidence' in item && item.state === 'EXITED' ? [`exit code ${exitCodeOf(item)}`] : [];
  return [item.state, ...exit, ...(item.monitored ? ['followed'] : [])].join(', ');
};

const exitCodeOf = ({ exitCode, evidence }: ContainerExplanation['decided']['item']): string =>
  evidence.exitCode === 'estimated' ? String(exitCode) : `of the ${evidence.exitCode}`;

const cellOf = (judged: Judged): string =>
  [
    `**${stateOf(judged)}**`,
    judged.steps.map(({ step }) => `\`${step}\``).join(', ') || 'nothing to do',
    ...judged.item.findings.map(({ code }) => `*${code}*`),
  ].join('; ');

const tableOf = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const rowOf = ({ row, decided, containerd }: ContainerExplanation | SandboxExplanation): ReadonlyArray<string> => {
  const [here, there] = [cellOf(decided), cellOf(containerd)];
  return [`\`${row.id}\``, row.rule, here, here === there ? 'the same' : there];
};

const head = ['row', 'rule', '`careful`', '`containerd`'];

/** One table for each task a container can have. */
export const containerTables: ReadonlyArray<{ readonly task: string; readonly table: string }> = Object.entries(
  tasks,
).map(([word, task]) => ({
  task: word,
  table: tableOf(
    head,
    checkpoints.map((checkpoint) => rowOf(containerCase(task, checkpoint))),
  ),
}));

/** The table of sandboxes. */
export const sandboxTable: string = tableOf(
  head,
  Object.values(tasks).map((task) => rowOf(sandboxCase(task))),
);

/** What a checkpoint that is lost in one way or another comes to under a policy. */
export const lostTable = (policy: 'careful' | 'containerd'): string =>
  tableOf(
    ['the file', 'task `running`', 'task `stopped`', 'task `absent`'],
    Object.entries(lost).map(([way, checkpoint]) => [
      way,
      ...(['running', 'stopped', 'absent'] as const).map((task) =>
        cellOf(containerCase(task, checkpoint)[policy === 'careful' ? 'decided' : 'containerd']),
      ),
    ]),
  );

/** The ids of all rows that are shown. */
export const shownRows: ReadonlyArray<string> = [
  ...Object.values(tasks).flatMap((task) => checkpoints.map((checkpoint) => containerCase(task, checkpoint).row.id)),
  ...Object.values(tasks).map((task) => sandboxCase(task).row.id),
];
