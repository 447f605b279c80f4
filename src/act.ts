/**
 * Plan → performed plan: works off the steps of every decision through ports. Bounded, and each item on its own: an action that fails or
 * hangs changes its own item only, as the tables say.
 */
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import type * as RT from 'fp-ts/lib/ReaderTask.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import type * as T from 'fp-ts/lib/Task.js';
import { type Attend, nobodyStays, notAttended } from './attend.js';
import { breathing } from './bounds/breathing.js';
import { answer, deadlines } from './bounds/deadline.js';
import { type Limits, patienceMs } from './bounds/limits.js';
import { makeSlots } from './bounds/slots.js';
import { isAction, type Performed, type Step } from './core/action.js';
import { settleImage } from './core/decide-image.js';
import { settleOrphan } from './core/decide-orphans.js';
import { settleSandbox } from './core/decide-sandbox.js';
import { describePortError, type ItemFailure } from './core/failure.js';
import type { Finding } from './core/finding.js';
import type { Plan } from './core/plan.js';
import { settleContainer } from './core/settle-container.js';
import { eachInTurns } from './core/turns.js';
import { perform } from './perform.js';
import type { WritePorts } from './ports/index.js';
import type { Tell } from './telling/tell.js';
import { toldBetween } from './telling/told.js';
import { always, type Settle, type Steps, settleAll, workOff } from './work-off.js';

const trace = debug('cri-recovery:act');

/** A decision, and what has been done about it. */
interface Worked extends Steps {
  readonly performed: ReadonlyArray<Performed>;
  readonly findings?: ReadonlyArray<Finding>;
}

/**
 * Performs a plan, in containerd's order: sandboxes, containers, images, directories. The result is the plan with every step settled;
 * attachments are left to `attend`.
 */
export const act =
  (plan: Plan, limits: Limits, signal: AbortSignal, attend: Attend, tell: Tell): RT.ReaderTask<WritePorts, Plan> =>
  (ports) =>
  async () => {
    const { policy, takenAt } = plan;
    const inSlot = makeSlots(limits.concurrency, patienceMs);
    const inTime = deadlines(limits.itemTimeoutMs, signal);
    const workOffAll = async <D extends Worked>(
      kind: ItemFailure['kind'],
      idOf: (decision: D) => string,
      decisions: ReadonlyArray<D>,
      settle: Settle<D>,
    ): Promise<ReadonlyArray<E.Either<ItemFailure, D>>> => {
      const stepBy = (short: AbortSignal) => (next: Step) =>
        (isAction(next) ? perform(ports, next, short) : attend(next, short))();
      const results: Array<E.Either<ItemFailure, D>> = [];
      const underWay: Array<Promise<void>> = [];
      const begin = ([index, decision]: [number, D]): void => {
        // Where nobody stays, attachments are nothing to do.
        const isWork = decision.steps.some((step) => attend !== nobodyStays || isAction(step));
        if (isWork) underWay.push(awaited(note(index, decision)));
        else results[index] = settleAll(decision, settle, notAttended);
      };
      const note = async (index: number, decision: D): Promise<void> => {
        const work = inTime((short) =>
          toldActing(tell, kind, idOf(decision), () => workOff(decision, settle, stepBy(short))),
        );
        results[index] = await inSlot(work)();
      };
      await breathing(() => eachInTurns(decisions.entries(), begin))();
      await Promise.all(underWay);
      return results;
    };

    await inTime((short) => collect(ports, short))();
    const sandboxes = await workOffAll(
      'sandbox',
      ({ record }) => record.id,
      plan.sandboxes,
      always(settleSandbox(policy)),
    );
    const containers = await workOffAll(
      'container',
      ({ record }) => record.id,
      plan.containers,
      settleContainer(policy, takenAt),
    );
    const images = await workOffAll('image', ({ record }) => record.name, plan.images, always(settleImage));
    const orphans = await workOffAll('directory', ({ path }) => path, plan.orphans, always(settleOrphan));
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

/** Work that may fail before all are waited for, which is where that is told. */
const awaited = <A>(work: Promise<A>): Promise<A> => {
  work.catch(() => undefined);
  return work;
};

/** The work on an item, told of. */
const toldActing = <D extends Worked>(
  tell: Tell,
  kind: ItemFailure['kind'],
  id: string,
  work: T.Task<E.Either<ItemFailure, D>>,
): T.Task<E.Either<ItemFailure, D>> =>
  toldBetween(tell, { _tag: 'ItemActing', kind, id }, work, (worked) => ({
    _tag: 'ItemActed',
    kind,
    id,
    result: E.map(({ performed, findings = [] }: D) => ({ performed, findings }))(worked),
  }));

/** Clears away what writes left that were killed. It is in nobody's way, so a failure is worth no more than a line. */
const collect =
  (ports: WritePorts, signal: AbortSignal): T.Task<void> =>
  async () => {
    const call = { port: 'checkpoints', operation: 'collectStale', subject: '' } as const;
    const collected = await answer(call, () => ports.checkpoints.collectStale(), signal)();
    if (E.isLeft(collected)) trace('%s', describePortError(collected.left));
  };
