/** The document of the decision tables is the code's own word: `npm run docs:write` writes it anew. */
import { expect, it } from 'vitest';
import { tableRowIds } from '../src/core/index.js';
import { containerTables, lostTable, sandboxTable, shownRows } from './docs-code/decision-tables.js';

const tasks = {
  absent: 'There is no task.',
  'half-deleted': 'containerd holds a task whose deletion was cut short; its shim has no container for it.',
  unanswered: 'containerd could not be asked, or gave no answer in time.',
  unknown: 'containerd answers with state 0, which is what it says of a shim that hangs.',
  created: 'The task was made and never started.',
  running: 'The task runs.',
  paused: 'The task is paused, or about to be.',
  stopped: 'The task has ended and is not deleted yet.',
} as const;

const document = `# Decision tables

What becomes of a container or a sandbox follows from two tables: what its task is found to be, by what its status checkpoint on disk says. This page is written by
\`npm run docs:write\` from the code, and a test fails while the two differ. \`cri-recovery plan --explain ID\` tells which row an item is decided by; the
ids of the rows stay the same from release to release.

Each cell says, under a preset of the [policy](policies.md): the state, where an exit code comes from, and whether the exit is waited for (followed); then the steps in the order
they are done; then the [findings](findings.md). The steps are
\`attach-io\` (read the task's output on), \`create-io\` (new FIFOs for a start to come), \`watch-exit\`, \`delete-task\`, \`keep-aside\` (move an unreadable checkpoint out of the way),
and \`write-checkpoint\`. The first three change nothing on the node; they are done by \`watch\`, and not by \`apply\`, which ends.
Under \`careful\` a checkpoint that says already what would be written is not written; in the examples behind these rows task and checkpoint differ in pid, times and exit code.

The rows do not show what comes from elsewhere: two holders of one name, a container whose sandbox is missing or down, a network namespace that is missing or left, and what becomes
of an item when a step fails.

## Containers

A checkpoint says \`LOST\` when there is none that can be read, \`ZERO\` when it is sound and has no time in it, and otherwise the state it stands for. \`LOST\` is shown of a file that is
missing; the [other ways](#checkpoints-that-are-lost) follow.

${containerTables
  .map(({ task, table }) => `### Task ${task}\n\n${tasks[task as keyof typeof tasks]}\n\n${table}`)
  .join('\n\n')}

## Checkpoints that are lost

Under \`careful\` it matters why a checkpoint could not be read: only a file that was read and is no checkpoint gives way.

${lostTable('careful')}

Under \`containerd\` every one of them is written over:

${lostTable('containerd')}

## Sandboxes

A sandbox has no checkpoint.

${sandboxTable}
`;

it('shows every row there is, once', () => {
  expect([...shownRows].sort()).toStrictEqual([...tableRowIds].sort());
});

it('shows the tables as they are', async () => {
  await expect(document).toMatchFileSnapshot('../docs/tables.md');
});
