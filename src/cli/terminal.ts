/** What the command needs of the process it runs in. */
import type { Paint } from './colour.js';

export interface Terminal {
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** Characters in a line of standard output. */
  readonly columns: number;
  /** Whether standard output is a terminal, which breaks lines anywhere; what else reads it reads line by line. */
  readonly isTerminal: boolean;
  /** How text is given a style on standard output. */
  readonly paint: Paint;
  /** Whether a person watches standard error. */
  readonly isWatched: boolean;
}

/** The command's exit codes. */
export type ExitCode = 0 | 1 | 2 | 3;
