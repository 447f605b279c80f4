/** The lister: containerd's records of kind sandbox and container, metadata decoded. */
import type * as E from 'fp-ts/lib/Either.js';
import type { ItemFailure } from '../core/failure.js';
import type { ContainerRecord, SandboxRecord } from '../core/metadata.js';
import type { PortCall } from './port-call.js';

/** Every record is listed: one that cannot be decoded stands on the left, with the id it was found under. */
export interface ContainerLister {
  readonly listSandboxes: () => PortCall<ReadonlyArray<E.Either<ItemFailure, SandboxRecord>>>;
  readonly listContainers: () => PortCall<ReadonlyArray<E.Either<ItemFailure, ContainerRecord>>>;
}
