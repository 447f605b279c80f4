/**
 * What can have happened to a container, by name: how the CRI plugin leaves it, and what is done to it behind the plugin's back while the
 * plugin is off. The names say task and checkpoint, the two things that the table in the facts goes by.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  containerMetadata,
  corruptCheckpoint,
  deleteTask,
  halfCreatedTask,
  killTask,
  pauseTask,
  readCheckpoint,
  removeCheckpoint,
  type TestNode,
} from '../harness/index.js';

type Change = (node: TestNode, id: string) => Promise<void>;

export interface Situation {
  /** How the CRI plugin leaves it; an exited one has the code 3. */
  readonly made: 'created' | 'running' | 'exited';
  /** In this order. */
  readonly changes: ReadonlyArray<Change>;
}

const startedTask: Change = async (node, id) => {
  await halfCreatedTask(node, id);
  await node.engine.tasks.start(id);
};

/** The checkpoint with its text changed, everything else in it kept as containerd wrote it. */
const editCheckpoint =
  (edit: (text: string) => string): Change =>
  async (node, id) =>
    corruptCheckpoint(node, id, edit((await readCheckpoint(node, id)).toString()));

/** The time of an exit that never happened. */
export const inventedExit = { finishedAt: 1_700_000_000_123_456_789n, exitCode: 9 };

const saysExited = editCheckpoint((text) =>
  text.replace(
    /"FinishedAt":0,"ExitCode":0/,
    `"FinishedAt":${inventedExit.finishedAt},"ExitCode":${inventedExit.exitCode}`,
  ),
);
/** What containerd itself writes after it could not read one. */
const saysNothing = editCheckpoint(
  () =>
    '{"Version":"v1","Pid":0,"CreatedAt":0,"StartedAt":0,"FinishedAt":0,"ExitCode":255,"Reason":"Unknown","Message":""}',
);
const isForeign = editCheckpoint((text) => text.replace('"Version":"v1"', '"Version":"v2"'));
const isDirectory: Change = async (node, id) => {
  await removeCheckpoint(node, id);
  await mkdir(join(node.criRoot, 'containers', id, 'status'));
};
const metadata =
  (text: string): Change =>
  (node, id) =>
    node.engine.containers.setExtension(id, containerMetadata, Buffer.from(text));

const situation = (made: Situation['made'], ...changes: ReadonlyArray<Change>): Situation => ({ made, changes });

export const situations = {
  'no task, CREATED': situation('created'),
  'no task, RUNNING': situation('running', deleteTask),
  'no task, EXITED': situation('exited'),
  'no task, missing': situation('exited', removeCheckpoint),
  'no task, corrupt': situation(
    'running',
    deleteTask,
    editCheckpoint(() => '{"Version":"v1",}'),
  ),
  'no task, ZERO': situation('exited', saysNothing),

  'created task, CREATED': situation('created', halfCreatedTask),
  'created task, RUNNING': situation('running', halfCreatedTask),
  'created task, EXITED': situation('exited', halfCreatedTask),
  'created task, missing': situation('created', halfCreatedTask, removeCheckpoint),

  'running task, CREATED': situation('created', startedTask),
  'running task, RUNNING': situation('running'),
  'running task, EXITED': situation('running', saysExited),
  'running task, ZERO': situation('running', saysNothing),
  'running task, missing': situation('running', removeCheckpoint),
  'running task, corrupt': situation(
    'running',
    editCheckpoint(() => 'not a checkpoint'),
  ),
  'running task, empty': situation(
    'running',
    editCheckpoint(() => ''),
  ),
  'running task, truncated': situation(
    'running',
    editCheckpoint((text) => text.slice(0, text.length / 2)),
  ),
  'running task, NUL-filled': situation(
    'running',
    editCheckpoint((text) => '\0'.repeat(text.length)),
  ),
  'running task, exit code out of range': situation(
    'running',
    editCheckpoint((text) => text.replace('"ExitCode":0', '"ExitCode":4294967296')),
  ),
  'running task, of another version': situation('running', isForeign),
  'running task, a directory': situation('running', isDirectory),

  'stopped task, CREATED': situation('created', startedTask, killTask),
  'stopped task, RUNNING': situation('running', killTask),
  'stopped task, EXITED': situation('running', killTask, saysExited),
  'stopped task, ZERO': situation('running', killTask, saysNothing),
  'stopped task, corrupt': situation(
    'running',
    killTask,
    editCheckpoint(() => '[]'),
  ),
  'stopped task, of another version': situation('running', killTask, isForeign),

  'paused task, RUNNING': situation('running', pauseTask),
  'paused task, EXITED': situation('running', pauseTask, saysExited),
  'paused task, missing': situation('running', pauseTask, removeCheckpoint),

  'no metadata': situation('running', (node, id) => node.engine.containers.removeExtension(id, containerMetadata)),
  'undecodable metadata': situation('running', metadata('{"Version":"v1","Metadata":')),
  'metadata of another version': situation('exited', metadata('{"Version":"v2","Metadata":{}}')),
} satisfies Readonly<Record<string, Situation>>;

export type SituationName = keyof typeof situations;

export const situationNames = Object.keys(situations) as ReadonlyArray<SituationName>;
