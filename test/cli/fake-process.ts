/** A terminal and a process that a test holds in its hands: what was written, signals sent, a reader that stands still or leaves. */
import { plain } from '../../src/cli/colour.js';
import type { OwnProcess, SignalName } from '../../src/cli/own-process.js';
import type { Terminal } from '../../src/cli/terminal.js';

export const fakeProcess = (given: Partial<Terminal> = {}) => {
  const written = { out: '', err: '' };
  const listeners = new Set<readonly [SignalName, () => void]>();
  const unread = new AbortController();
  const exits: Array<readonly [number, number]> = [];
  let isStalled = false;
  let move = (): void => undefined;
  const terminal: Terminal = {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    columns: 120,
    isTerminal: false,
    paint: plain,
    isWatched: false,
    ...given,
  };
  const own: OwnProcess = {
    onSignal: (name, heard) => {
      const listener = [name, heard] as const;
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    unread: unread.signal,
    drained: (until) =>
      new Promise((resolve) => {
        if (!isStalled || until.aborted) return resolve();
        move = resolve;
        until.addEventListener('abort', () => resolve());
      }),
    exit: (code, afterMs) => exits.push([code, afterMs]),
  };
  return {
    terminal,
    own,
    /** What is on standard output and standard error by now. */
    written,
    /** What the process was told to end with, and after how many milliseconds. */
    exits,
    /** Signals that are heard. */
    heard: () => [...listeners].map(([name]) => name).sort(),
    send: (name: SignalName): void => {
      for (const [heardName, heard] of listeners) if (heardName === name) heard();
    },
    loseReader: () => unread.abort(),
    /** The reader takes nothing more, until it moves again. */
    stallReader: () => {
      isStalled = true;
    },
    moveReader: () => {
      isStalled = false;
      move();
    },
  };
};
