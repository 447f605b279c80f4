/** Telling how an observation goes: to the log port, and to `DEBUG=cri-recovery:observe`. */
import debug from 'debug';
import type { Log, Progress } from '../ports/index.js';

const trace = debug('cri-recovery:observe');

export const tell = (log: Log, event: Progress): void => {
  const { _tag, ...details } = event;
  trace('%s %o', _tag, details);
  try {
    log.progress(event);
  } catch (thrown) {
    // Whoever is told has no say in it.
    trace('the log threw: %s', thrown);
  }
};
