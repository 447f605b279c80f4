/**
 * What goes on after a recovery: exits are heard of and settled, what failed is tried again, and after a broken connection, and once a minute
 * all the same, containerd is asked for what it may not have told (H12, H13).
 */
import { setMaxListeners } from 'node:events';
import debug from 'debug';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { answer, withDeadline } from '../bounds/deadline.js';
import { defaultLimits, type Limits } from '../bounds/limits.js';
import { awaitsExit } from '../core/decide-again.js';
import { describePortError, type RecoveryFailure } from '../core/failure.js';
import type { Id } from '../core/identity.js';
import type { Policy } from '../core/policy.js';
import type { ExitNotice, PortError, Ports } from '../ports/index.js';
import { aliveTasks } from './alive-tasks.js';
import { type Change, changeBetween, type Decision, isContainer } from './change.js';
import { openChannel } from './channel.js';
import { listen } from './listen.js';
import { isUnfinished, lookThrough, type Told } from './look.js';
import { pause } from './pause.js';
import { openWorkQueue } from './work-queue.js';

const trace = debug('cri-recovery:monitor');

export interface MonitorOptions {
  readonly policy: Policy;
  readonly limits?: Partial<Limits>;
  /** Asked each time the connection is back, before anything is done. A failure other than `CriActive` is asked about again. */
  readonly mayStay?: (signal: AbortSignal) => TE.TaskEither<RecoveryFailure, void>;
}

export interface Monitor {
  /** Resolves once nothing can be missed any more, or with the reason why that is not to be had. */
  readonly opened: Promise<E.Either<PortError, void>>;
  /**
   * Watches items that have been read since `opened`, in place of what was known of them. Exits that were told meanwhile are made up for; what
   * a recovery did not get done is tried again.
   */
  readonly follow: (decisions: ReadonlyArray<Decision>) => void;
  /** No longer watches an item, as when it was removed, and lets its streams go. */
  readonly forget: (id: Id) => Promise<void>;
  /** Looks at an item now, whatever has been told of it. */
  readonly lookAt: (id: Id) => void;
  /** Everything that is followed, as it is known by now. */
  readonly known: () => ReadonlyArray<Decision>;
  /** For one reader, from the beginning. */
  readonly changes: AsyncIterable<Change>;
  /** Ends the subscription, lets what is under way come to its end for a moment, and lets go of all streams. No task is touched. */
  readonly stop: () => Promise<void>;
  /** Resolves when the monitor has stopped, by itself or not. */
  readonly stopped: Promise<void>;
}

interface Item {
  decision: Decision;
  exit: Told['exit'];
  outOfMemory: boolean;
}

const resyncMs = 60_000;
/** How long `stop` waits for what is under way. */
const graceMs = 2_000;
/** Exits of what nobody follows yet. A container that is followed late is looked at anyway. */
const mostUnclaimed = 10_000;

/** Begins to listen. Nothing is done before something is followed. */
export const openMonitor = (ports: Ports, { policy, mayStay, ...options }: MonitorOptions): Monitor => {
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const look = lookThrough(ports, policy, limits);
  const channel = openChannel<Change>();
  const items = new Map<string, Item>();
  const unclaimed = new Map<string, Pick<Item, 'exit' | 'outOfMemory'>>();
  const listening = new AbortController();
  const working = new AbortController();
  for (const { signal } of [listening, working]) setMaxListeners(0, signal);
  let connections = 0;
  let isLost = false;
  let stopping: Promise<void> | undefined;
  let tellOpened: (opened: E.Either<PortError, void>) => void = () => undefined;
  let tellStopped = (): void => undefined;
  const opened = new Promise<E.Either<PortError, void>>((resolve) => {
    tellOpened = resolve;
  });
  const stopped = new Promise<void>((resolve) => {
    tellStopped = resolve;
  });

  const queue = openWorkQueue(async (id) => {
    const item = items.get(id);
    if (item === undefined) return true;
    const { decision: before, exit, outOfMemory } = item;
    const seen = await look(before, { exit, outOfMemory }, working.signal);
    // What was cut short says nothing, and what was forgotten or read anew meanwhile is no longer ours.
    if (working.signal.aborted || items.get(id) !== item) return true;
    if (O.isNone(seen)) return false;
    item.decision = seen.value;
    const change = changeBetween(before, seen.value);
    if (change !== undefined) channel.push(change);
    if (isUnfinished(seen.value)) return false;
    if (item.exit === exit) item.exit = undefined;
    item.outOfMemory = false;
    return true;
  });

  const hear = (notice: ExitNotice): void => {
    switch (notice._tag) {
      case 'Open':
        connections += 1;
        tellOpened(E.right(undefined));
        if (isLost) void comeBack(connections);
        return;
      case 'Broken':
        tellOpened(E.left(notice.error));
        trace('%s', describePortError(notice.error));
        if (isLost) return;
        isLost = true;
        queue.pause();
        channel.push({ _tag: 'ConnectionLost', error: notice.error });
        return;
      case 'Exit': {
        const { exit } = notice;
        // An exec has an id of its own.
        if (exit.processId === exit.containerId) note(exit.containerId, { exit });
        return;
      }
      case 'OutOfMemory':
        note(notice.containerId, { outOfMemory: true });
    }
  };

  const note = (id: string, told: Partial<Told>): void => {
    const item = items.get(id);
    if (item === undefined) {
      const before = unclaimed.get(id) ?? { exit: undefined, outOfMemory: false };
      unclaimed.set(id, { ...before, ...told });
      const [oldest] = unclaimed.keys();
      if (unclaimed.size > mostUnclaimed && oldest !== undefined) unclaimed.delete(oldest);
      return;
    }
    if (told.exit !== undefined && awaitsExit(policy, item.decision)) item.exit = told.exit;
    if (told.outOfMemory === true && isContainer(item.decision)) item.outOfMemory = true;
    if (item.exit !== undefined || item.outOfMemory) queue.nudge(id);
  };

  /** Goes on once whoever owns the node says that it may. */
  const comeBack = async (connection: number): Promise<void> => {
    const { signal } = listening;
    while (mayStay !== undefined && !signal.aborted && connection === connections) {
      const may = await mayStay(signal)();
      if (E.isRight(may)) break;
      if (may.left._tag === 'CriActive') {
        channel.push({ _tag: 'Ended', failure: may.left });
        return stop();
      }
      await pause(1_000, signal);
    }
    if (signal.aborted || connection !== connections) return;
    isLost = false;
    channel.push({ _tag: 'ConnectionBack' });
    queue.resume();
    await resync();
  };

  /** Looks at everything that should live and may not, and at all that is unfinished. */
  const resync = async (): Promise<void> => {
    const awaited = [...items].filter(([, { decision }]) => decision.monitored || isUnfinished(decision));
    if (awaited.length === 0 || isLost) return;
    const { signal } = listening;
    const alive = await aliveTasks(ports, limits, signal);
    if (signal.aborted) return;
    for (const [id, { decision }] of awaited) if (!alive.has(id) || isUnfinished(decision)) queue.nudge(id);
  };

  const resyncForEver = async (): Promise<void> => {
    const { signal } = listening;
    while (!signal.aborted) {
      await pause(resyncMs, signal);
      if (!signal.aborted) await resync();
    }
  };

  const detach = (id: Id): Promise<unknown> => {
    const call = { port: 'container-io', operation: 'detach', subject: id } as const;
    const unlimited = new AbortController().signal;
    return withDeadline(limits.itemTimeoutMs, unlimited, (short) =>
      answer(call, () => ports.containerIo.detach(id), short),
    )();
  };

  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      listening.abort();
      const idle = queue.close();
      await Promise.race([idle, pause(graceMs, working.signal)]);
      working.abort();
      await Promise.all([idle, heard, resynced]);
      const containers = [...items.values()].map(({ decision }) => decision).filter(isContainer);
      await Promise.all(containers.map(({ record }) => detach(record.id)));
      channel.end();
      tellOpened(E.right(undefined));
      tellStopped();
    })();
    return stopping;
  };

  const heard = listen(ports.exits, listening.signal, hear);
  const resynced = resyncForEver();
  return {
    opened,
    follow: (decisions) => {
      for (const decision of decisions) {
        const { id } = decision.record;
        const told = unclaimed.get(id);
        items.set(id, { decision, exit: undefined, outOfMemory: false });
        unclaimed.delete(id);
        if (told !== undefined) note(id, told);
        if (isUnfinished(decision)) queue.defer(id);
      }
    },
    forget: async (id) => {
      queue.drop(id);
      items.delete(id);
      await detach(id);
    },
    lookAt: queue.nudge,
    known: () => [...items.values()].map(({ decision }) => decision),
    changes: channel.values,
    stop,
    stopped,
  };
};
