/**
 * How the tables write down a way through the steps: step names in order, each with a mark. `+` it went well, `-` it went badly, `*` either,
 * and for a wait `0`: there was nothing left to wait for.
 */
import type { Outcome } from '../../../src/core/action.js';
import { portError } from './readings.js';

export const outcomes = {
  Done: { _tag: 'Done' },
  Skipped: { _tag: 'Skipped', why: 'nobody asked for it' },
  Absent: { _tag: 'Absent' },
  TimedOut: { _tag: 'Failed', error: portError('tasks', 'TimedOut') },
  NoSpace: { _tag: 'Failed', error: portError('checkpoints', 'NoSpace') },
} as const satisfies Record<string, Outcome>;

export type OutcomeCase = keyof typeof outcomes;

const failed = ['TimedOut', 'NoSpace'] as const;

interface Meaning {
  readonly well: ReadonlyArray<OutcomeCase>;
  readonly badly: ReadonlyArray<OutcomeCase>;
}

/** What was to be deleted or moved and is gone is as good as done. What is gone for the other steps: settle-container.test.ts. */
const meanings = {
  AttachIo: { well: ['Done', 'Skipped'], badly: failed },
  CreateIo: { well: ['Done', 'Skipped'], badly: failed },
  WatchExit: { well: ['Done', 'Skipped'], badly: failed },
  DeleteTask: { well: ['Done', 'Absent'], badly: failed },
  KeepAside: { well: ['Done', 'Absent'], badly: failed },
  WriteCheckpoint: { well: ['Done'], badly: failed },
} as const satisfies Record<string, Meaning>;

export type StepName = keyof typeof meanings;

/** What may come of a step in the tables. */
export const outcomesOf = (step: StepName): ReadonlyArray<OutcomeCase> => [
  ...meanings[step].well,
  ...meanings[step].badly,
  ...(step === 'WatchExit' ? (['Absent'] as const) : []),
];

export interface Walked {
  readonly step: StepName;
  readonly outcome: OutcomeCase;
  /** True where the row says `*` and it went badly. */
  readonly tolerated: boolean;
}

/** All ways that a path stands for. */
export const waysOf = (path: string): ReadonlyArray<ReadonlyArray<Walked>> =>
  path
    .split(' ')
    .filter((word) => word !== '')
    .reduce<ReadonlyArray<ReadonlyArray<Walked>>>(
      (ways, word) => ways.flatMap((way) => readWord(word).map((walked) => [...way, walked])),
      [[]],
    );

export const writeWay = (way: ReadonlyArray<Pick<Walked, 'step' | 'outcome'>>): string =>
  way.map(({ step, outcome }) => `${step}:${outcome}`).join(' ');

const readWord = (word: string): ReadonlyArray<Walked> => {
  const step = word.slice(0, -1) as StepName;
  const meaning: Meaning = meanings[step];
  const walk = (cases: ReadonlyArray<OutcomeCase>, tolerated: boolean) =>
    cases.map((outcome): Walked => ({ step, outcome, tolerated }));
  switch (word.at(-1)) {
    case '+':
      return walk(meaning.well, false);
    case '-':
      return walk(meaning.badly, false);
    case '*':
      return [...walk(meaning.well, false), ...walk(meaning.badly, true)];
    case '0':
      return walk(['Absent'], false);
    default:
      throw new Error(`a path says ${word}`);
  }
};
