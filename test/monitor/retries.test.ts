/** What fails is tried again, no more often than it should be. */
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test, vi } from 'vitest';
import { type Policy, policies } from '../../src/index.js';
import { type Ports, portError } from '../../src/ports/index.js';
import { fakeContainer, fakeNode, fakePorts, fakeSandbox, fakeTask, recorded } from '../../src/testing/index.js';
import { aroundCalls } from '../../src/testing/port-calls.js';
import {
  broken,
  checkpointOf,
  end,
  failing,
  giveTask,
  node,
  nodeOf,
  onFakeTime,
  stateOf,
  staying,
  stopUnheard,
  tagsOf,
  taskOf,
  watchOn,
} from './staying.js';

onFakeTime();

describe('what is retried', () => {
  test('waits a second, two, four, and longest a minute while the connection lasts', async () => {
    const ports = fakePorts(node);
    const tries: number[] = [];
    const full = failing(ports, ({ operation }) => operation === 'write' && tries.push(Date.now()) > 0);
    await staying(full);
    ports.exit('web', 5);
    await vi.advanceTimersByTimeAsync(30_000);
    const waits = tries.slice(1).map((time, index) => Math.round((time - (tries[index] ?? 0)) / 1_000));
    expect(waits).toEqual([1, 2, 4, 8]);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(checkpointOf(ports)).toMatchObject({ finishedAt: 0n });
    expect(taskOf(ports)).toMatchObject({ state: 'stopped' });
  });

  test('waits five minutes at last, resynchronised or not', async () => {
    const ports = fakePorts(node);
    const { ports: full, calls } = recorded(failing(ports, ({ operation }) => operation === 'write'));
    await staying(full);
    const tries = (): number => calls().filter(({ operation }) => operation === 'write').length;
    ports.exit('web', 5);
    await vi.advanceTimersByTimeAsync(30 * 60_000);
    const before = tries();
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(tries() - before).toBeLessThanOrEqual(13);
  });

  test('is told once, not with every attempt', async () => {
    const ports = fakePorts(node);
    const { changes } = await staying(failing(ports, ({ operation }) => operation === 'write'));
    ports.exit('web', 5);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(changes).toHaveLength(1);
  });

  test('a deletion is tried until it is done, though the task does not answer in between', async () => {
    const ports = fakePorts(node);
    stopUnheard(ports, 'web', 4);
    const faults = { isHung: true };
    const hung = failing(
      ports,
      ({ port, operation, subject }) =>
        faults.isHung && port === 'tasks' && subject === 'web' && (operation === 'delete' || operation === 'get'),
    );
    const { monitor } = await staying(hung);
    expect(stateOf(monitor)).toBe('EXITED');
    await vi.advanceTimersByTimeAsync(30_000);
    faults.isHung = false;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(taskOf(ports)).toBeUndefined();
  });

  test('a start that whoever owns the container makes meanwhile is left alone', async () => {
    const ports = fakePorts(
      nodeOf(fakeContainer({ id: 'web', sandboxId: 'pod', task: 'absent', checkpoint: 'CREATED' })),
    );
    const noFifos = failing(ports, ({ operation }) => operation === 'create');
    const begun = await watchOn(noFifos);
    giveTask(ports, 'web', fakeTask({ id: 'web', state: 'created' }));
    await vi.advanceTimersByTimeAsync(1_500);
    expect(taskOf(ports)).toMatchObject({ state: 'created' });
    await end(begun.stop());
  });

  test('an item that the policy would drop is tried again', async () => {
    const ports = fakePorts(node);
    const faults = { isFull: true };
    const full = failing(ports, ({ operation }) => faults.isFull && operation === 'write');
    const policy: Policy = { ...policies.careful, failedCheckpointWrite: 'skip' };
    const { monitor } = await staying(full, { policy });
    ports.exit('web', 5);
    await vi.advanceTimersByTimeAsync(500);
    expect(stateOf(monitor)).toBe('RUNNING');
    faults.isFull = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(checkpointOf(ports)).toMatchObject({ exitCode: 5 });
  });
});

describe('sandboxes by the hundred', () => {
  test('are not taken for silent because the others are', async () => {
    const pods = Array.from({ length: 400 }, (_, index) => fakeSandbox({ id: `p${index}` }));
    const ports = fakePorts(fakeNode({ sandboxes: pods }));
    const faults = { isOn: false };
    const slow = aroundCalls<Ports>(ports, async (call, run) => {
      if (!faults.isOn || call.port !== 'tasks') return run();
      if (call.operation === 'list') return E.left(portError('TimedOut', call, 'stalled'));
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return run();
    });
    const { changes } = await staying(slow, { limits: { itemTimeoutMs: 3_000 } });
    faults.isOn = true;
    ports.notify(broken);
    await vi.advanceTimersByTimeAsync(50_000);
    expect(tagsOf(changes)).toEqual(['ConnectionLost', 'ConnectionBack']);
  });
});
