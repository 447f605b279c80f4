/** What the programs that recover are told, and what they tell. */
import type { Place } from '../measure/place.js';

export interface RecoverInput extends Place {
  readonly policy: 'careful' | 'containerd';
  /** Also look at memory and the event loop, which costs a little time; needs `--expose-gc`. */
  readonly closely?: boolean;
}

/** Milliseconds, one after the other, from the first call to the result. */
export interface Phases {
  /** The check for the CRI plugin, and the lock. */
  readonly enter: number;
  /** The version, and the lists of records and images. */
  readonly lists: number;
  readonly tasks: number;
  /** Each item, with its checkpoint. */
  readonly items: number;
  readonly decide: number;
  readonly act: number;
}

export const phaseNames: ReadonlyArray<keyof Phases> = ['enter', 'lists', 'tasks', 'items', 'decide', 'act'];

/** How many came out in which state, as in `RUNNING`; sandboxes are not among them. */
export type Tally = Readonly<Record<string, number>>;

export interface Recovered {
  readonly tookMs: number;
  /** Of all threads of the process, meanwhile. */
  readonly cpuMs: number;
  readonly phases: Phases;
  readonly containers: Tally;
  readonly sandboxes: Tally;
  readonly failures: number;
  /** Bytes above the idle process, and milliseconds; 0 unless looked at closely. */
  readonly peak: number;
  readonly retained: number;
  readonly blockMs: number;
}

export interface RecoverResult extends Recovered {
  readonly importMs: number;
}
