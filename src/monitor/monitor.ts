/**
 * What goes on after a recovery: exits are heard of and settled, what failed is tried again, and after a broken connection, and once a minute
 * all the same, containerd is asked for what it may not have told (H12, H13).
 */
import { setMaxListeners } from 'node:events';
import type * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Attend } from '../attend.js';
import { type Limits, limitsOf } from '../bounds/limits.js';
import { outOfMemoryReason } from '../core/container-status.js';
import { awaitsExit } from '../core/decide-again.js';
import type { RecoveryFailure } from '../core/failure.js';
import type { Id } from '../core/identity.js';
import type { Policy } from '../core/policy.js';
import type { Exit, PortError, Ports } from '../ports/index.js';
import { tell } from '../telling/tell.js';
import { aliveTasks } from './alive-tasks.js';
import { openAttachments } from './attachments.js';
import { type Change, changeBetween, type Decision, isContainer } from './change.js';
import { openChannel } from './channel.js';
import { keepConnected, type MayStay } from './connection.js';
import { isUnfinished, lookThrough } from './look.js';
import { pause } from './pause.js';
import { openMemory, type Told } from './told.js';
import { openWorkQueue } from './work-queue.js';

/** How a monitor decides, how long it waits, and whether it may stay. */
export interface MonitorOptions {
  readonly policy: Policy;
  readonly limits?: Partial<Limits>;
  /** Asked each time the connection is back, before anything is done. A failure other than `CriActive` is asked about again. */
  readonly mayStay?: MayStay;
}

export type { Attend } from '../attend.js';

/** Somebody who stays with the items that are given over to them. */
export interface Monitor {
  /** Resolves once nothing can be missed any more, or with the reason why that is not to be had. */
  readonly opened: Promise<E.Either<PortError, void>>;
  /** Attaches for a recovery that is followed by this monitor, which lets go of it again. */
  readonly attend: Attend;
  /**
   * Watches items that have been read since `opened`, in place of what was known of them. Exits that were told meanwhile are made up for; what
   * a recovery did not get done is tried again.
   */
  readonly follow: (decisions: ReadonlyArray<Decision>) => void;
  /** No longer watches an item, as when it is to be removed; resolves when nothing is done to it any more and its streams are let go. */
  readonly forget: (id: Id) => Promise<void>;
  /** Looks at an item now, whatever has been told of it. */
  readonly lookAt: (id: Id) => void;
  /** Everything that is followed, as it is known by now. */
  readonly known: () => ReadonlyArray<Decision>;
  /** For one reader, from the beginning; of more than 10,000 that nobody has read the oldest are dropped. */
  readonly changes: AsyncIterable<Change>;
  /** Ends the subscription, lets what is under way come to its end for a moment, and lets go of all streams. No task is touched. */
  readonly stop: () => Promise<void>;
  /** Resolves when the monitor has stopped, with the reason where it did so by itself. */
  readonly stopped: Promise<O.Option<RecoveryFailure>>;
}

interface Item {
  decision: Decision;
  exit: Exit | undefined;
  outOfMemory: boolean;
  /** Fires when nobody wants to know any more. */
  readonly ending: AbortController;
}

const resyncMs = 60_000;
/** How long `stop` waits for what is under way. */
const graceMs = 2_000;

/** Begins to listen. Nothing is done before something is followed. */
export const openMonitor = (
  ports: Ports,
  { policy, mayStay = () => TE.right(undefined), ...options }: MonitorOptions,
): Monitor => {
  const limits = limitsOf(options.limits);
  const channel = openChannel<Change>();
  const announce = (change: Change): void => {
    channel.push(change);
    tell(ports.log, { _tag: 'Changed', change: change._tag });
  };
  const attachments = openAttachments(ports, limits);
  const look = lookThrough(ports, policy, limits, attachments.attend);
  const items = new Map<string, Item>();
  const memory = openMemory();
  const listening = new AbortController();
  setMaxListeners(0, listening.signal);
  /** The connection was back before anything was followed. */
  let isBehind = false;
  let failure: O.Option<RecoveryFailure> = O.none;
  let stopping: Promise<void> | undefined;
  let tellStopped: (failure: O.Option<RecoveryFailure>) => void = () => undefined;
  const stopped = new Promise<O.Option<RecoveryFailure>>((resolve) => {
    tellStopped = resolve;
  });

  const queue = openWorkQueue(async (id) => {
    const item = items.get(id);
    if (item === undefined) return true;
    const { decision: before, exit, outOfMemory } = item;
    const seen = await look(before, { exit, outOfMemory }, item.ending.signal);
    // What was cut short says nothing, and what was forgotten or read anew meanwhile is no longer ours.
    if (item.ending.signal.aborted) return true;
    if (O.isNone(seen)) return false;
    const now = seen.value;
    const isDone = !isUnfinished(now);
    // In containerd an exit that cannot be dealt with leaves everything as it was.
    const isPostponed = !isDone && exit !== undefined && policy.exitStored === 'after-delete';
    if (!isPostponed) item.decision = now;
    const change = changeBetween(before, item.decision);
    if (change !== undefined) announce(change);
    if (isContainer(now) && !now.mayBeAlive) await attachments.letGo(now.record.id);
    if (hasGoneDown(before, now)) lookInto(id);
    if (isDone && item.exit === exit) item.exit = undefined;
    if (isDone && outOfMemory) item.outOfMemory = false;
    return isDone;
  });

  /** A dead shim takes all of its pod with it, and of the containers not every release tells. */
  const lookInto = (sandboxId: string): void => {
    for (const [id, { decision }] of items) {
      if (isContainer(decision) && decision.monitored && decision.record.metadata.sandboxId === sandboxId)
        queue.nudge(id);
    }
  };

  const note = (id: string, told: Partial<Told>): void => {
    memory.remember(id, told);
    const item = items.get(id);
    if (item === undefined) return;
    const { decision } = item;
    const { exit } = told;
    if (exit !== undefined && awaitsExit(policy, decision)) {
      // One of an earlier process tells nothing, and what became of this one is asked; one that is told twice is the first.
      if (!isOfAnother(decision, exit)) item.exit ??= exit;
      queue.nudge(id);
    }
    if (told.outOfMemory === true && isContainer(decision) && decision.status.reason !== outOfMemoryReason) {
      item.outOfMemory = true;
      queue.nudge(id);
    }
  };

  const connection = keepConnected(ports.exits, mayStay, listening.signal, {
    onNotice: (notice) => {
      if (notice._tag === 'OutOfMemory') note(notice.containerId, { outOfMemory: true });
      // An exec has an id of its own.
      else if (notice.exit.processId === notice.exit.containerId) note(notice.exit.containerId, { exit: notice.exit });
    },
    onLost: (error) => {
      queue.pause();
      announce({ _tag: 'ConnectionLost', error });
    },
    onBack: () => {
      isBehind = items.size === 0;
      announce({ _tag: 'ConnectionBack' });
      queue.resume();
      void resync((decision) => decision.monitored || isUnfinished(decision));
    },
    onRefused: (why) => {
      failure = O.some(why);
      void stop();
    },
  });

  /** Looks at whatever should live and is not listed as alive. */
  const resync = async (isMeant: (decision: Decision) => boolean): Promise<void> => {
    const { signal } = listening;
    if (connection.isLost() || ![...items.values()].some(({ decision }) => isMeant(decision))) return;
    const alive = await aliveTasks(ports, limits, signal);
    if (signal.aborted) return;
    for (const [id, { decision }] of items)
      if (isMeant(decision) && (!alive.has(id) || isUnfinished(decision))) queue.nudge(id);
  };
  const resyncForEver = async (): Promise<void> => {
    const { signal } = listening;
    while (!signal.aborted) {
      await pause(resyncMs, signal);
      // What is unfinished has its own pace.
      if (!signal.aborted) await resync((decision) => decision.monitored && !isUnfinished(decision));
    }
  };
  const resynced = resyncForEver();

  const end = async (): Promise<void> => {
    listening.abort();
    const idle = queue.close();
    const grace = new AbortController();
    await Promise.race([Promise.all([idle, connection.ended, resynced]), pause(graceMs, grace.signal)]);
    grace.abort();
    for (const { ending } of items.values()) ending.abort();
    await idle;
    await attachments.letGoOfAll();
    if (O.isSome(failure)) announce({ _tag: 'Ended', failure: failure.value });
    channel.end();
    tellStopped(failure);
  };
  const stop = (): Promise<void> => {
    stopping ??= end();
    return stopping;
  };

  return {
    opened: connection.opened,
    attend: attachments.attend,
    follow: (decisions) => {
      for (const decision of decisions) {
        const { id } = decision.record;
        items.get(id)?.ending.abort();
        const ending = new AbortController();
        setMaxListeners(0, ending.signal);
        items.set(id, { decision, exit: undefined, outOfMemory: false, ending });
        const told = memory.recall(id);
        if (told !== undefined) note(id, told);
        if (isUnfinished(decision)) queue.defer(id);
      }
      if (isBehind) void resync(({ monitored }) => monitored);
      isBehind = false;
    },
    forget: async (id) => {
      items.get(id)?.ending.abort();
      items.delete(id);
      memory.forget(id);
      await queue.drop(id);
      await attachments.letGo(id);
    },
    lookAt: queue.nudge,
    known: () => [...items.values()].map(({ decision }) => decision),
    changes: channel.values,
    stop,
    stopped,
  };
};

/** Whether the exit is another process's than the one that is known: that of an earlier task, told late. */
const isOfAnother = ({ status }: Decision, exit: Exit): boolean =>
  status.pid !== 0 && exit.pid !== 0 && status.pid !== exit.pid;

const hasGoneDown = (before: Decision, now: Decision): boolean =>
  !isContainer(before) && !isContainer(now) && before.status.state !== 'NOTREADY' && now.status.state === 'NOTREADY';
