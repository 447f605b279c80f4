/**
 * One look at a watched item: its task is asked for, unless the exit has been told, the tables decide, and what they ask for is done.
 */
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Attend } from '../attend.js';
import { answer, withDeadline } from '../bounds/deadline.js';
import { type Limits, patienceMs } from '../bounds/limits.js';
import { makeSlots } from '../bounds/slots.js';
import { isAction, type Outcome, type Step } from '../core/action.js';
import type { ContainerDecision } from '../core/container-decision.js';
import { decideContainerAgain, decideSandboxAgain, stoppedTask } from '../core/decide-again.js';
import { type SandboxDecision, settleSandbox } from '../core/decide-sandbox.js';
import type { Id } from '../core/identity.js';
import type { ObservedContainer, Reading } from '../core/observation.js';
import type { Policy } from '../core/policy.js';
import { settleContainer } from '../core/settle-container.js';
import type { Task } from '../core/task.js';
import { perform } from '../perform.js';
import type { Call, Exit, PortCall, Ports } from '../ports/index.js';
import { pidToDate, readNetnsOf, readProcess } from '../reading/items.js';
import { always, workOff } from '../work-off.js';
import { type Decision, isContainer } from './change.js';
import type { Told } from './told.js';

const trace = debug('cri-recovery:monitor');

/** Looks at an item under a signal and gives what is known of it afterwards; none where the policy would drop it, which changes nothing here. */
export type Look = (before: Decision, told: Told, alive: AbortSignal) => Promise<O.Option<Decision>>;

export const lookThrough = (ports: Ports, policy: Policy, limits: Limits, attend: Attend): Look => {
  // A slot for each step rather than for each item, so that of many exits at once all are stored before the tasks are deleted.
  const inSlot = makeSlots(limits.concurrency, patienceMs);
  const within = <A>(call: Call, make: () => PortCall<A>, alive: AbortSignal): Promise<Reading<A>> =>
    inSlot(withDeadline(limits.itemTimeoutMs, alive, (short) => answer(call, make, short)))();
  const stepper =
    (alive: AbortSignal) =>
    (step: Step): Promise<Outcome> =>
      inSlot(
        withDeadline(limits.itemTimeoutMs, alive, (short) =>
          isAction(step) ? perform(ports, step, short) : attend(step, short),
        ),
      )();
  const readTask = (id: Id, exit: Exit | undefined, alive: AbortSignal): Promise<Reading<Task>> =>
    exit === undefined
      ? within({ port: 'tasks', operation: 'get', subject: id }, () => ports.tasks.get(id), alive)
      : Promise.resolve(stoppedTask(id, exit));

  const lookAtContainer = async (before: ContainerDecision, told: Told, alive: AbortSignal) => {
    const { id } = before.record;
    const now = ports.clock.now();
    const task = await readTask(id, told.exit, alive);
    const processStartedAt = await dateProcess(ports, before, task, alive);
    const seen = { task, processStartedAt, outOfMemory: told.outOfMemory };
    const decided = decideContainerAgain(policy, now)(before, seen);
    const settled = await workOff(decided, settleContainer(policy, now), stepper(alive));
    if (E.isLeft(settled)) {
      trace('%s: %s', id, settled.left.message);
      return O.none;
    }
    return O.some(settled.right);
  };

  const lookAtSandbox = async (before: SandboxDecision, told: Told, alive: AbortSignal) => {
    const task = await readTask(before.record.id, told.exit, alive);
    const netns = await inSlot(
      withDeadline(limits.itemTimeoutMs, alive, (short) => readNetnsOf(ports, before.record, short)),
    )();
    const seen = { task, netns };
    const decided = decideSandboxAgain(policy)(before, seen);
    return O.fromEither(await workOff(decided, always(settleSandbox(policy)), stepper(alive)));
  };

  return (before, told, alive) =>
    isContainer(before) ? lookAtContainer(before, told, alive) : lookAtSandbox(before, told, alive);
};

/** When the process of a living task began, where the checkpoint never said. */
const dateProcess = async (
  ports: Pick<Ports, 'host'>,
  { recalled }: ContainerDecision,
  task: Reading<Task>,
  alive: AbortSignal,
): Promise<ObservedContainer['processStartedAt']> => {
  const pid = pidToDate(task, recalled.says === 'LOST' || recalled.says === 'ZERO');
  return O.isNone(pid) ? O.none : O.some(await readProcess(ports, pid.value, alive)());
};

/** Whether there is something left to do that may go better another time. */
export const isUnfinished = (decision: Decision): boolean => {
  const codes = new Set(decision.findings.map(({ code }) => code));
  const isWaitedFor = decision.monitored || codes.has('task-not-deleted') || codes.has('task-kept');
  const isSilent = isWaitedFor && codes.has('task-not-answering');
  const hasFailed = decision.performed.some(
    ({ step, outcome }) => outcome._tag === 'Failed' && mayGoBetter(step, outcome),
  );
  return isSilent || hasFailed || (isContainer(decision) && decision.checkpoint === 'dirty');
};

/** FIFOs that are gone, or were none, do not come back. */
const mayGoBetter = (step: Step, { error }: Extract<Outcome, { _tag: 'Failed' }>): boolean =>
  step._tag !== 'AttachIo' || (error._tag !== 'NotFound' && error._tag !== 'Corrupt');
