/** The CRI config of one record, which no list of them holds. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { JsonObject } from '../core/json.js';
import { type Call, type ContainerLister, type PortError, portError } from '../ports/index.js';
import { ask } from './ask.js';
import type { ContainerdConnection } from './connect.js';
import type { Container } from './proto/gen/containers_pb.js';
import { containerKind, kindLabel, readConfig, sandboxKind } from './stored-metadata.js';

/** Asks for the record and gives the config that is stored with it. */
export const recordConfig =
  (connection: ContainerdConnection): ContainerLister['config'] =>
  (id) =>
  (signal) => {
    const call = { port: 'containers', operation: 'config', subject: id } as const;
    const get = ask(connection, call, ({ containers }, options) => containers.get({ id }, options));
    return pipe(
      get(signal),
      TE.chainEitherK(({ container }) =>
        container === undefined
          ? E.left(portError('Corrupt', call, 'the answer holds no record'))
          : configOf(call, container),
      ),
    );
  };

const configOf = (call: Call, container: Container): E.Either<PortError, JsonObject> => {
  const recordKind = [sandboxKind, containerKind].find(({ kind }) => kind === container.labels[kindLabel]);
  if (recordKind === undefined)
    return E.left(portError('NotFound', call, 'the record is neither of a sandbox nor of a container'));
  return pipe(
    readConfig(recordKind, container),
    E.mapLeft(({ message }) => portError('Corrupt', call, message)),
  );
};
