import { metrics } from '@opentelemetry/api';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { containerd } from '../../src/core/policy.js';
import { createPlanner, createRecovery, observe, plan, watch } from '../../src/index.js';
import { openTelemetryLog } from '../../src/opentelemetry/index.js';
import type { Ports } from '../../src/ports/index.js';
import {
  type Fault,
  fakeContainer,
  fakeDirectory,
  fakeImage,
  fakeNode,
  fakePorts,
  fakeSandbox,
  withFaults,
} from '../../src/testing/index.js';
import { registerTelemetry, type Telemetry } from './providers.js';

const node = fakeNode({
  sandboxes: [fakeSandbox({ id: 'pod' }), fakeSandbox({ id: 'down', task: 'stopped' })],
  containers: [
    fakeContainer({ id: 'fine', sandboxId: 'pod' }),
    fakeContainer({ id: 'ended', sandboxId: 'pod', task: 'stopped' }),
    fakeContainer({ id: 'gone', sandboxId: 'pod', task: 'absent' }),
  ],
  images: [fakeImage({ name: 'example/app:1', labels: {} })],
  directories: ['fine', 'ended', 'gone', 'orphan'].map((name) =>
    fakeDirectory({ kind: 'container', area: 'root', name }),
  ),
});

const telling = (faults: ReadonlyArray<Fault> = []): Ports => ({
  ...withFaults<Ports>(fakePorts(node), faults),
  log: openTelemetryLog(),
});

let telemetry: Telemetry;
beforeEach(() => {
  vi.useFakeTimers();
  telemetry = registerTelemetry();
});
afterEach(() => {
  telemetry.remove();
  vi.useRealTimers();
});

describe('what is counted', () => {
  it('of a recovery: items, actions, findings and that it has been', async () => {
    await createRecovery(telling()).recover();
    expect(await telemetry.counted()).toStrictEqual({
      'cri_recovery.duration mode=recover': 1,
      'cri_recovery.items item.kind=container item.state=EXITED mode=recover': 2,
      'cri_recovery.items item.kind=container item.state=RUNNING mode=recover': 1,
      'cri_recovery.items item.kind=directory item.state=quarantined mode=recover': 1,
      'cri_recovery.items item.kind=image item.state=ready mode=recover': 1,
      'cri_recovery.items item.kind=sandbox item.state=NOTREADY mode=recover': 1,
      'cri_recovery.items item.kind=sandbox item.state=READY mode=recover': 1,
      'cri_recovery.actions action=adopt-image mode=recover outcome=done': 1,
      'cri_recovery.actions action=delete-task mode=recover outcome=done': 2,
      'cri_recovery.actions action=quarantine mode=recover outcome=done': 1,
      'cri_recovery.actions action=write-checkpoint mode=recover outcome=done': 2,
      'cri_recovery.findings finding=exit-unseen mode=recover': 1,
      'cri_recovery.findings finding=netns-left mode=recover': 1,
    });
  });

  it('of plans: what would be, once for each of them', async () => {
    const ports = telling();
    await createPlanner(ports).plan();
    await createPlanner(ports).plan();
    expect(await telemetry.counted()).toMatchObject({
      'cri_recovery.duration mode=plan': 2,
      'cri_recovery.items item.kind=directory item.state=planned mode=plan': 2,
      'cri_recovery.actions action=write-checkpoint mode=plan outcome=planned': 4,
    });
  });

  it('of an observation: that it has been', async () => {
    await observe()(telling())();
    expect(await telemetry.counted()).toStrictEqual({ 'cri_recovery.duration mode=observe': 1 });
  });

  it('where items fail: which, and why', async () => {
    const full: Fault = { port: 'checkpoints', operation: 'write', subject: 'ended', effect: { error: 'NoSpace' } };
    await createRecovery(telling([full]), { policy: containerd }).recover();
    expect(await telemetry.counted()).toMatchObject({
      'cri_recovery.failures error.type=CheckpointWriteFailed item.kind=container mode=recover': 1,
    });
  });

  it('where an action fails: that too', async () => {
    await createRecovery(telling([{ port: 'images', operation: 'adopt', effect: { error: 'Denied' } }])).recover();
    expect(await telemetry.counted()).toMatchObject({
      'cri_recovery.actions action=adopt-image mode=recover outcome=failed': 1,
    });
  });

  it('where all of it fails: why', async () => {
    await plan()(telling([{ port: 'daemon', operation: 'version', effect: { error: 'Unavailable' } }]))();
    expect(await telemetry.counted()).toStrictEqual({
      'cri_recovery.duration error.type=NodeUnreadable mode=plan': 1,
    });
  });

  it('after a recovery: every change, by kind', async () => {
    const fake = fakePorts(node);
    const begun = await watch()({ ...fake, log: openTelemetryLog() })();
    if (E.isLeft(begun)) return expect.fail(begun.left._tag);
    fake.exit('fine', 1);
    fake.exit('pod', 1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await telemetry.counted()).toMatchObject({
      'cri_recovery.changes change=ContainerChanged': 1,
      'cri_recovery.changes change=SandboxChanged': 1,
    });
    await Promise.all([begun.right.stop(), vi.advanceTimersByTimeAsync(5_000)]);
  });
});

it('the duration is in seconds, from the beginning of the run to its end', async () => {
  const running = plan()(
    telling([{ port: 'checkpoints', operation: 'read', subject: 'fine', effect: { delayMs: 3_000 } }]),
  )();
  await vi.advanceTimersByTimeAsync(10_000);
  await running;
  expect(await telemetry.duration()).toMatchObject({ sum: 3, count: 1 });
});

it('providers that are registered once a run has begun count it all the same', async () => {
  metrics.disable();
  const running = plan()(telling())();
  telemetry.remove();
  telemetry = registerTelemetry();
  await running;
  expect(await telemetry.counted()).toMatchObject({ 'cri_recovery.duration mode=plan': 1 });
});
