/** The containerd daemon behind a socket. */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Daemon } from '../ports/index.js';
import { ask } from './ask.js';
import type { ContainerdConnection } from './connect.js';

/** Where the plugin that serves CRI is listed in every release; one that is disabled is not. */
const criPlugin = ['type==io.containerd.grpc.v1,id==cri'];

/** Asks containerd's version service; a distribution's leading `v` is left out. */
export const daemonOf = (connection: ContainerdConnection): Daemon => {
  const version = ask(connection, { port: 'daemon', operation: 'version', subject: '' }, ({ version }, options) =>
    version.version({}, options),
  );
  const cri = ask(
    connection,
    { port: 'daemon', operation: 'hasActiveCri', subject: '' },
    ({ introspection }, options) => introspection.plugins({ filters: criPlugin }, options),
  );
  return {
    version: () => (signal) =>
      pipe(
        version(signal),
        TE.map(({ version }) => version.replace(/^v(?=\d)/, '')),
      ),
    hasActiveCri: () => (signal) =>
      pipe(
        cri(signal),
        TE.map(({ plugins }) => plugins.some(({ initErr }) => initErr === undefined)),
      ),
  };
};
