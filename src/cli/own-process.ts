/** What a command that stays needs of its process, beside a terminal. */

/** The signals that `watch` knows, by their numbers. */
export const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

export type SignalName = keyof typeof signalNumbers;

export interface OwnProcess {
  /** Hears a signal in the place of the system, which would end the process, until what it returns is called. */
  readonly onSignal: (name: SignalName, heard: () => void) => () => void;
  /** Fires when standard output cannot be written any more, as when its reader is gone. */
  readonly unread: AbortSignal;
  /** Resolves when standard output takes more, or when the signal fires. */
  readonly drained: (until: AbortSignal) => Promise<void>;
  /** Ends the process after so many milliseconds, whatever is unfinished then; sooner where nothing is. */
  readonly exit: (code: number, afterMs: number) => void;
}
