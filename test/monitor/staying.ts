/** A monitor on a fake node in fake time, and the test deciding what answers when. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { ContainerDecision } from '../../src/core/container-decision.js';
import { containerState } from '../../src/core/container-status.js';
import type { Plan } from '../../src/core/plan.js';
import {
  type Change,
  createRecovery,
  type Decision,
  type Monitor,
  type MonitorOptions,
  openMonitor,
  type Policy,
  policies,
  watch,
} from '../../src/index.js';
import { type Call, type ExitNotice, type Ports, portError } from '../../src/ports/index.js';
import {
  type FakeContainer,
  type FakeNode,
  type FakePorts,
  fakeContainer,
  fakeNode,
  fakeSandbox,
  fakeTask,
} from '../../src/testing/index.js';
import { type Answer, aroundCalls } from '../../src/testing/port-calls.js';

const rejections: unknown[] = [];
const noteRejection = (reason: unknown): void => void rejections.push(reason);

/** Time stands still unless a test moves it, what was opened is stopped, and nothing may reject that nobody waits for. */
export const onFakeTime = (): void => {
  beforeEach(() => {
    vi.useFakeTimers();
    process.on('unhandledRejection', noteRejection);
  });
  afterEach(async () => {
    for (const monitor of opened.splice(0)) {
      const stopped = monitor.stop();
      await vi.advanceTimersByTimeAsync(20_000);
      await stopped;
    }
    vi.useRealTimers();
    process.off('unhandledRejection', noteRejection);
    expect(rejections.splice(0)).toEqual([]);
  });
};

export const second = 1_000_000_000n;
export const pod = fakeSandbox({ id: 'pod' });
export const nodeOf = (...containers: ReadonlyArray<FakeContainer>): FakeNode =>
  fakeNode({ sandboxes: [pod], containers });
export const node = nodeOf(
  fakeContainer({ id: 'web', sandboxId: 'pod' }),
  fakeContainer({ id: 'db', sandboxId: 'pod' }),
);

const opened: Monitor[] = [];
export const open = (ports: Ports, options: Partial<MonitorOptions> = {}): Monitor => {
  const monitor = openMonitor(ports, { policy: policies.careful, ...options });
  opened.push(monitor);
  return monitor;
};

/** What a recovery finds, nothing of which is attached. */
export const recoveryOf = (ports: Ports, policy: Policy = policies.careful): Promise<Plan> =>
  createRecovery(ports, { policy }).recover();
export const allOf = ({ sandboxes, containers }: Plan): ReadonlyArray<Decision> => [...sandboxes, ...containers];

/** A container as it is known once its streams are read. */
const attached = async (monitor: Monitor, decision: Decision): Promise<Decision> => {
  if (!('recalled' in decision) || !decision.mayBeAlive) return decision;
  const stdio = { stdin: '', stdout: '/out', stderr: '/err', terminal: false };
  const step = { _tag: 'AttachIo', id: decision.record.id, stdio, logPath: '/log' } as const;
  await monitor.attend(step, new AbortController().signal)();
  return { ...decision, io: 'attached' };
};

/** A monitor that follows everything on the node and reads what runs. */
export const staying = async (ports: Ports, options: Partial<MonitorOptions> = {}) => {
  const plan = await recoveryOf(ports, options.policy);
  const monitor = open(ports, options);
  await monitor.opened;
  monitor.follow(await Promise.all(allOf(plan).map((decision) => attached(monitor, decision))));
  await vi.advanceTimersByTimeAsync(0);
  return { monitor, plan, changes: changesOf(monitor) };
};

export const changesOf = ({ changes }: Pick<Monitor, 'changes'>): ReadonlyArray<Change> => {
  const seen: Change[] = [];
  void (async () => {
    for await (const change of changes) seen.push(change);
  })();
  return seen;
};
export const tagsOf = (changes: ReadonlyArray<Change>): ReadonlyArray<string> => changes.map(({ _tag }) => _tag);

export const checkpointOf = (ports: FakePorts, id = 'web') => {
  const file = ports.node().containers.find(({ record }) => record.id === id)?.checkpoint;
  return file?._tag === 'Sound' ? file.checkpoint.status : undefined;
};
export const taskOf = (ports: FakePorts, id = 'web') =>
  [...ports.node().containers, ...ports.node().sandboxes].find(({ record }) => record.id === id)?.task;
export const knownOf = (monitor: Monitor, id = 'web'): ContainerDecision => {
  const found = monitor.known().find(({ record }) => record.id === id);
  if (found === undefined || !('recalled' in found)) throw new Error(`${id} is not known`);
  return found;
};
export const stateOf = (monitor: Monitor, id = 'web'): string => containerState(knownOf(monitor, id).status);

/** Gives a container another task, as whoever starts it does, and tells nobody. */
export const giveTask = (ports: FakePorts, id: string, task: FakeContainer['task']): void =>
  ports.change((now) => ({
    ...now,
    containers: now.containers.map((item) => (item.record.id === id ? { ...item, task } : item)),
  }));
export const stopUnheard = (ports: FakePorts, id: string, exitStatus: number): void =>
  giveTask(ports, id, fakeTask({ id, state: 'stopped', exitStatus, exitedAt: O.some(ports.node().now) }));

export const broken: ExitNotice = {
  _tag: 'Broken',
  error: portError('Unavailable', { port: 'exits', operation: 'subscribe', subject: '' }, 'gone'),
};
export const oom: ExitNotice = { _tag: 'OutOfMemory', containerId: 'web' };
export const exitOf = (ports: FakePorts, exitStatus: number, pid = taskOf(ports)?.pid ?? 0): ExitNotice => ({
  _tag: 'Exit',
  exit: { containerId: 'web', processId: 'web', pid, exitStatus, exitedAt: ports.node().now },
});

/** Holds calls of an operation until they are let go, while it is asked to. */
export const holding = (ports: FakePorts, operation: string, subject?: string) => {
  const waiting: Array<() => void> = [];
  const hold = { isOn: false };
  const held = aroundCalls<Ports>(ports, async (call, run) => {
    const isMeant = hold.isOn && call.operation === operation && call.subject === (subject ?? call.subject);
    if (isMeant) await new Promise<void>((resolve) => waiting.push(resolve));
    return run();
  });
  const letGo = async (): Promise<void> => {
    hold.isOn = false;
    for (const go of waiting.splice(0)) go();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { held, hold, waiting, letGo };
};

/** Answers the calls that `isMeant` by an error for as long as it says so. */
export const failing = (ports: Ports, isMeant: (call: Call) => boolean): Ports =>
  aroundCalls<Ports>(ports, (call, run) => {
    const failed: Answer = E.left(portError('Unavailable', call, 'a fault made by the test'));
    return isMeant(call) ? Promise.resolve(failed) : run();
  });

export const all = async <A>(values: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const read: A[] = [];
  for await (const value of values) read.push(value);
  return read;
};

export const watchOn = async (ports: Ports, options: Parameters<typeof watch>[0] = {}) => {
  const begun = await watch(options)(ports)();
  if (E.isLeft(begun)) throw new Error(begun.left._tag);
  return begun.right;
};

/** Waits for the end of what may take its time. */
export const end = async (stopped: Promise<void>): Promise<void> => {
  await vi.advanceTimersByTimeAsync(20_000);
  await stopped;
};
