/** Whatever stands in names and messages, what the command prints neither steers a terminal nor looks like something it is not. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, test } from 'vitest';
import { printable, printableJson } from '../../src/cli/printable.js';
import { reportText } from '../../src/cli/report-text.js';
import { encodeRecording, encodeReport, policies, recover, reportPlan } from '../../src/index.js';
import { portError } from '../../src/ports/index.js';
import {
  fakeContainer,
  fakeDirectory,
  fakeImage,
  fakeNode,
  fakePorts,
  fakeSandbox,
  observationOf,
} from '../../src/testing/index.js';
import { runHere } from '../cli/spawned-command.js';
import { temporaryFolder } from '../disk/temporary-node.js';
import { tries } from './effort.js';
import { hostileServer } from './hostile-server.js';

const escapes = [
  '\u001b[2J', '\u001b[31m', '\u001b]0;owned\u0007', '\u001b]8;;http://example.test\u001b\\', '\u001bP+q\u001b\\', '\u009b2J', '\u0090', '\u001bc', '\u001b[6n',
  '\r', '\n', '\r\nFAKE LINE', '\nFAKE LINE', '\b\b\b', '\t', '\v', '\f', '\0', '\u007f', '\u0085', '\u000e',
  '\u202e', '\u202a', '\u2066', '\u2069', '\u200e', '\u061c', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u180b', '\u17b4',
  '\u3164', '\uffa0', '\u115f', '\ufe0f', '\u2028', '\u2029', '\u{e0041}', '\u{e0100}', '\u{1d173}', '\ud83d', '\udc00', '\ue000', '\uffff', '\u{10ffff}',
]; // biome-ignore format: one table

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...escapes), fc.constantFrom('name', '_', ' ', 'ünï', '容器', '🙂')), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

const steering = /[^\P{C}\n]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const expectHarmless = (printed: string): void => {
  const found = steering.exec(printed);
  const around = found === null ? '' : printed.slice(Math.max(0, found.index - 40), found.index + 40);
  assert.ok(found === null, `steered by ${JSON.stringify(found?.[0])} in ${JSON.stringify(around)}`);
};

/** On a terminal so wide that no word begins a line because it does not fit. */
const expectNoFakeLine = (printed: string, columns = 2_000): void => {
  if (columns === 2_000) assert.doesNotMatch(printed, /^FAKE LINE/m);
};

const nodeWith = (text: string) =>
  fakeNode({
    version: `1.7.24${text}`,
    location: { namespace: text, root: '/fake/root', state: '/fake/state' },
    sandboxes: [
      fakeSandbox({ id: 'web', name: `${text}_default_uid_0`, netns: `/run/${text}` }),
      fakeSandbox({ id: 'gone', name: text, task: 'absent' }),
    ],
    containers: [
      fakeContainer({ id: 'c1', name: `${text}1`, sandboxId: 'web', status: { reason: text, message: text } }),
      fakeContainer({
        id: 'c2',
        name: `${text}2`,
        sandboxId: text,
        checkpoint: 'EXITED',
        task: 'absent',
        status: { reason: text },
      }),
      fakeContainer({ id: 'c3', name: `${text}3`, sandboxId: 'web', checkpoint: 'corrupt', task: 'stopped' }),
      fakeContainer({ id: 'c4', name: `${text}3`, sandboxId: 'web', checkpoint: 'foreign' }),
    ],
    images: [fakeImage({ name: text, missing: [text] }), fakeImage({ name: `${text}2`, readable: false })],
    directories: [
      fakeDirectory({ kind: 'container', area: 'root', name: text }),
      fakeDirectory({ kind: 'sandbox', area: 'state', name: `${text}2`, type: 'link', mounts: [`/${text}`] }),
    ],
    unreadable: [{ kind: 'container', id: text, tag: 'UnsafeId', message: `the id is ${text}` }],
  });

describe('what is printed of a node with hostile names', () => {
  const input = fc.record({
    text: hostile,
    columns: fc.constantFrom(40, 80, 2_000),
    policy: fc.constantFrom('careful', 'containerd'),
  });

  tries(
    'is harmless in a plan from a recording, and in a complaint about one',
    { short: 120, input },
    async ({ text, columns, policy }) => {
      const folder = await temporaryFolder();
      const file = join(folder, 'node.json');
      const { writeFile } = await import('node:fs/promises');
      await writeFile(file, encodeRecording(observationOf(nodeWith(text))));
      const planned = await runHere(['plan', '--node', file, '--policy', policy], columns);
      expectHarmless(planned.stdout + planned.stderr);
      expectNoFakeLine(planned.stdout + planned.stderr, columns);
      assert.ok(planned.code === 1 || planned.code === 3);
      await writeFile(file, JSON.stringify({ schema: text, [text]: text }));
      const complaints = [
        await runHere(['plan', '--node', file]),
        await runHere(['plan', '--node', `${file}${text.replaceAll('\0', '')}`]),
        await runHere(['plan', `--${text}`]),
        await runHere([text]),
        await runHere(['quarantine', 'restore', text, '--root', folder, '--state', join(folder, 'none')]),
      ];
      for (const { stdout, stderr } of complaints) {
        expectHarmless(stdout + stderr);
        expectNoFakeLine(stderr);
        assert.strictEqual(stderr.split('\n').length, 2);
      }
    },
  );

  tries(
    'is harmless when everything fails that can be done',
    { short: 120, input },
    async ({ text, columns, policy }) => {
      const ports = fakePorts(nodeWith(text));
      const failing = (port: 'tasks' | 'checkpoints' | 'directories' | 'images') => () => () =>
        TE.left(portError('Unexpected', { port, operation: text, subject: text }, text));
      const recovered = await recover({ policy: policies[policy as 'careful' | 'containerd'] })({
        ...ports,
        tasks: { ...ports.tasks, delete: failing('tasks') },
        checkpoints: { ...ports.checkpoints, write: failing('checkpoints'), keepAside: failing('checkpoints') },
        directories: { ...ports.directories, quarantine: failing('directories'), remove: failing('directories') },
        images: { ...ports.images, adopt: failing('images') },
      })();
      if (E.isLeft(recovered)) return;
      const report = reportPlan(recovered.right, 1);
      expectHarmless(reportText(report, columns));
      expectNoFakeLine(reportText(report, 2_000));
      const document = encodeReport(report);
      expectHarmless(printableJson(document));
      assert.deepStrictEqual(JSON.parse(printableJson(document)), JSON.parse(document));
    },
  );

  tries('keeps what is harmless', { short: 300, input: fc.string({ unit: 'grapheme', maxLength: 30 }) }, (text) => {
    expectHarmless(printable(text).replaceAll('\n', ''));
    assert.strictEqual(
      printable(text).replaceAll(/\\u(?:\{[0-9a-f]+\}|[0-9a-f]{4})/g, ''),
      text.replaceAll(/[\p{C}\p{Zl}\p{Zp}\p{DI}]/gu, '').replaceAll(/\\u(?:\{[0-9a-f]+\}|[0-9a-f]{4})/g, ''),
    );
  });
});

test('what containerd says is printed harmlessly, on one line of a bearable length', async () => {
  for (const words of [escapes.slice(0, 40).join(''), 'x'.repeat(7_000), '']) {
    const answer = { _tag: 'Messages', messages: [], status: '13', words } as const;
    const server = await hostileServer(await temporaryFolder(), () => answer);
    const { stdout, stderr, code } = await runHere(['plan', '--address', server.address]);
    await server.close();
    expectHarmless(stdout + stderr);
    expect([code, stderr.split('\n').length]).toEqual([3, 2]);
    expect(stderr.length).toBeLessThan(1_500);
    if (words === '') expect(stderr).toContain('gRPC code 13, and no word why');
  }
});
