/**
 * Times and pids by where they come from, so that two nodes can be compared. What stood in a checkpoint that the test wrote is the same on both
 * and stays a number.
 */
import type { Window } from './gate.js';

/** Named windows of time, the first that fits counts. */
export type Windows = ReadonlyArray<readonly [string, Window]>;

export interface Known {
  /** The checkpoint as containerd left it, where there was one. */
  readonly own: string | undefined;
  readonly taskPid: number | undefined;
  readonly windows: Windows;
}

const timeFields = ['CreatedAt', 'StartedAt', 'FinishedAt'] as const;
export type TimeField = (typeof timeFields)[number];

export const isTimeField = (name: string): name is TimeField => timeFields.some((field) => field === name);

const ownValue = (own: string | undefined, field: string): bigint | undefined => {
  const digits = new RegExp(`"${field}":(\\d+)`).exec(own ?? '')?.[1];
  return digits === undefined ? undefined : BigInt(digits);
};

/** `none`, `kept`, the name of a window, or the number itself. */
export const timeOrigin = (known: Known, field: TimeField, time: bigint): string => {
  if (time === 0n) return 'none';
  if (time === ownValue(known.own, field)) return 'kept';
  const window = known.windows.find(([, { from, to }]) => time >= from && time <= to);
  return window?.[0] ?? String(time);
};

/** `none`, `kept`, `task`, or the number itself. */
export const pidOrigin = (known: Known, pid: number): string => {
  if (pid === 0) return 'none';
  if (BigInt(pid) === ownValue(known.own, 'Pid')) return 'kept';
  return pid === known.taskPid ? 'task' : String(pid);
};
