/** The lists that everything else of a node is read by. */
import type * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { answer, withDeadline } from '../bounds/deadline.js';
import type { Limits } from '../bounds/limits.js';
import type { ItemFailure } from '../core/failure.js';
import type { ContainerRecord, SandboxRecord } from '../core/metadata.js';
import type { ImageRecord } from '../core/observation.js';
import type { Call, PortCall, PortError, ReadPorts } from '../ports/index.js';
import type { Tell } from '../telling/tell.js';

/** What is there, by containerd's word. */
export interface Lists {
  /** Its version. */
  readonly containerd: string;
  readonly sandboxes: ReadonlyArray<E.Either<ItemFailure, SandboxRecord>>;
  readonly containers: ReadonlyArray<E.Either<ItemFailure, ContainerRecord>>;
  readonly images: ReadonlyArray<ImageRecord>;
}

/** Asks for the version first, so that who is not there is found out by one call. */
export const listNode = (
  { daemon, containers, images }: Pick<ReadPorts, 'daemon' | 'containers' | 'images'>,
  tell: Tell,
  limits: Limits,
  signal: AbortSignal,
): TE.TaskEither<PortError, Lists> => {
  const ask = <A>(call: Omit<Call, 'subject'>, make: () => PortCall<A>, within = signal): TE.TaskEither<PortError, A> =>
    answer({ ...call, subject: '' }, make, within);
  const version = withDeadline(limits.itemTimeoutMs, signal, (short) =>
    ask({ port: 'daemon', operation: 'version' }, () => daemon.version(), short),
  );
  const lists = pipe(
    TE.Do,
    TE.apS(
      'sandboxes',
      ask({ port: 'containers', operation: 'listSandboxes' }, () => containers.listSandboxes()),
    ),
    TE.apS(
      'containers',
      ask({ port: 'containers', operation: 'listContainers' }, () => containers.listContainers()),
    ),
    TE.apS(
      'images',
      ask({ port: 'images', operation: 'list' }, () => images.list()),
    ),
  );
  return pipe(
    version,
    TE.chain((containerd) => TE.map((listed: Omit<Lists, 'containerd'>) => ({ containerd, ...listed }))(lists)),
    TE.tapIO((listed) => () => tell({ _tag: 'Listed', ...countsOf(listed) })),
  );
};

const countsOf = ({ sandboxes, containers, images }: Lists) => ({
  sandboxes: sandboxes.length,
  containers: containers.length,
  images: images.length,
});
