/**
 * How far an observation has come, on one line of standard error that is overwritten and at last erased. Told a few times a second at most,
 * however many items there are; once a second where nothing comes, so that it is seen what is waited for.
 */
import { type Log, silentLog } from '../ports/index.js';
import type { Terminal } from './terminal.js';

/** A log that shows progress where a person watches, and how to erase it and have it end. */
interface ShownProgress {
  readonly log: Log;
  readonly erase: () => void;
}

/** How often the line is drawn, in milliseconds. */
const drawMs = 100;
/** Nothing new for so long is worth a word. */
const stalledMs = 2_000;

export const showProgress = ({ isWatched, err }: Pick<Terminal, 'isWatched' | 'err'>): ShownProgress => {
  if (!isWatched) return { log: silentLog, erase: () => undefined };
  let total: number | undefined;
  let done = 0;
  let isTaskListStalled = false;
  let latest = performance.now();
  let shown = '';
  const draw = (): void => {
    const stalled = performance.now() - latest;
    const waited = stalled < stalledMs ? undefined : Math.floor(stalled / 1_000);
    const text = progressText({ total, done, isTaskListStalled, waited });
    if (text !== shown) err(`\r\u001b[K${text}`);
    shown = text;
  };
  const drawing = setInterval(draw, drawMs);
  drawing.unref();
  return {
    log: {
      progress: (event) => {
        switch (event._tag) {
          case 'Listed':
            total = event.sandboxes + event.containers + event.images;
            break;
          case 'TaskListStalled':
            isTaskListStalled = true;
            break;
          case 'ItemObserved':
            // Directories are not among what was listed.
            if (event.kind === 'directory') return;
            done += 1;
            break;
          default:
            return;
        }
        latest = performance.now();
      },
    },
    erase: () => {
      clearInterval(drawing);
      if (shown !== '') err('\r\u001b[K');
      shown = '';
    },
  };
};

interface Stand {
  /** None until containerd has listed what there is. */
  readonly total: number | undefined;
  readonly done: number;
  readonly isTaskListStalled: boolean;
  /** Seconds without anything new, where it is worth a word. */
  readonly waited: number | undefined;
}

/** Short enough for any terminal. */
const progressText = ({ total, done, isTaskListStalled, waited }: Stand): string => {
  const seconds = waited === undefined ? '' : `, ${waited} s`;
  if (total === undefined) return `asking containerd what there is${seconds}`;
  const why = isTaskListStalled ? ' (a shim does not answer)' : '';
  if (done >= total) return `all ${total} items read${waited === undefined ? '' : `${seconds} since`}`;
  if (waited === undefined) return `reading ${done} of ${total} items${why}`;
  return `waiting for ${total - done} of ${total} items${seconds}${why}`;
};
