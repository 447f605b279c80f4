/** docs/telemetry.md lists every span, attribute and metric that there is, and no other. */
import type { Attributes } from '@opentelemetry/api';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { containerd } from '../../src/core/policy.js';
import { observe, plan, recover, watch } from '../../src/index.js';
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
import { read } from '../docs-code/blocks.js';
import { registerTelemetry, type Telemetry } from './providers.js';

const node = fakeNode({
  sandboxes: [fakeSandbox({ id: 'pod' }), fakeSandbox({ id: 'down', task: 'stopped' })],
  containers: [fakeContainer({ id: 'fine', sandboxId: 'pod' }), fakeContainer({ id: 'ended', task: 'stopped' })],
  images: [fakeImage({ name: 'example/app:1', labels: {} })],
  directories: ['fine', 'ended', 'orphan'].map((name) => fakeDirectory({ kind: 'container', area: 'root', name })),
});
const faults: ReadonlyArray<Fault> = [
  { port: 'tasks', operation: 'list', effect: 'never' },
  { port: 'checkpoints', operation: 'write', effect: { error: 'NoSpace' } },
];

let telemetry: Telemetry;

/** One run of every sort, with something of everything. */
beforeAll(async () => {
  vi.useFakeTimers();
  telemetry = registerTelemetry();
  const fake = fakePorts(node);
  const ports = { ...fake, log: openTelemetryLog() };
  const running = Promise.all([
    observe()(ports)(),
    plan()(ports)(),
    recover({ policy: containerd })({ ...withFaults<Ports>(fakePorts(node), faults), log: ports.log })(),
    watch()(ports)(),
  ]);
  await vi.advanceTimersByTimeAsync(20_000);
  const [, , , begun] = await running;
  if (E.isLeft(begun)) throw new Error(begun.left._tag);
  fake.exit('fine', 1);
  await vi.advanceTimersByTimeAsync(1_000);
  await Promise.all([begun.right.stop(), vi.advanceTimersByTimeAsync(5_000)]);
});
afterAll(() => {
  telemetry.remove();
  vi.useRealTimers();
});

/** What is code in each row of the table whose first column is headed so. */
const rowsOf = (heading: string): ReadonlyArray<readonly [first: string, ...others: string[]]> => {
  const [, below = ''] = read('docs/telemetry.md').split(`| ${heading} |`);
  const rows = (below.split('\n\n')[0] ?? '').split('\n').slice(2);
  return rows.map((row) => {
    const [first = '', ...others] = [...row.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');
    return [first, ...others];
  });
};
const firstCells = (heading: string): ReadonlyArray<string> => unique(rowsOf(heading).map(([first]) => first));
const unique = (names: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(names)].toSorted();
const keysOf = (all: ReadonlyArray<Attributes>): ReadonlyArray<string> => unique(all.flatMap(Object.keys));

it('spans', () => {
  expect(firstCells('span')).toStrictEqual(unique(telemetry.spans().map(({ name }) => name)));
});

it('attributes of spans and their events', () => {
  const attributes = telemetry
    .spans()
    .flatMap((span) => [span.attributes, ...span.events.map((event) => event.attributes ?? {})]);
  expect(firstCells('attribute')).toStrictEqual(keysOf(attributes));
});

it('metrics, with their attributes', async () => {
  const metrics = await telemetry.metrics();
  expect(firstCells('metric')).toStrictEqual(unique(metrics.map(({ descriptor }) => descriptor.name)));
  for (const { descriptor, dataPoints } of metrics) {
    const [, ...documented] = rowsOf('metric').find(([first]) => first === descriptor.name) ?? [''];
    const used = keysOf(dataPoints.map((point) => point.attributes));
    // This one had no run that failed.
    const expected = descriptor.name === 'cri_recovery.duration' ? [...used, 'error.type'] : used;
    expect(unique(documented)).toStrictEqual(unique(expected));
  }
});
