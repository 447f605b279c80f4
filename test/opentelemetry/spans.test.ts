import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { careful, containerd } from '../../src/core/policy.js';
import { createPlanner, createRecovery, observe, plan, recover, watch } from '../../src/index.js';
import { openTelemetryLog } from '../../src/opentelemetry/index.js';
import type { Ports } from '../../src/ports/index.js';
import { type FakeNode, type Fault, fakeContainer, fakePorts, withFaults } from '../../src/testing/index.js';
import { node } from '../telling/told-node.js';
import { registerTelemetry, type Telemetry, treeOf } from './providers.js';

const telling = (faults: ReadonlyArray<Fault> = [], of: FakeNode = node): Ports => ({
  ...withFaults<Ports>(fakePorts(of), faults),
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

const tree = (): ReadonlyArray<string> => treeOf(telemetry.spans());
const spanOf = (name: string, id?: string) =>
  telemetry
    .spans()
    .find((span) => span.name === `cri-recovery.${name}` && span.attributes['cri_recovery.item.id'] === id);

const observed = [
  'observe whole',
  '  observe.container ended',
  '  observe.container fine',
  '  observe.directory /fake/root/containers',
  '  observe.directory /fake/root/sandboxes',
  '  observe.directory /fake/state/containers',
  '  observe.directory /fake/state/sandboxes',
  '  observe.image example/app:1',
  '  observe.sandbox pod',
];
const indented = (lines: ReadonlyArray<string>): ReadonlyArray<string> => lines.map((line) => `  ${line}`);

describe('a trace', () => {
  it('of a plan', async () => {
    await createPlanner(telling()).plan();
    expect(tree()).toStrictEqual(['plan', '  decide whole', ...indented(observed)]);
    expect(spanOf('plan')?.attributes).toStrictEqual({ 'cri_recovery.policy': 'careful' });
    expect(spanOf('observe')?.attributes).toMatchObject({
      'cri_recovery.sandboxes': 1,
      'cri_recovery.containers': 2,
      'cri_recovery.images': 1,
    });
  });

  it('of a recovery: only items with something to do are acted on, and it is said what was done', async () => {
    await createRecovery(telling(), { policy: { ...careful, imageCheck: 'manifest' } }).recover();
    expect(tree()).toStrictEqual([
      'recover',
      '  act whole',
      '    act.container ended',
      '    act.directory /fake/root/containers/orphan',
      '    act.image example/app:1',
      '  decide whole',
      ...indented(observed),
    ]);
    expect(spanOf('recover')?.attributes).toStrictEqual({ 'cri_recovery.policy': 'mixed' });
    expect(spanOf('act.container', 'ended')?.attributes).toMatchObject({
      'cri_recovery.item.kind': 'container',
      'cri_recovery.actions': ['write-checkpoint done', 'delete-task done'],
      'cri_recovery.findings': [],
    });
  });

  it('of an observation is one span with its items', async () => {
    await observe()(telling())();
    expect(tree()).toStrictEqual(['observe', ...observed.slice(1)]);
    expect(spanOf('observe')?.attributes).toMatchObject({ 'cri_recovery.containers': 2 });
  });

  it('of a watch is that of its recovery, and of everybody who stays', async () => {
    const begun = await watch()(telling())();
    if (E.isLeft(begun)) return expect.fail(begun.left._tag);
    expect(tree().filter((line) => /^(recover| {2}act| {4}act)/.test(line))).toStrictEqual([
      'recover',
      '  act whole',
      '    act.container ended',
      '    act.container fine',
      '    act.directory /fake/root/containers/orphan',
      '    act.image example/app:1',
      '    act.sandbox pod',
    ]);
    await Promise.all([begun.right.stop(), vi.advanceTimersByTimeAsync(5_000)]);
  });

  it('stands below the span that is active when it begins', async () => {
    const embedder = trace.getTracer('embedder').startSpan('restart');
    const planning = context.with(trace.setSpan(ROOT_CONTEXT, embedder), plan()(telling()));
    await planning;
    embedder.end();
    expect(tree().slice(0, 3)).toStrictEqual(['restart', '  plan', '    decide whole']);
  });

  it('has every span begin and end within the one above it, and each phase after the one before', async () => {
    await createRecovery(telling()).recover();
    const moments = telemetry.moments();
    expect(moments.filter((moment) => !moment.includes('.'))).toStrictEqual([
      'recover begins',
      'observe begins',
      'observe ends',
      'decide begins',
      'decide ends',
      'act begins',
      'act ends',
      'recover ends',
    ]);
    const nth = (moment: string): number => moments.indexOf(moment);
    for (const phase of ['observe', 'act']) {
      const items = moments.filter((moment) => moment.startsWith(`${phase}.`));
      expect(items.length).toBeGreaterThan(5);
      for (const item of items) {
        expect(nth(item)).toBeGreaterThan(nth(`${phase} begins`));
        expect(nth(item)).toBeLessThan(nth(`${phase} ends`));
      }
    }
  });

  it('of two recoveries at once, through one log, is two traces', async () => {
    const log = openTelemetryLog();
    const slow: Fault = { port: 'checkpoints', operation: 'read', effect: { delayMs: 1_000 } };
    const running = [
      plan({ policy: careful })({ ...withFaults<Ports>(fakePorts(node), [slow]), log })(),
      recover({ policy: containerd })({ ...fakePorts(node), log })(),
    ];
    await vi.advanceTimersByTimeAsync(5_000);
    await Promise.all(running);
    const traceOf = (span: ReadableSpan): string => span.spanContext().traceId;
    const traces = [...new Set(telemetry.spans().map(traceOf))].map((trace) =>
      telemetry.spans().filter((span) => traceOf(span) === trace),
    );
    expect(traces.map((spans) => treeOf(spans)[0]).toSorted()).toStrictEqual(['plan', 'recover']);
    for (const spans of traces) {
      expect(treeOf(spans)).toHaveLength(spans.length);
      expect(treeOf(spans).filter((line) => line.includes('observe.'))).toHaveLength(8);
    }
  });
});

describe('beside something that answers late', () => {
  const late: ReadonlyArray<Fault> = [
    { port: 'tasks', operation: 'list', effect: 'never' },
    { port: 'tasks', operation: 'get', subject: 'fine', effect: { delayMs: 5_000 } },
  ];

  it('the early part and the rest are spans of their own, while the observation goes on', async () => {
    const running = recover()(telling(late))();
    await vi.advanceTimersByTimeAsync(20_000);
    await running;
    expect(tree().filter((line) => !line.includes('observe.'))).toStrictEqual([
      'recover',
      '  act early',
      '    act.container ended',
      '  act rest',
      '    act.directory /fake/root/containers/orphan',
      '    act.image example/app:1',
      '  decide early',
      '  decide rest',
      '  observe whole',
    ]);
    expect(spanOf('observe')?.events.map(({ name }) => name)).toStrictEqual(['task list stalled']);
  });

  it('what was still being read when the recovery failed is unfinished', async () => {
    const names = ['fine', 'ended'].map((id) => fakeContainer({ id, name: 'twin', sandboxId: 'pod' }));
    const running = recover({ policy: containerd })(telling(late, { ...node, containers: names }))();
    await vi.advanceTimersByTimeAsync(20_000);
    await running;
    const failed = tree().filter((line) => line.includes('!'));
    const held = 'the container name "twin" is held by ended and fine';
    expect(failed).toStrictEqual([
      `recover ! NameTaken: ${held}`,
      `  decide early ! NameTaken: ${held}`,
      '  observe whole ! Unfinished: the run ended before it did',
      '    observe.container fine ! Unfinished: the run ended before it did',
    ]);
  });
});

describe('what fails', () => {
  const failed = (): ReadonlyArray<string> =>
    tree()
      .filter((line) => line.includes('!'))
      .map((line) => line.trim());

  it('is an item that could not be read, or did not answer', async () => {
    const faults: ReadonlyArray<Fault> = [
      { port: 'tasks', operation: 'list', effect: { error: 'Unavailable' } },
      { port: 'tasks', operation: 'get', subject: 'fine', effect: 'never' },
      { port: 'checkpoints', operation: 'read', subject: 'ended', effect: { error: 'Corrupt' } },
    ];
    const running = plan()(telling(faults))();
    await vi.advanceTimersByTimeAsync(20_000);
    await running;
    expect(failed()).toStrictEqual([
      'observe.container ended ! Corrupt: checkpoints read ended: a fault made by the test',
      'observe.container fine ! TimedOut: tasks get fine: no answer in time',
    ]);
    expect(spanOf('observe.container', 'fine')?.attributes).toMatchObject({ 'cri_recovery.answered': false });
  });

  it('is an action', async () => {
    const undeletable: Fault = { port: 'tasks', operation: 'delete', effect: { error: 'Unavailable' } };
    await createRecovery(telling([undeletable])).recover();
    expect(failed()).toStrictEqual(['act.container ended ! Unavailable: tasks delete ended: a fault made by the test']);
    expect(spanOf('act.container', 'ended')?.attributes).toMatchObject({
      'cri_recovery.actions': ['write-checkpoint done', 'delete-task failed'],
      'cri_recovery.findings': ['task-not-deleted'],
    });
  });

  it('is an item of the result, which the recovery names', async () => {
    const full: Fault = { port: 'checkpoints', operation: 'write', subject: 'ended', effect: { error: 'NoSpace' } };
    await createRecovery(telling([full]), { policy: containerd }).recover();
    expect(failed()).toStrictEqual([expect.stringMatching(/^act\.container ended ! CheckpointWriteFailed: /)]);
    expect(spanOf('recover')?.events).toMatchObject([
      {
        name: 'item failed',
        attributes: {
          'cri_recovery.item.kind': 'container',
          'cri_recovery.item.id': 'ended',
          'error.type': 'CheckpointWriteFailed',
        },
      },
    ]);
  });

  it('is a recovery: of a node that cannot be read', async () => {
    const faults: ReadonlyArray<Fault> = [{ port: 'images', operation: 'list', effect: { error: 'Unavailable' } }];
    await recover()(telling(faults))();
    expect(tree()).toStrictEqual([
      'recover ! NodeUnreadable: images list: a fault made by the test',
      '  observe whole ! NodeUnreadable: images list: a fault made by the test',
    ]);
  });

  it.each([
    ['recover', recover],
    ['watch', watch],
  ])('is a recovery: beside containerd’s own, by %s', async (_, begin) => {
    const running = begin()(telling([], { ...node, hasActiveCri: true }))();
    await vi.advanceTimersByTimeAsync(5_000);
    await running;
    expect(tree()).toStrictEqual(["recover ! CriActive: containerd's own CRI plugin is at work on this node"]);
  });
});

describe('an id that is listed twice', () => {
  it('is one item while it is read, and leaves no span open', async () => {
    const twice = { ...node, containers: [...node.containers, fakeContainer({ id: 'fine', sandboxId: 'pod' })] };
    await createPlanner(telling([], twice)).plan();
    const [begun, ended] = ['begins', 'ends'].map((end) =>
      telemetry.moments().filter((moment) => moment.endsWith(` ${end}`)),
    );
    expect(begun).toHaveLength(ended?.length ?? 0);
    expect(tree()).toStrictEqual(['plan', '  decide whole', ...indented(observed)]);
  });
});

describe('a log that throws', () => {
  it('because its tracer does, disturbs no recovery', async () => {
    trace.disable();
    trace.setGlobalTracerProvider({
      getTracer: () => {
        throw new Error('the embedder’s');
      },
    });
    const recovered = await createRecovery(telling()).recover();
    expect(recovered).toStrictEqual(await createRecovery(fakePorts(node)).recover());
  });
});
