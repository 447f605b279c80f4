/**
 * What was seen of an item, entry by entry.
 */
import type { Explanation } from '../index.js';
import type { Entry } from './entries.js';
import { podText, shortId } from './item-names.js';
import { ageText, momentText } from './time-text.js';

type ContainerSighting = Extract<Explanation, { readonly about: 'container' }>['seen'];
type SandboxSighting = Extract<Explanation, { readonly about: 'sandbox' }>['seen'];
type TaskSighting = ContainerSighting['task'];

export const seenEntries = (explanation: Explanation): ReadonlyArray<Entry> => {
  const { takenAt } = explanation;
  switch (explanation.about) {
    case 'container': {
      const { seen } = explanation;
      const { processStartedAt: startedAt } = seen;
      return [
        ...recordEntries(seen, explanation.id, takenAt),
        { label: 'task', text: taskText(seen.task, takenAt) },
        { label: 'checkpoint', text: checkpointText(seen.checkpoint, takenAt) },
        ...(startedAt === undefined ? [] : [{ label: 'process', text: `started ${timeText(startedAt, takenAt)}` }]),
        {
          label: 'pod',
          text: seen.sandbox
            ? `${podText(seen.sandbox)}; its task: ${taskText(seen.sandbox.task, takenAt)}`
            : 'none of its id was read',
        },
      ];
    }
    case 'sandbox': {
      const { seen } = explanation;
      return [
        ...recordEntries(seen, explanation.id, takenAt),
        { label: 'task', text: taskText(seen.task, takenAt) },
        { label: 'network', text: networkText(seen.netns) },
      ];
    }
    case 'failure':
      return [{ label: 'listed', text: `it was listed and could not be loaded: ${explanation.failure.message}` }];
  }
};

const recordEntries = (
  { record, sameName }: ContainerSighting | SandboxSighting,
  id: string,
  now: bigint,
): ReadonlyArray<Entry> => [
  {
    label: 'record',
    text: `${record.name}; attempt ${record.attempt}, created ${timeText(record.createdAt, now)}, ${record.runtime}`,
  },
  ...(record.metadataId === id ? [] : [{ label: '', text: `its metadata names another id: ${record.metadataId}` }]),
  ...sameName.map((other) => ({
    label: 'same name',
    text: `${shortId(other.id)}, attempt ${other.attempt}, created ${timeText(other.createdAt, now)}, ${other.mayBeAlive ? 'its task may be alive' : 'its task is over'}`,
  })),
];

const taskText = ({ state, pid, exitStatus, exitedAt, error }: TaskSighting, now: bigint): string => {
  const ended =
    exitStatus === undefined
      ? []
      : [`exit status ${exitStatus}`, exitedAt === undefined ? 'no exit time' : `ended ${timeText(exitedAt, now)}`];
  return [state, ...(pid === undefined ? [] : [`pid ${pid}`]), ...ended, ...(error === undefined ? [] : [error])].join(
    ', ',
  );
};

const checkpointText = ({ says, status, error }: ContainerSighting['checkpoint'], now: bigint): string => {
  if (status === undefined) return `${says}: ${error ?? ''}`;
  const times = [
    ['created', status.createdAt],
    ['started', status.startedAt],
    ['finished', status.finishedAt],
  ] as const;
  const told = times.flatMap(([word, time]) => (time === 0n ? [] : [`${word} ${timeText(time, now)}`]));
  const exit = status.finishedAt === 0n ? [] : [`exit code ${status.exitCode}`];
  const words = [status.reason, status.message].filter(Boolean);
  return `${says}: ${[...(told.length === 0 ? ['no time in it'] : []), `pid ${status.pid}`, ...told, ...exit, ...words].join(', ')}`;
};

const networkText = (netns: SandboxSighting['netns']): string => {
  if (netns.mode === 'host') return "the host's";
  const presence =
    netns.present === undefined
      ? 'it could not be told whether it is mounted'
      : netns.present
        ? 'mounted'
        : 'not mounted';
  return `${netns.path || 'no path'}: ${presence}`;
};

/** A moment, and how long ago it was; 0 is what stands for a time that has not come. */
export const timeText = (time: bigint, now: bigint): string =>
  time === 0n ? 'not yet' : `${momentText(time)} (${ageText(time, now)})`;
