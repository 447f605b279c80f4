/**
 * Observation → plan: the tables applied to a whole node, in the order of containerd's `recover` (`internal/cri/server/restart.go`).
 */
import * as E from 'fp-ts/lib/Either.js';
import { flow } from 'fp-ts/lib/function.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import { crossCheckContainer, crossCheckSandbox } from './cross-check.js';
import { decideContainer } from './decide-container.js';
import { decideImage } from './decide-image.js';
import { decideNamesInTurns, type NameHolder } from './decide-names.js';
import { decideOrphansInTurns, type ListedIds } from './decide-orphans.js';
import { decideSandbox } from './decide-sandbox.js';
import type { ItemFailure, RecoveryFailure } from './failure.js';
import type { Observation, ObservedContainer, ObservedSandbox } from './observation.js';
import type { Plan } from './plan.js';
import type { Policy } from './policy.js';
import { singleOut } from './single-out.js';
import { mayBeAlive, sightTask } from './task-sight.js';
import { atOnce, eachInTurns, mapInTurns, sortInTurns, type Turns } from './turns.js';

/**
 * Decides a whole node. `now` (nanoseconds since 1970) is the time given to exits that nobody saw. The order of anything observed does not
 * matter. Fails only where the policy aborts as containerd does.
 */
export const decide =
  (policy: Policy, now: bigint) =>
  (observation: Observation): E.Either<RecoveryFailure, Plan> =>
    atOnce(decideInTurns(policy, now, observation));

/** The same for those who have other things to do meanwhile. */
export function* decideInTurns(
  policy: Policy,
  now: bigint,
  observation: Observation,
): Turns<E.Either<RecoveryFailure, Plan>> {
  const sandboxes = yield* singleOut(policy, 'sandbox', observation.sandboxes);
  if (E.isLeft(sandboxes)) return sandboxes;
  const containers = yield* singleOut(policy, 'container', observation.containers);
  if (E.isLeft(containers)) return containers;
  const podNames = yield* decideNamesInTurns(policy, 'sandbox', yield* mapInTurns(sandboxes.right.items, holderOf));
  if (E.isLeft(podNames)) return podNames;
  const holders = yield* mapInTurns(containers.right.items, holderOf);
  const containerNames = yield* decideNamesInTurns(policy, 'container', holders);
  if (E.isLeft(containerNames)) return containerNames;
  const listed: ListedIds = {
    sandbox: yield* idsOf(observation.sandboxes),
    container: yield* idsOf(observation.containers),
  };
  const swept = yield* decideOrphansInTurns(policy, listed, observation.bases);
  if (E.isLeft(swept)) return swept;

  const pods = yield* mapInTurns(sandboxes.right.items, flow(decideSandbox(policy), crossCheckSandbox(podNames.right)));
  const decided = yield* mapInTurns(
    containers.right.items,
    flow(decideContainer(policy, now), crossCheckContainer(containerNames.right, pods)),
  );
  const images = RA.separate(yield* mapInTurns(observation.images, decideImage(policy)));
  const failures = [...sandboxes.right.failures, ...containers.right.failures, ...images.left, ...swept.right.failures];
  return E.right({
    mode: 'plan',
    node: observation.node,
    policy,
    takenAt: observation.takenAt,
    sandboxes: yield* sortInTurns(pods, ({ record }) => record.id),
    containers: yield* sortInTurns(decided, ({ record }) => record.id),
    images: yield* sortInTurns(images.right, ({ record }) => record.name),
    orphans: yield* sortInTurns(swept.right.orphans, ({ path }) => path),
    failures: yield* sortInTurns(failures, failureKey),
  });
}

const holderOf = ({ record, task }: ObservedSandbox | ObservedContainer): NameHolder => ({
  record,
  isLive: mayBeAlive(sightTask(task)),
});

/** Ids count as listed even where the item could not be loaded: its directories are not orphaned. */
function* idsOf(
  items: ReadonlyArray<E.Either<ItemFailure, ObservedSandbox | ObservedContainer>>,
): Turns<ReadonlySet<string>> {
  const ids = new Set<string>();
  yield* eachInTurns(items, (item) => void ids.add(E.isLeft(item) ? item.left.id : item.right.record.id));
  return ids;
}

const failureKey = ({ kind, id, tag, message }: ItemFailure): string => [kind, id, tag, message].join('\u0000');
