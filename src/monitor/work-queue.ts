/**
 * Work by key: for one key never two at a time, and none lost. Who is nudged while it works works once more afterwards; who does not get done
 * tries again later, at growing intervals and whatever the others do.
 */
import { backOffMs } from './back-off.js';

export interface WorkQueue {
  /** There is something to do for this key. Whoever waits for its next attempt makes it now. */
  readonly nudge: (key: string) => void;
  /** Tries again later, as after a failed attempt. */
  readonly defer: (key: string) => void;
  /** Nothing more for this key, until it is nudged. */
  readonly drop: (key: string) => void;
  /** Begins nothing until `resume`, which makes up for all that was due meanwhile. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Begins nothing any more; resolves once nothing is under way. */
  readonly close: () => Promise<void>;
}

interface Entry {
  isBusy: boolean;
  isDue: boolean;
  failed: number;
  timer: NodeJS.Timeout | undefined;
}

/** A queue for `work`, which says whether it got done, and never rejects. */
export const openWorkQueue = (work: (key: string) => Promise<boolean>): WorkQueue => {
  const entries = new Map<string, Entry>();
  const underWay = new Set<Promise<void>>();
  let isPaused = false;
  let isClosed = false;

  const entryOf = (key: string): Entry => {
    const entry = entries.get(key) ?? { isBusy: false, isDue: false, failed: 0, timer: undefined };
    entries.set(key, entry);
    return entry;
  };
  const nudge = (key: string): void => {
    const entry = entryOf(key);
    clearTimeout(entry.timer);
    entry.isDue = true;
    if (entry.isBusy || isPaused || isClosed) return;
    const running = run(key, entry);
    underWay.add(running);
    running.finally(() => underWay.delete(running));
  };
  const run = async (key: string, entry: Entry): Promise<void> => {
    entry.isBusy = true;
    let isDone = true;
    while (entry.isDue && !isPaused && !isClosed) {
      entry.isDue = false;
      isDone = await work(key);
    }
    entry.isBusy = false;
    if (!isDone) return wait(key, entry);
    entry.failed = 0;
    if (!entry.isDue && entries.get(key) === entry) entries.delete(key);
  };
  const wait = (key: string, entry: Entry): void => {
    if (isClosed || entries.get(key) !== entry) return;
    entry.failed += 1;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => nudge(key), backOffMs(entry.failed));
  };
  return {
    nudge,
    defer: (key) => wait(key, entryOf(key)),
    drop: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return;
      clearTimeout(entry.timer);
      entry.isDue = false;
      if (!entry.isBusy) entries.delete(key);
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      for (const [key, { isDue }] of [...entries]) if (isDue) nudge(key);
    },
    close: async () => {
      isClosed = true;
      for (const { timer } of entries.values()) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
};
