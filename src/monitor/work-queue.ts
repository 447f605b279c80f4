/**
 * Work by key: for one key never two at a time, and none lost. Who is nudged while it works works once more afterwards; who does not get done
 * tries again later, at growing intervals and whatever the others do.
 */
import debug from 'debug';
import { backOffMs } from './back-off.js';

const trace = debug('cri-recovery:monitor');

export interface WorkQueue {
  /** There is something to do for this key. Whoever waits for its next attempt makes it now. */
  readonly nudge: (key: string) => void;
  /** Tries again later, as after a failed attempt. */
  readonly defer: (key: string) => void;
  /** Nothing more for this key, until it is nudged; resolves once nothing is under way for it. */
  readonly drop: (key: string) => Promise<void>;
  /** Begins nothing until `resume`, which makes up for all that was due meanwhile. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Begins nothing any more; resolves once nothing is under way. */
  readonly close: () => Promise<void>;
}

interface Entry {
  isBusy: boolean;
  /** Resolves when what is under way is over. */
  running: Promise<void>;
  isDue: boolean;
  isDropped: boolean;
  /** Attempts in a row that did not get it done. */
  failed: number;
  timer: NodeJS.Timeout | undefined;
}

/** A queue for `work`, which says whether it got done. */
export const openWorkQueue = (work: (key: string) => Promise<boolean>): WorkQueue => {
  const entries = new Map<string, Entry>();
  let isPaused = false;
  let isClosed = false;

  const entryOf = (key: string): Entry => {
    const entry = entries.get(key) ?? {
      isBusy: false,
      running: Promise.resolve(),
      isDue: false,
      isDropped: false,
      failed: 0,
      timer: undefined,
    };
    entries.set(key, entry);
    return entry;
  };
  const nudge = (key: string): void => {
    const entry = entryOf(key);
    clearTimer(entry);
    entry.isDropped = false;
    entry.isDue = true;
    if (!entry.isBusy && !isPaused && !isClosed) entry.running = run(key, entry);
  };
  const run = async (key: string, entry: Entry): Promise<void> => {
    entry.isBusy = true;
    let isDone = true;
    while (entry.isDue && !isPaused && !isClosed) {
      entry.isDue = false;
      isDone = await attempt(work, key);
      if (isDone) entry.failed = 0;
    }
    entry.isBusy = false;
    if (entry.isDropped || (isDone && !entry.isDue)) return remove(key, entry);
    if (!isDone && !entry.isDue) wait(key, entry);
  };
  const wait = (key: string, entry: Entry): void => {
    if (isClosed || entry.isDue || entry.isBusy || entry.timer !== undefined) return;
    entry.failed += 1;
    entry.timer = setTimeout(() => nudge(key), backOffMs(entry.failed));
  };
  const remove = (key: string, entry: Entry): void => {
    clearTimer(entry);
    entries.delete(key);
  };
  return {
    nudge,
    defer: (key) => wait(key, entryOf(key)),
    drop: async (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return;
      clearTimer(entry);
      entry.isDue = false;
      entry.isDropped = true;
      if (entry.isBusy) await entry.running;
      else remove(key, entry);
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
      for (const entry of entries.values()) clearTimer(entry);
      await Promise.all([...entries.values()].map(({ running }) => running));
    },
  };
};

const clearTimer = (entry: Entry): void => {
  clearTimeout(entry.timer);
  entry.timer = undefined;
};

/** Work that throws after all has not got done, and takes nobody else with it. */
const attempt = async (work: (key: string) => Promise<boolean>, key: string): Promise<boolean> => {
  try {
    return await work(key);
  } catch (thrown) {
    trace('%s: %s', key, thrown);
    return false;
  }
};
