/** Telling how it goes: to the log port, and to `DEBUG=cri-recovery:progress`. */
import debug from 'debug';
import { type Happening, type Log, type Progress, silentLog } from '../ports/index.js';

const trace = debug('cri-recovery:progress');

/** Tells of one run. */
export type Tell = (event: Happening) => void;

/** Tells a log of one run; where nobody listens, it costs next to nothing. */
export const tellOf = (log: Log, run: number): Tell =>
  log === silentLog && !trace.enabled ? tellNobody : (event) => tell(log, { ...event, run });

/** Where nobody listens. */
export const tellNobody: Tell = () => undefined;

/** Tells a log. */
export const tell = (log: Log, event: Progress): void => {
  if (trace.enabled) trace('%s %o', event._tag, flatOf(event));
  try {
    log.progress(event);
  } catch (thrown) {
    // Whoever is told has no say in it.
    trace('the log threw: %s', thrown);
  }
};

/** What fits on a line: no plan, and nothing of what stands in one. */
const flatOf = ({ _tag, ...details }: Progress): object =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => typeof value !== 'object'));
