import { expect, it } from 'vitest';
import { encodeReport, int64AsText, reportSchema, sandboxDocument } from '../../src/codec/report.js';
import { careful } from '../../src/core/policy.js';
import type { ReportedSandbox } from '../../src/core/report.js';

const at = 9_007_199_254_740_993n;

const sandbox = (netns: ReportedSandbox['netns']): ReportedSandbox => ({
  id: 'pod',
  name: 'pod',
  state: 'READY',
  pid: 1,
  createdAt: at,
  netns,
  monitored: true,
  actions: [],
  findings: [],
});

it('a report is one indented document that begins with its schema and ends its last line', () => {
  const node = { containerd: '1.7.24', namespace: 'k8s.io', root: '/r', state: '/s' };
  const rest = { containers: [], images: [], orphans: [], failures: [] };
  const report = { mode: 'plan', policy: careful, node, startedAt: at, durationMs: 1, ...rest } as const;
  const text = encodeReport({ ...report, sandboxes: [sandbox({ mode: 'host' })] });
  expect(text.startsWith('{\n  "schema": "cri-recovery/report@1",\n  "mode": "plan",\n')).toBe(true);
  expect(text.endsWith('\n}\n')).toBe(true);
  expect(reportSchema).toBe('cri-recovery/report@1');
  expect(JSON.parse(text)).toStrictEqual({
    schema: 'cri-recovery/report@1',
    ...report,
    startedAt: '9007199254740993',
    sandboxes: [{ ...sandbox({ mode: 'host' }), createdAt: '9007199254740993' }],
  });
});

it.each([
  [{ mode: 'host' }, { mode: 'host' }],
  [
    { mode: 'pod', path: '/n', present: true },
    { mode: 'pod', path: '/n', present: true },
  ],
  [
    { mode: 'pod', path: '/n', present: false },
    { mode: 'pod', path: '/n', present: false },
  ],
  [
    { mode: 'pod', path: '/n', present: undefined },
    { mode: 'pod', path: '/n', present: null },
  ],
] as const)('the network namespace %j is written as %j', (netns, expected) => {
  expect(sandboxDocument(sandbox(netns))).toStrictEqual({ ...sandbox({ mode: 'host' }), netns: expected });
});

it('only int64 values become text', () => {
  expect([at, 1, 'x', null, false].map((value) => int64AsText('', value))).toStrictEqual([
    '9007199254740993',
    1,
    'x',
    null,
    false,
  ]);
});
