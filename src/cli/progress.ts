/** How far an observation has come, on one line of standard error that is overwritten and at last erased. */
import type { Log } from '../ports/index.js';
import type { Terminal } from './terminal.js';

/** A log that shows progress where a person watches, and how to erase it. */
export const showProgress = (terminal: Terminal): { readonly log: Log; readonly erase: () => void } => {
  if (!terminal.isWatched) return { log: { progress: () => undefined }, erase: () => undefined };
  let total = 0;
  let done = 0;
  const show = (text: string): void => terminal.err(`\r\u001b[K${text}`);
  const log: Log = {
    progress: (event) => {
      switch (event._tag) {
        case 'Listed':
          total = event.sandboxes + event.containers + event.images;
          return show(`reading ${total} items`);
        case 'TaskListStalled':
          return show('a shim does not answer; asking for each task on its own');
        case 'ItemObserved':
          done += 1;
          return show(`reading ${done} of ${total} items`);
      }
    },
  };
  return { log, erase: () => show('') };
};
