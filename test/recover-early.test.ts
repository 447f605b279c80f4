/** What has answered is recovered before what has not is waited for. */
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { careful, containerd } from '../src/core/policy.js';
import { type RecoverOptions, recover } from '../src/index.js';
import type { Ports } from '../src/ports/index.js';
import {
  type Fault,
  fakeContainer,
  fakeDirectory,
  fakeImage,
  fakeNode,
  fakePorts,
  fakeSandbox,
  recorded,
  withFaults,
} from '../src/testing/index.js';

/** Pod `bad` hangs in some tests; `ended` is in another pod and `twin` has its name from `bad-twin`. */
const node = fakeNode({
  sandboxes: ['good', 'bad'].map((id) => fakeSandbox({ id })),
  containers: [
    fakeContainer({ id: 'ended', sandboxId: 'good', task: 'stopped' }),
    fakeContainer({ id: 'torn', sandboxId: 'good', checkpoint: 'corrupt' }),
    fakeContainer({ id: 'member', sandboxId: 'bad', checkpoint: 'corrupt' }),
    fakeContainer({ id: 'bad-twin', name: 'twin', sandboxId: 'bad', checkpoint: 'corrupt' }),
    fakeContainer({ id: 'twin', name: 'twin', sandboxId: 'good', checkpoint: 'corrupt' }),
  ],
  images: [fakeImage({ name: 'example/app:1', labels: {} })],
  directories: ['ended', 'torn', 'orphan'].map((name) => fakeDirectory({ kind: 'container', area: 'root', name })),
});

const hangingTask = (id: string, effect: Fault['effect']): ReadonlyArray<Fault> => [
  { port: 'tasks', operation: 'list', effect },
  { port: 'tasks', operation: 'get', subject: id, effect },
];

/** A recovery on fake timers; `at` tells when a call was made, in milliseconds. */
const recovered = async (faults: ReadonlyArray<Fault>, options: RecoverOptions = {}) => {
  const fake = fakePorts(node);
  const start = Date.now();
  const { ports, calls } = recorded<Ports>(withFaults<Ports>(fake, faults));
  const times = new Map<string, number>();
  const note = setInterval(() => {
    for (const { operation, subject } of calls()) {
      const key = `${operation} ${subject}`;
      if (!times.has(key)) times.set(key, Date.now() - start);
    }
  }, 10);
  const running = recover(options)(ports)();
  await vi.advanceTimersByTimeAsync(15_000);
  clearInterval(note);
  return { result: await running, at: (key: string) => times.get(key), fake, calls: calls() };
};

const undisturbed = async (options: RecoverOptions = {}) => (await recovered([], options)).result;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('beside a shim that answers late', () => {
  it('the others are recovered within half a second and a bit, and the end is as if it had answered at once', async () => {
    const { result, at } = await recovered(hangingTask('bad', { delayMs: 5_000 }));
    expect(at('write ended')).toBeLessThan(600);
    expect(at('write torn')).toBeLessThan(600);
    expect(result).toStrictEqual(await undisturbed());
  });

  it('its containers and whoever shares a name with them are left until it has answered', async () => {
    const { result, at } = await recovered(hangingTask('bad-twin', { delayMs: 5_000 }));
    expect(at('write ended')).toBeLessThan(600);
    expect(at('write member')).toBeLessThan(600);
    for (const id of ['twin', 'bad-twin']) expect(at(`write ${id}`)).toBeGreaterThan(5_000);
    expect(result).toStrictEqual(await undisturbed());
    const inPod = await recovered(hangingTask('bad', { delayMs: 5_000 }));
    for (const id of ['member', 'bad-twin']) expect(inPod.at(`write ${id}`)).toBeGreaterThan(5_000);
  });

  it('directories and images come last, and nothing is done twice', async () => {
    const { at, calls } = await recovered(hangingTask('bad', { delayMs: 5_000 }));
    expect(at('quarantine /fake/root/containers/orphan')).toBeGreaterThan(5_000);
    expect(at('adopt example/app:1')).toBeGreaterThan(5_000);
    // Collecting is one call for all items of a part.
    const keys = calls
      .filter(({ operation }) => operation !== 'collectStale')
      .map(({ port, operation, subject }) => `${port} ${operation} ${subject}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toStrictEqual([]);
  });

  it('an item that fails early is among the failures only', async () => {
    const full: Fault = { port: 'checkpoints', operation: 'write', subject: 'ended', effect: { error: 'NoSpace' } };
    const policy = { ...careful, failedCheckpointWrite: containerd.failedCheckpointWrite };
    const { result } = await recovered([...hangingTask('bad', { delayMs: 5_000 }), full], { policy });
    if (E.isLeft(result)) throw new Error(result.left._tag);
    expect(result.right.failures.map(({ id, tag }) => [id, tag])).toStrictEqual([['ended', 'CheckpointWriteFailed']]);
    expect(result.right.containers.map(({ record }) => record.id)).toStrictEqual([
      'bad-twin',
      'member',
      'torn',
      'twin',
    ]);
    expect(result).toStrictEqual((await recovered([full], { policy })).result);
  });
});

describe('beside a shim that never answers', () => {
  it('what has answered is recovered within a deadline too short to wait for it', async () => {
    const { result, fake } = await recovered(hangingTask('bad', 'never'), { limits: { deadlineMs: 1_000 } });
    if (E.isLeft(result)) throw new Error(result.left._tag);
    const checkpoints = Object.fromEntries(
      result.right.containers.map(({ record, checkpoint }) => [record.id, checkpoint]),
    );
    expect(checkpoints).toMatchObject({ ended: 'written', torn: 'written' });
    expect(fake.node().containers.find(({ record }) => record.id === 'ended')?.task).toBeUndefined();
    expect(result.right.sandboxes.map(({ status }) => status.state)).toStrictEqual(['UNKNOWN', 'READY']);
  });

  it('a caller who gives up meanwhile is told what was done', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 2_000);
    const { result } = await recovered(hangingTask('bad', 'never'), { signal: controller.signal });
    expect(E.isRight(result) && result.right.mode).toBe('apply');
  });

  it('a caller who gives up before anything was done is told so', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 150);
    const { result, calls } = await recovered(hangingTask('bad', 'never'), { signal: controller.signal });
    expect(result).toStrictEqual(E.left({ _tag: 'Aborted' }));
    expect(calls.filter(({ operation }) => operation === 'write')).toStrictEqual([]);
  });
});

describe('nothing is begun', () => {
  it('before the directories are known, which may forbid all of it', async () => {
    const faults: ReadonlyArray<Fault> = [
      ...hangingTask('bad', { delayMs: 5_000 }),
      { port: 'directories', operation: 'list', effect: { delayMs: 4_000 } },
    ];
    const { at } = await recovered(faults);
    expect(at('write ended')).toBeGreaterThan(4_000);
  });

  it('where the policy aborts', async () => {
    const { result, calls } = await recovered(hangingTask('bad', { delayMs: 5_000 }), { policy: containerd });
    expect(result).toMatchObject({ left: { _tag: 'NameTaken', name: 'twin' } });
    expect(calls.filter(({ operation }) => ['write', 'delete'].includes(operation))).toStrictEqual([]);
  });
});
