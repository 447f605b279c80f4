/** A subscription to exits that a test feeds by hand. */
import type { ExitNotice, ExitSubscriber } from '../ports/index.js';

export interface FakeExits extends ExitSubscriber {
  /** Tells every subscriber; `Broken` is the last they hear. */
  readonly notify: (notice: ExitNotice) => void;
}

/** Begins with `Open`; nothing that is told after `subscribe` returns is lost, however late the first notice is asked for. */
export const fakeExits = (): FakeExits => {
  const subscribers = new Set<(notice: ExitNotice) => void>();
  return {
    notify: (notice) => {
      for (const tell of subscribers) tell(notice);
    },
    subscribe: (signal) => {
      const waiting: ExitNotice[] = [{ _tag: 'Open' }];
      let wake = (): void => undefined;
      const tell = (notice: ExitNotice): void => {
        waiting.push(notice);
        wake();
      };
      const leave = (): void => {
        subscribers.delete(tell);
        wake();
      };
      if (!signal.aborted) subscribers.add(tell);
      signal.addEventListener('abort', leave, { once: true });
      const notices = async function* (): AsyncGenerator<ExitNotice> {
        try {
          while (!signal.aborted) {
            const next = waiting.shift();
            if (next !== undefined) yield next;
            if (next?._tag === 'Broken') return;
            if (next === undefined && !signal.aborted)
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
          }
        } finally {
          signal.removeEventListener('abort', leave);
          leave();
        }
      };
      return notices();
    },
  };
};
