/** Waiting for a signal that many calls share: it has one listener for all of them, since each of its own would cost more than most calls. */

/** What is done when a signal fires, of each signal that something waits for. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Does something once, when the signal fires; gives back how to do without. For a signal that has not fired. */
export const onAbort = (signal: AbortSignal, act: () => void): (() => void) => {
  const acts = waiting.get(signal) ?? listenTo(signal);
  acts.add(act);
  return () => {
    acts.delete(act);
    if (acts.size > 0 || waiting.get(signal) !== acts) return;
    waiting.delete(signal);
    signal.removeEventListener('abort', fire);
  };
};

const listenTo = (signal: AbortSignal): Set<() => void> => {
  const acts = new Set<() => void>();
  waiting.set(signal, acts);
  signal.addEventListener('abort', fire);
  return acts;
};

function fire(this: AbortSignal): void {
  const acts = waiting.get(this);
  waiting.delete(this);
  for (const act of acts ?? []) {
    try {
      act();
    } catch (thrown) {
      // As of a listener of its own: no reason not to tell the others.
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }
}
