/**
 * Observation → plan: the tables applied to a whole node, in the order of containerd's `recover` (`internal/cri/server/restart.go`).
 */
import * as E from 'fp-ts/lib/Either.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import { crossCheckContainer, crossCheckSandbox } from './cross-check.js';
import { decideContainer } from './decide-container.js';
import { decideImage } from './decide-image.js';
import { decideNames, type NameHolder } from './decide-names.js';
import { decideOrphans, type ListedIds } from './decide-orphans.js';
import { decideSandbox } from './decide-sandbox.js';
import type { ItemFailure, RecoveryFailure } from './failure.js';
import type { Kind } from './identity.js';
import type { Observation, ObservedContainer, ObservedSandbox } from './observation.js';
import type { Plan } from './plan.js';
import type { Policy } from './policy.js';
import { singleOut } from './single-out.js';
import { sortedBy } from './sorted-by.js';
import { mayBeAlive, sightTask } from './task-sight.js';

/**
 * Decides a whole node. `now` (nanoseconds since 1970) is the time given to exits that nobody saw. The order of anything observed does not
 * matter. Fails only where the policy aborts as containerd does.
 */
export const decide =
  (policy: Policy, now: bigint) =>
  (observation: Observation): E.Either<RecoveryFailure, Plan> => {
    const sandboxes = singleOut(policy, 'sandbox', observation.sandboxes);
    if (E.isLeft(sandboxes)) return sandboxes;
    const containers = singleOut(policy, 'container', observation.containers);
    if (E.isLeft(containers)) return containers;
    const podNames = decideNames(policy, 'sandbox', sandboxes.right.items.map(holderOf));
    if (E.isLeft(podNames)) return podNames;
    const containerNames = decideNames(policy, 'container', containers.right.items.map(holderOf));
    if (E.isLeft(containerNames)) return containerNames;
    const swept = decideOrphans(policy, listedIds(observation))(observation.bases);
    if (E.isLeft(swept)) return swept;

    const pods = sandboxes.right.items.map(decideSandbox(policy)).map(crossCheckSandbox(podNames.right));
    const images = RA.separate(observation.images.map(decideImage(policy)));
    const failures = [
      ...sandboxes.right.failures,
      ...containers.right.failures,
      ...images.left,
      ...swept.right.failures,
    ];
    return E.right({
      mode: 'plan',
      node: observation.node,
      policy,
      takenAt: observation.takenAt,
      sandboxes: sortedBy(pods, ({ record }) => record.id),
      containers: sortedBy(
        containers.right.items.map(decideContainer(policy, now)).map(crossCheckContainer(containerNames.right, pods)),
        ({ record }) => record.id,
      ),
      images: sortedBy(images.right, ({ record }) => record.name),
      orphans: sortedBy(swept.right.orphans, ({ path }) => path),
      failures: sortedBy(failures, failureKey),
    });
  };

const holderOf = ({ record, task }: ObservedSandbox | ObservedContainer): NameHolder => ({
  record,
  isLive: mayBeAlive(sightTask(task)),
});

/** Ids count as listed even where the item could not be loaded: its directories are not orphaned. */
const listedIds = ({ sandboxes, containers }: Observation): ListedIds => {
  const idOf = (item: E.Either<ItemFailure, ObservedSandbox | ObservedContainer>): string =>
    E.isLeft(item) ? item.left.id : item.right.record.id;
  return { sandbox: new Set(sandboxes.map(idOf)), container: new Set(containers.map(idOf)) } satisfies Record<
    Kind,
    unknown
  >;
};

const failureKey = ({ kind, id, tag, message }: ItemFailure): string => [kind, id, tag, message].join('\u0000');
