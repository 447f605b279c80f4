/** The containerd daemon behind a socket. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Daemon } from '../ports/index.js';
import { ask } from './ask.js';
import type { ContainerdConnection } from './connect.js';

/** Asks containerd's version service; a distribution's leading `v` is left out. */
export const daemonOf = (connection: ContainerdConnection): Daemon => {
  const version = ask(connection, { port: 'daemon', operation: 'version', subject: '' }, ({ version }, options) =>
    version.version({}, options),
  );
  return {
    version: () => (signal) =>
      pipe(
        version(signal),
        TE.map(({ version }) => version.replace(/^v(?=\d)/, '')),
      ),
  };
};
