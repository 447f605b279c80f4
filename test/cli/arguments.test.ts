import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../src/cli/arguments.js';
import { policies } from '../../src/index.js';

const defaults = {
  address: '/run/containerd/containerd.sock',
  root: '/var/lib/containerd/io.containerd.grpc.v1.cri',
  state: '/run/containerd/io.containerd.grpc.v1.cri',
  namespace: 'k8s.io',
  limits: { itemTimeoutMs: 10_000, deadlineMs: 120_000, concurrency: 32 },
};

describe('arguments', () => {
  it('plan this node carefully when nothing else is said', () => {
    const expected = { _tag: 'PlanLive', node: defaults, policy: policies.careful, json: false, explain: undefined };
    expect(readArguments(['plan'])).toStrictEqual(E.right(expected));
  });

  it('name the socket as a path or as a URL', () => {
    for (const [given, address] of [
      ['unix:///run/c.sock', '/run/c.sock'],
      ['unix://c.sock', 'unix://c.sock'],
      ['/unix:///c.sock', '/unix:///c.sock'],
    ] as const)
      expect(readArguments(['plan', '--address', given])).toMatchObject(E.right({ node: { address } }));
  });

  it.each(['k8s.io', 'moby', 'a', 'a-b_c.d', 'x'.repeat(76)])('name a namespace: %s', (namespace) => {
    expect(readArguments(['plan', '--namespace', namespace])).toMatchObject(E.right({ node: { namespace } }));
  });

  it.each(['k8s.io\n', '\nk8s.io', 'a b', '.a', 'a.', 'a..b', 'a/b', 'ä', 'x'.repeat(77)])(
    'name no namespace: %j',
    (namespace) => {
      expect(readArguments(['plan', '--namespace', namespace])).toStrictEqual(
        E.left(`--namespace is a name like k8s.io or moby, not ${JSON.stringify(namespace)}`),
      );
    },
  );

  it('say where the node is and how long it may take', () => {
    const args = [
      'plan',
      '--address',
      '/a',
      '--root=/r',
      '--state',
      '/s',
      '--namespace',
      'n',
      '--json',
      '--policy',
      'containerd',
    ];
    const limits = ['--item-timeout', '1.5s', '--deadline', '3m', '--concurrency', '7'];
    expect(readArguments([...args, ...limits])).toStrictEqual(
      E.right({
        _tag: 'PlanLive',
        node: {
          address: '/a',
          root: '/r',
          state: '/s',
          namespace: 'n',
          limits: { itemTimeoutMs: 1_500, deadlineMs: 180_000, concurrency: 7 },
        },
        policy: policies.containerd,
        json: true,
        explain: undefined,
      }),
    );
  });

  it('plan a recording', () => {
    const expected = {
      _tag: 'PlanRecorded',
      file: 'node.json',
      policy: policies.careful,
      json: true,
      explain: undefined,
    };
    expect(readArguments(['plan', '--node', 'node.json', '--json'])).toStrictEqual(E.right(expected));
    expect(readArguments(['plan', '--node', 'node.json', '--json', '--explain', 'web'])).toStrictEqual(
      E.right({ ...expected, explain: 'web' }),
    );
  });

  it('record', () => {
    const record = { _tag: 'Record', node: defaults };
    expect(readArguments(['record'])).toStrictEqual(E.right({ ...record, output: undefined }));
    expect(readArguments(['record', '--output', '-'])).toStrictEqual(E.right({ ...record, output: undefined }));
    expect(readArguments(['record', '--output', 'f'])).toStrictEqual(E.right({ ...record, output: 'f' }));
  });

  it('apply the plan', () => {
    const apply = { _tag: 'Apply', node: defaults, policy: policies.careful, json: false };
    expect(readArguments(['apply'])).toStrictEqual(E.right({ ...apply, alongsideCri: false }));
    expect(readArguments(['apply', '--alongside-cri'])).toStrictEqual(E.right({ ...apply, alongsideCri: true }));
  });

  it('apply the plan and watch, with the same options', () => {
    const watch = { _tag: 'Watch', node: defaults, policy: policies.careful, json: false, alongsideCri: false };
    expect(readArguments(['watch'])).toStrictEqual(E.right(watch));
    const args = ['watch', '--json', '--policy', 'containerd', '--alongside-cri', '--address', '/a'];
    expect(readArguments(args)).toStrictEqual(
      E.right({
        ...watch,
        node: { ...defaults, address: '/a' },
        policy: policies.containerd,
        json: true,
        alongsideCri: true,
      }),
    );
  });

  it.each([
    [['list'], { _tag: 'List', json: false }],
    [['list', '--json'], { _tag: 'List', json: true }],
    [['restore', 'x'], { _tag: 'Restore', entry: 'x' }],
    [['purge', 'x'], { _tag: 'Purge', entry: 'x' }],
    [['purge', '--all'], { _tag: 'PurgeAll' }],
  ])('look after the quarantine: %j', (args, task) => {
    expect(readArguments(['quarantine', ...args])).toStrictEqual(E.right({ _tag: 'Quarantine', node: defaults, task }));
  });

  it.each([[], ['restore'], ['purge'], ['list', 'x'], ['restore', 'x', 'y'], ['purge', 'x', '--all'], ['empty', 'x']])(
    'say what quarantine can do: %s',
    (...args) => {
      const forms = 'quarantine list, quarantine restore ENTRY, quarantine purge ENTRY or quarantine purge --all';
      expect(readArguments(['quarantine', ...args])).toStrictEqual(E.left(`it is ${forms}`));
    },
  );

  it.each([
    [['--help'], undefined],
    [['-h'], undefined],
    [['plan', '--help'], 'plan'],
    [['-h', 'watch'], 'watch'],
    [['quarantine', 'restore', '-h'], 'quarantine'],
  ])('ask for help: %s', (args, verb) => {
    expect(readArguments(args)).toStrictEqual(E.right({ _tag: 'Help', verb }));
  });

  it.each([
    [[], 'a command is missing: plan, apply, watch, record or quarantine'],
    [['apply-all'], 'unknown command "apply-all": it is plan, apply, watch, record or quarantine'],
    [['apply-all', '--help'], 'unknown command "apply-all": it is plan, apply, watch, record or quarantine'],
    [['apply', '--explain', 'web'], 'apply has no option --explain'],
    [['plan', '--explain='], '--explain needs a value'],
    [['plan', 'now'], '"now" is one argument too many'],
    [['plan', '--nod', 'x'], "unknown option '--nod'"],
    [['plan', '--node'], "option '--node <value>' argument missing"],
    [['plan', '--json=yes'], "option '--json' does not take an argument"],
    [['plan', '--output', 'x'], 'plan has no option --output'],
    [['watch', '--node', 'f'], 'watch has no option --node'],
    [['watch', 'web'], '"web" is one argument too many'],
    [['record', '--json'], 'record has no option --json'],
    [['record', '--unmasked'], "unknown option '--unmasked'"],
    [['record', '--policy', 'careful'], 'record has no option --policy'],
    [['plan', '--policy', 'kind'], '--policy is careful or containerd, not "kind"'],
    [['plan', '--policy', '__proto__'], '--policy is careful or containerd, not "__proto__"'],
    [
      ['plan', '--node', 'f', '--root', '/r'],
      '--node reads a recording in place of a live node: --root does not go with it',
    ],
    [['plan', '--deadline', '10'], '--deadline is a time like 500ms, 10s or 2m, not "10"'],
    [['plan', '--deadline', '0s'], '--deadline is a time like 500ms, 10s or 2m, not "0s"'],
    [['plan', '--item-timeout', '-1s'], "option '--item-timeout' argument is ambiguous"],
    [['plan', '--item-timeout', '99999m'], '--item-timeout is a time like 500ms, 10s or 2m, not "99999m"'],
    [['plan', '--concurrency', '0'], '--concurrency is a number from 1 to 999999, not "0"'],
    [['plan', '--concurrency', '1e3'], '--concurrency is a number from 1 to 999999, not "1e3"'],
  ])('are refused in one line: %j', (args, line) => {
    expect(readArguments(args)).toStrictEqual(E.left(line));
  });
});
