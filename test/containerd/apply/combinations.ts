/** Task by checkpoint: every container of the differential test. */
import {
  type CheckpointName,
  checkpoints,
  type Left,
  lostCheckpoints,
  oddCheckpoints,
  oddFiles,
  plainCheckpoints,
} from './checkpoint-texts.js';

/**
 * What the recovery finds of a task. `ended`: its process ended before containerd was last started, so that releases that reap it then have none.
 * `hung`: in the pod whose shim does not answer.
 */
export type TaskFate = 'absent' | 'created' | 'running' | 'paused' | 'stopped' | 'ended' | 'hung';

export interface Combination {
  readonly name: string;
  readonly task: TaskFate;
  readonly checkpoint: CheckpointName;
}

const combine = (task: TaskFate, names: ReadonlyArray<string>): ReadonlyArray<Combination> =>
  (names as ReadonlyArray<CheckpointName>).map((checkpoint) => ({
    name: `${task} task, ${checkpoint}`,
    task,
    checkpoint,
  }));

const plain = Object.keys(plainCheckpoints);
const files = Object.keys(oddFiles);
/** What cannot be read is all the same to the tables: each with one task, by turns. */
const turns: ReadonlyArray<TaskFate> = ['absent', 'running', 'absent', 'stopped'];
const byTurns = (names: ReadonlyArray<string>): ReadonlyArray<Combination> =>
  names.flatMap((name, index) => combine(turns[index % turns.length] ?? 'absent', [name]));

/** Every container. Where the plugin asks for one after the other, each hung one takes it four seconds. */
export const combinations: ReadonlyArray<Combination> = [
  ...combine('absent', [...plain, ...files]),
  ...combine('created', [...plain, 'own']),
  ...combine('running', [...plain, 'own', 'a directory']),
  ...combine('paused', [...plain, 'own']),
  ...combine('stopped', [...plain, 'own', 'without its directory', 'a directory', 'a link']),
  ...combine('ended', ['RUNNING', 'EXITED', 'corrupt', 'own']),
  ...combine('hung', ['RUNNING']),
  ...byTurns(Object.keys(lostCheckpoints)),
  ...byTurns(Object.keys(oddCheckpoints)),
];

/** The text that can be read of a checkpoint before the recovery, empty where none can; `own` is what containerd itself has left. */
export const readableText = (name: string, own: string): string => {
  const checkpoint = combinations.find((combination) => combination.name === name)?.checkpoint ?? 'own';
  const left: Left = checkpoints[checkpoint];
  if (left._tag === 'Own') return own;
  const isLost = checkpoint in lostCheckpoints || checkpoint === 'corrupt' || !('bytes' in left);
  return isLost ? '' : Buffer.from(left.bytes).toString();
};
