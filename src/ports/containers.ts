/** The lister: containerd's records of kind sandbox and container, metadata decoded; and what of one record no list holds. */
import type * as E from 'fp-ts/lib/Either.js';
import type { ItemFailure } from '../core/failure.js';
import type { Id } from '../core/identity.js';
import type { JsonObject } from '../core/json.js';
import type { ContainerRecord, SandboxRecord } from '../core/metadata.js';
import type { PortCall } from './port-call.js';

/** Lists what containerd keeps of CRI objects. */
export interface ContainerLister {
  /** Every record is listed: one that cannot be decoded stands on the left, with the id it was found under. */
  readonly listSandboxes: () => PortCall<ReadonlyArray<E.Either<ItemFailure, SandboxRecord>>>;
  /** The same of containers. */
  readonly listContainers: () => PortCall<ReadonlyArray<E.Either<ItemFailure, ContainerRecord>>>;
  /**
   * The CRI config of one record, asked for when it is wanted: the `ContainerConfig` of a container, the `PodSandboxConfig` of a sandbox, as the
   * JSON that containerd keeps, empty where it keeps none. It holds environment variables and annotations, and so secrets. NotFound where there
   * is no such record, Corrupt where its metadata cannot be read.
   */
  readonly config: (id: Id) => PortCall<JsonObject>;
}
