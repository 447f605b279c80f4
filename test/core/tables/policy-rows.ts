/** For each row of the policy that concerns containers: which ways of each preset it changes when it alone is flipped. */
import type { Policy } from '../../../src/core/policy.js';
import type { Leaf } from './container-row.js';
import { type CheckpointCase, isStored, storedStatuses, type TaskCase } from './readings.js';

/** A way of a preset, and where it ends; for a container that is skipped, where it would have ended had the write gone well. */
export interface Way {
  readonly task: TaskCase;
  readonly checkpoint: CheckpointCase;
  readonly way: string;
  readonly leaf: Leaf;
}

/** `either`: it may end the same by another road. */
export type Touch = 'changed' | 'same' | 'either';

const when = (condition: boolean, otherwise: Touch = 'same'): Touch => (condition ? 'changed' : otherwise);

const failed = (way: string, ...steps: ReadonlyArray<string>): boolean =>
  steps.some((step) => way.includes(`${step}:TimedOut`) || way.includes(`${step}:NoSpace`));
const isGone = (way: string): boolean => way.includes('WatchExit:Absent');
const isDeleted = (way: string): boolean => /DeleteTask:(Done|Absent)/.test(way);

const isSilent = (task: TaskCase): boolean =>
  ['denied', 'unavailable', 'timed out', 'corrupt', 'no space', 'unexpected', 'unknown'].includes(task);
const isPaused = (task: TaskCase): boolean => task.startsWith('paus');
const isStopped = (task: TaskCase): boolean => task.startsWith('stopped');
const isLive = (task: TaskCase): boolean => task === 'running' || isPaused(task);
const isExited = (checkpoint: CheckpointCase): boolean => checkpoint.startsWith('EXITED');
const isRunning = (checkpoint: CheckpointCase): boolean => checkpoint.startsWith('RUNNING');
const isSound = (checkpoint: CheckpointCase): boolean =>
  isStored(checkpoint) && storedStatuses[checkpoint].createdAt !== 0n;
const isNeverWritten = (checkpoint: CheckpointCase): boolean =>
  checkpoint.startsWith('LOST') && !['LOST missing', 'LOST corrupt'].includes(checkpoint);

const isAsStored = ({ checkpoint, leaf }: Way): boolean => {
  if (!isStored(checkpoint)) return false;
  const stored: Leaf['status'] = storedStatuses[checkpoint];
  return (Object.keys(stored) as ReadonlyArray<keyof typeof stored>).every(
    (field) => field === 'unknown' || stored[field] === leaf.status[field],
  );
};

const none = (): Touch => 'same';

interface Touches {
  readonly containerd: (way: Way) => Touch;
  readonly careful: (way: Way) => Touch;
}

export const touches: Readonly<Record<keyof Policy, Touches>> = {
  duplicateName: { containerd: none, careful: none },
  unansweringSandbox: { containerd: none, careful: none },
  orphanedDirectory: { containerd: none, careful: none },
  imageCheck: { containerd: none, careful: none },

  checkpointWrite: {
    containerd: (found) => when(isAsStored(found)),
    // What is rebuilt and UNKNOWN is not written even then.
    careful: ({ checkpoint, way }) =>
      when(isStored(checkpoint) && checkpoint !== 'ZERO' && !way.includes('WriteCheckpoint')),
  },
  failedCheckpointWrite: {
    containerd: ({ way }) => when(failed(way, 'WriteCheckpoint', 'KeepAside')),
    careful: ({ way }) => when(failed(way, 'WriteCheckpoint', 'KeepAside')),
  },
  unreadableCheckpoint: {
    containerd: ({ checkpoint, way }) =>
      isSound(checkpoint) ? 'same' : when(!failed(way, 'WriteCheckpoint'), 'either'),
    careful: ({ checkpoint }) => when(!isSound(checkpoint)),
  },
  pausedContainer: {
    containerd: ({ task, checkpoint, way }) =>
      isPaused(task) ? when(!failed(way, 'AttachIo') || isExited(checkpoint), 'same') : 'same',
    careful: ({ task, checkpoint, way }) => when(isPaused(task) && !(isGone(way) && isRunning(checkpoint))),
  },
  unexpectedCreatedTask: {
    containerd: ({ task, checkpoint }) => when(task === 'created' && checkpoint !== 'CREATED'),
    careful: ({ task, checkpoint }) => when(task === 'created' && checkpoint !== 'CREATED'),
  },
  unknownContainer: {
    containerd: ({ task, way, leaf }) => {
      const mayLive = isSilent(task) || ((isLive(task) || task === 'created') && !isGone(way) && !isDeleted(way));
      return when(mayLive && leaf.state === 'UNKNOWN' && !leaf.monitored);
    },
    careful: ({ task, checkpoint, way }) =>
      when(
        isSilent(task) ||
          (task === 'created' && (checkpoint !== 'CREATED' || failed(way, 'DeleteTask'))) ||
          (isLive(task) && isExited(checkpoint)),
      ),
  },
  failedWait: {
    containerd: ({ way }) => when(failed(way, 'WatchExit')),
    careful: ({ way, leaf }) => (failed(way, 'WatchExit') ? when(leaf.state !== 'UNKNOWN', 'either') : 'same'),
  },
  unseenExit: {
    containerd: ({ task, way, leaf }) =>
      when(leaf.findings.includes('exit-unseen') || (isStopped(task) && isDeleted(way))),
    careful: ({ task, leaf }) => when(leaf.findings.includes('exit-unseen') || isStopped(task)),
  },
  exitStored: {
    containerd: ({ task, way }) => when(isStopped(task) && !failed(way, 'AttachIo')),
    careful: ({ task, checkpoint, way }) => {
      const isStoredAlready = checkpoint === 'EXITED SAME' && task !== 'stopped -1' && isDeleted(way);
      return when(isStopped(task) && !isNeverWritten(checkpoint) && !isStoredAlready);
    },
  },
  unattachableIo: {
    containerd: ({ task, checkpoint, way }) => {
      const isUnknownAnyway = isPaused(task) || (task === 'running' && isExited(checkpoint));
      return when(failed(way, 'AttachIo', 'CreateIo') && !isUnknownAnyway);
    },
    careful: ({ task, checkpoint, way }) => {
      if (failed(way, 'CreateIo')) return 'changed';
      if (!failed(way, 'AttachIo')) return 'same';
      return when(!isGone(way) && !(isLive(task) && isExited(checkpoint)), 'either');
    },
  },
};
