import { describe, expect, test } from 'vitest';
import { changeSchema, encodeChange } from '../../src/codec/change.js';
import { encodeReport, int64AsText } from '../../src/codec/report.js';
import type { ReportedChange } from '../../src/core/change-report.js';
import { lostStatus } from '../../src/core/container-status.js';
import { knownFrom } from '../../src/core/evidence.js';
import { careful } from '../../src/core/policy.js';
import type { Report, ReportedContainer, ReportedSandbox } from '../../src/core/report.js';

const at = 9_007_199_254_740_993n;

const sandbox: ReportedSandbox = {
  id: 'pod',
  name: 'line\nbreak',
  state: 'NOTREADY',
  pid: 0,
  createdAt: at,
  netns: { mode: 'pod', path: '/run/netns/a', present: undefined },
  monitored: false,
  actions: [],
  findings: [],
};

const container: ReportedContainer = {
  id: 'c',
  name: 'n',
  sandboxId: 'pod',
  state: 'EXITED',
  pid: 0,
  createdAt: at,
  startedAt: at,
  finishedAt: at,
  exitCode: 1,
  reason: '',
  message: '',
  evidence: knownFrom('task', lostStatus).evidence,
  checkpoint: 'written',
  monitored: false,
  actions: [],
  findings: [],
};

const report: Report = {
  mode: 'apply',
  policy: careful,
  node: { containerd: '1.7.24', namespace: 'k8s.io', root: '/r', state: '/s' },
  startedAt: at,
  durationMs: 1,
  sandboxes: [sandbox],
  containers: [],
  images: [],
  orphans: [],
  failures: [],
};

const changes: ReadonlyArray<ReportedChange> = [
  { change: 'recovered', at, report },
  { change: 'sandbox', at, before: { state: 'READY', findings: [] }, sandbox },
  { change: 'container', at, before: { state: 'RUNNING', checkpoint: 'none', findings: [] }, container },
  { change: 'connection-lost', at, error: 'gone' },
  { change: 'connection-back', at },
  { change: 'io-trouble', at, id: 'c', name: 'n', phase: 'over', error: 'full', dropped: 3 },
  { change: 'ended', at, error: 'no' },
];

describe('a change as JSON', () => {
  test.each(changes)('is one line that begins with its schema, kind and time: $change', (change) => {
    const text = encodeChange(change);
    expect(text).toMatch(/^\{"schema":"cri-recovery\/change@1","change":"[a-z-]+","at":"9007199254740993"[^\n]*\}\n$/);
    expect(JSON.parse(text)).toMatchObject({ schema: changeSchema, change: change.change, at: '9007199254740993' });
  });

  test.each(changes.slice(2))('holds what was told and nothing else: $change', (change) => {
    const told = JSON.parse(JSON.stringify({ schema: changeSchema, ...change }, int64AsText));
    expect(JSON.parse(encodeChange(change))).toStrictEqual(told);
  });

  test('has the report as the report is printed', () => {
    const [recovered] = changes;
    if (recovered === undefined) throw new Error('there is none');
    expect(JSON.parse(encodeChange(recovered)).report).toEqual(JSON.parse(encodeReport(report)));
  });

  test('says null of what could not be told, in numbers larger than a reader has', () => {
    const [, changed] = changes;
    if (changed === undefined) throw new Error('there is none');
    expect(JSON.parse(encodeChange(changed))).toEqual({
      schema: 'cri-recovery/change@1',
      change: 'sandbox',
      at: '9007199254740993',
      before: { state: 'READY', findings: [] },
      sandbox: {
        ...sandbox,
        createdAt: '9007199254740993',
        netns: { mode: 'pod', path: '/run/netns/a', present: null },
      },
    });
  });
});
