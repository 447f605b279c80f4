/**
 * Plan → performed plan: works off the steps of every decision through ports. Bounded, and each item on its own: an action that fails or
 * hangs changes its own item only, as the tables say.
 */
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import type * as RT from 'fp-ts/lib/ReaderTask.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import type * as T from 'fp-ts/lib/Task.js';
import { answer, withDeadline } from './bounds/deadline.js';
import { type Limits, patienceMs } from './bounds/limits.js';
import { makeSlots } from './bounds/slots.js';
import { isAction, type Outcome, type Step } from './core/action.js';
import { settleImage } from './core/decide-image.js';
import { settleOrphan } from './core/decide-orphans.js';
import { settleSandbox } from './core/decide-sandbox.js';
import { describePortError, type ItemFailure } from './core/failure.js';
import type { Id } from './core/identity.js';
import type { Plan } from './core/plan.js';
import { settleContainer } from './core/settle-container.js';
import { perform } from './perform.js';
import type { WritePorts } from './ports/index.js';

const trace = debug('cri-recovery:act');

/** A decision with its steps, the first of which is next. */
interface Steps {
  readonly steps: ReadonlyArray<Step>;
}

type Settle<D> = (decision: D, outcome: Outcome) => E.Either<ItemFailure, D>;

/**
 * Performs a plan, in containerd's order: sandboxes, containers, images, directories. The result is the plan with every step settled;
 * attachments are left to whoever stays.
 */
export const act =
  (plan: Plan, limits: Limits, signal: AbortSignal): RT.ReaderTask<WritePorts, Plan> =>
  (ports) =>
  async () => {
    const { policy, takenAt } = plan;
    const inSlot = makeSlots(limits.concurrency, patienceMs);
    const workOff = <D extends Steps>(
      decisions: ReadonlyArray<D>,
      settle: Settle<D>,
    ): Promise<ReadonlyArray<E.Either<ItemFailure, D>>> =>
      Promise.all(
        decisions.map((decision) =>
          decision.steps.length === 0
            ? E.right(decision)
            : inSlot(
                withDeadline(limits.itemTimeoutMs, signal, (short) => () => finish(ports, decision, settle, short)),
              )(),
        ),
      );
    const right =
      <D>(settle: (decision: D, outcome: Outcome) => D): Settle<D> =>
      (decision, outcome) =>
        E.right(settle(decision, outcome));

    const collecting = plan.containers.map(({ record }) =>
      inSlot(withDeadline(limits.itemTimeoutMs, signal, (short) => collect(ports, record.id, short)))(),
    );
    await Promise.all(collecting);
    const sandboxes = await workOff(plan.sandboxes, right(settleSandbox(policy)));
    const containers = await workOff(plan.containers, settleContainer(policy, takenAt));
    const images = await workOff(plan.images, right(settleImage));
    const orphans = await workOff(plan.orphans, right(settleOrphan));
    return {
      ...plan,
      mode: 'apply',
      sandboxes: RA.rights(sandboxes),
      containers: RA.rights(containers),
      images: RA.rights(images),
      orphans: RA.rights(orphans),
      failures: [...plan.failures, ...RA.lefts(containers)],
    };
  };

/** Works off one decision, step by step: what comes next depends on how the last one went. */
const finish = async <D extends Steps>(
  ports: WritePorts,
  decision: D,
  settle: Settle<D>,
  signal: AbortSignal,
): Promise<E.Either<ItemFailure, D>> => {
  let current: E.Either<ItemFailure, D> = E.right(decision);
  while (E.isRight(current)) {
    const [step] = current.right.steps;
    if (step === undefined) break;
    const outcome: Outcome = isAction(step)
      ? await perform(ports, step, signal)()
      : { _tag: 'Skipped', why: 'nobody stays' };
    current = settle(current.right, outcome);
  }
  return current;
};

/** Clears away what a write that was killed left. It is in nobody's way, so a failure is worth no more than a line. */
const collect =
  (ports: WritePorts, id: Id, signal: AbortSignal): T.Task<void> =>
  async () => {
    const call = { port: 'checkpoints', operation: 'collectStale', subject: id } as const;
    const collected = await answer(call, () => ports.checkpoints.collectStale(id), signal)();
    if (E.isLeft(collected)) trace('%s', describePortError(collected.left));
  };
