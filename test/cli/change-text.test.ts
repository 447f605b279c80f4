import { describe, expect, test } from 'vitest';
import { changeText } from '../../src/cli/change-text.js';
import { coloured, plain } from '../../src/cli/colour.js';
import type { ReportedChange } from '../../src/index.js';
import { fakeTime, second } from '../../src/testing/index.js';

const at = fakeTime + 3_600n * second;
type Container = Extract<ReportedChange, { readonly change: 'container' }>['container'];

const container: Container = {
  id: '3f2a9c81d0e4b5a697887766554433221100ffeeddccbbaa9988776655443322',
  name: 'web_cart-7d9f8c6b5-x2x4k_shop_0a1b_2',
  sandboxId: 'pod',
  state: 'EXITED',
  pid: 0,
  createdAt: fakeTime,
  startedAt: fakeTime,
  finishedAt: at,
  exitCode: 137,
  reason: 'OOMKilled',
  message: '',
  evidence: {
    pid: 'task',
    createdAt: 'checkpoint',
    startedAt: 'checkpoint',
    finishedAt: 'task',
    exitCode: 'task',
    reason: 'task',
  },
  checkpoint: 'written',
  monitored: false,
  actions: [
    { action: 'write-checkpoint', outcome: 'done' },
    { action: 'delete-task', outcome: 'done' },
  ],
  findings: [],
};
const running = { state: 'RUNNING', checkpoint: 'unchanged', findings: [] } as const;
const became = (
  now: Partial<Container>,
  before: Extract<ReportedChange, { readonly change: 'container' }>['before'] = running,
): ReportedChange => ({ change: 'container', at, before, container: { ...container, ...now } });

const toFile = { columns: 120, isTerminal: false, paint: plain };
const onScreen = (columns: number) => ({ columns, isTerminal: true, paint: plain });
const wordsOf = (told: ReportedChange): string => changeText(told, toFile).replace(/^\S+ /, '');

describe('a change as text', () => {
  test('of an exit says when, who, with what code, why, and what was done', () => {
    expect(changeText(became({}), toFile)).toBe(
      '2024-05-01T09:00:00Z RUNNING → EXITED  shop/cart-7d9f8c6b5-x2x4k/web: exit code 137 (OOMKilled); ' +
        'done: write checkpoint, delete task; id 3f2a9c81d0e4\n',
    );
  });

  test('says how long ago it was that is told late, and whether that is a guess', () => {
    const earlier = { finishedAt: at - 247n * second };
    expect(wordsOf(became(earlier))).toContain('exit code 137 (OOMKilled); ended 4m 7s ago;');
    const evidence = { ...container.evidence, finishedAt: 'estimated' } as const;
    expect(wordsOf(became({ ...earlier, evidence }))).toContain('; ended ~4m 7s ago;');
  });

  test('tells what was not done, and why', () => {
    const actions: Container['actions'] = [
      { action: 'write-checkpoint', outcome: 'failed', error: 'checkpoints write: no space left on device' },
      { action: 'delete-task', outcome: 'skipped', error: 'its exit is not stored' },
    ];
    const findings: Container['findings'] = [{ code: 'checkpoint-not-written', message: 'it could not be written' }];
    expect(wordsOf(became({ actions, findings, checkpoint: 'dirty' }))).toBe(
      'RUNNING → EXITED  shop/cart-7d9f8c6b5-x2x4k/web: exit code 137 (OOMKilled); it could not be written; ' +
        'not done: write checkpoint (failed), delete task (skipped); ' +
        'checkpoints write: no space left on device; its exit is not stored; id 3f2a9c81d0e4\n',
    );
  });

  test('tells what is over, where the state stays', () => {
    const silent = { code: 'task-not-answering', message: 'the task does not answer: no answer in time' } as const;
    const now = { state: 'RUNNING', finishedAt: 0n, actions: [] } as const;
    expect(wordsOf(became(now, { ...running, findings: [silent] }))).toBe(
      'RUNNING           shop/cart-7d9f8c6b5-x2x4k/web: its task runs; ' +
        'no longer: the task does not answer: no answer in time; id 3f2a9c81d0e4\n',
    );
    expect(wordsOf(became({ ...now, findings: [silent] }))).not.toContain('no longer');
  });

  test('names a container that the kubelet did not name by its id too', () => {
    expect(wordsOf(became({ name: 'odd' }))).toMatch(/^RUNNING → EXITED {2}odd 3f2a9c81d0e4: /);
    expect(wordsOf(became({ name: '' }))).toMatch(/^RUNNING → EXITED {2}3f2a9c81d0e4: /);
  });

  test.each<readonly [ReportedChange, string]>([
    [
      { change: 'connection-lost', at, error: 'nobody listens on the socket' },
      'CONNECTION LOST   containerd tells nothing until it is back: nobody listens on the socket\n',
    ],
    [{ change: 'connection-back', at }, 'CONNECTION BACK   what happened meanwhile is asked for\n'],
    [
      { change: 'io-trouble', at, id: 'c1', name: 'web_cart_shop_0_0', phase: 'began', error: 'full', dropped: 1 },
      'LOG NOT WRITTEN   shop/cart/web: full; 1 line dropped so far, more until it can be written; id c1\n',
    ],
    [
      { change: 'io-trouble', at, id: 'c1', name: '', phase: 'over', error: 'full', dropped: 42 },
      'LOG GAP IS OVER   c1: full; 42 lines dropped; id c1\n',
    ],
    [{ change: 'ended', at, error: 'the CRI plugin is at work' }, 'ENDED             the CRI plugin is at work\n'],
  ])('is one line: $0.change', (told, expected) => {
    expect(wordsOf(told)).toBe(expected);
  });
});

describe('on a terminal', () => {
  const told = became({
    findings: [{ code: 'io-degraded', message: `its  output   is not read: ${'x'.repeat(90)}  gone` }],
  });

  test.each([40, 58, 60, 79, 80, 100, 200])('of %d columns nothing is broken in the middle or lost', (columns) => {
    const lines = changeText(told, onScreen(columns)).slice(0, -1).split('\n');
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    expect(lines.slice(1).every((line) => /^ {4}\S/.test(line))).toBe(true);
    const letters = (text: string): string => text.replace(/\s/g, '');
    expect(letters(lines.join(''))).toBe(letters(changeText(told, toFile)));
  });

  test('of 80 columns a plain exit needs two lines', () => {
    expect(changeText(became({}), onScreen(80)).split('\n')).toHaveLength(3);
  });

  test('too narrow for anything it is still all there', () => {
    expect(changeText(told, onScreen(5)).replace(/\s/g, '')).toContain('exitcode137');
  });
});

test('what a node calls its things does not steer the terminal, nor begin a line', () => {
  const hostile = '\u001b[31mred\u0007\r\nFAKE LINE\u009b2J\u202e';
  const findings = [{ code: 'io-degraded', message: hostile }] as const;
  const actions = [{ action: 'delete-task', outcome: 'failed', error: hostile }] as const;
  const sandbox = {
    id: hostile,
    name: hostile,
    state: 'READY',
    pid: 1,
    createdAt: at,
    netns: { mode: 'host' },
  } as const;
  const all: ReadonlyArray<ReportedChange> = [
    became({ id: hostile, name: hostile, reason: hostile, findings, actions }),
    became({ name: `${hostile}_${hostile}_${hostile}_u_0` }, { ...running, findings }),
    {
      change: 'sandbox',
      at,
      before: { state: 'READY', findings },
      sandbox: { ...sandbox, monitored: true, actions: [], findings: [] },
    },
    { change: 'io-trouble', at, id: hostile, name: hostile, phase: 'began', error: hostile, dropped: 1 },
    { change: 'connection-lost', at, error: hostile },
    { change: 'ended', at, error: hostile },
  ];
  for (const told of all) {
    for (const terminal of [toFile, onScreen(80)]) {
      const text = changeText(told, terminal);
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(text).not.toMatch(/^FAKE/m);
      expect(text).toContain('red');
    }
    expect(changeText(told, toFile).split('\n')).toHaveLength(2);
  }
});

test('in colours it says the same, with the states in theirs', () => {
  const painted = changeText(became({}), { columns: 60, isTerminal: true, paint: coloured });
  expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(changeText(became({}), onScreen(60)));
  expect(painted).toContain('\u001b[32mRUNNING\u001b[39m → \u001b[2mEXITED\u001b[22m');
});
