import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { reportText } from '../../src/cli/report-text.js';
import { exitCodeOf } from '../../src/cli/summary.js';
import { decide, policies, type Report, reportPlan } from '../../src/index.js';
import {
  type FakeNode,
  fakeContainer,
  fakeDirectory,
  fakeImage,
  fakeNode,
  fakeSandbox,
  observationOf,
} from '../../src/testing/index.js';

const reportOf = (node: FakeNode, policy = policies.careful): Report => {
  const observation = observationOf(node);
  const plan = decide(policy, observation.takenAt)(observation);
  if (E.isLeft(plan)) throw new Error(plan.left._tag);
  return reportPlan(plan.right, 12.5);
};

const shop = fakeNode({
  sandboxes: [
    fakeSandbox({ id: 'pod1', name: 'cart_shop_uid1_0' }),
    fakeSandbox({ id: 'pod2', name: 'old_shop_uid2_0', task: 'absent' }),
  ],
  containers: [
    fakeContainer({ id: 'c1', name: 'web_cart_shop_uid1_0', sandboxId: 'pod1' }),
    fakeContainer({ id: 'c2', name: 'log_cart_shop_uid1_0', sandboxId: 'pod1', task: 'stopped' }),
    fakeContainer({ id: 'c3', name: 'odd', sandboxId: 'nobody', task: 'absent' }),
  ],
  images: [fakeImage({ name: 'example/cart:1' })],
});

describe('the report as text', () => {
  it('has a line for every pod with its containers beneath, and sums up', () => {
    const text = reportText(reportOf(shop), 200);
    const lines = text.split('\n');
    expect(lines[0]).toMatch(
      /^containerd \S+, namespace k8s\.io: plan under policy careful, as of \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/,
    );
    const rows = lines.filter((line) => /^(READY|NOTREADY|RUNNING|EXITED)/.test(line));
    const names = rows.map((row) => row.match(/shop\/cart|shop\/old|\bweb\b|\blog\b|\bodd\b/)?.[0]);
    expect(names).toStrictEqual(['shop/cart', 'log', 'web', 'shop/old', 'odd']);
    expect(rows[1]).toMatch(/EXITED .* write checkpoint, delete task +exit code/);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('its sandbox "nobody" is not there');
    expect(text.replaceAll('\n', ' ')).toMatch(
      /2 sandboxes: 1 READY, 1 NOTREADY\. 3 containers: 2 EXITED, 1 RUNNING\. 1 image: 1 ready\. would do: /,
    );
    expect(text.endsWith('.\n')).toBe(true);
  });

  it('fits a narrow terminal', () => {
    const lines = reportText(reportOf(shop), 80).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('marks times that nobody knows better', () => {
    const node = fakeNode({
      sandboxes: [fakeSandbox({ id: 'p' })],
      containers: [fakeContainer({ id: 'c', sandboxId: 'p', task: 'absent' })],
    });
    expect(reportText(reportOf(node), 200)).toMatch(/EXITED +~just now +c /);
  });

  it('says so when a policy is neither preset', () => {
    const mixed = { ...policies.careful, imageCheck: 'manifest' } as const;
    expect(reportText(reportOf(shop, mixed), 200)).toContain('under policy mixed');
    expect(reportText(reportOf(shop, policies.containerd), 200)).toContain('under policy containerd');
  });

  it('shows an empty node', () => {
    const text = reportText(reportOf(fakeNode()), 120);
    expect(text.split('\n\n').at(-1)).toBe('0 sandboxes. 0 containers. 0 images. would do: nothing.\n');
  });

  it('prints no name as it is that would steer the terminal', () => {
    const evil = '\u001b[2J\u001b]0;owned\u0007';
    const node = fakeNode({
      sandboxes: [fakeSandbox({ id: 'p', name: evil })],
      containers: [fakeContainer({ id: 'c', name: evil, sandboxId: 'p' })],
      images: [fakeImage({ name: evil })],
    });
    expect(reportText(reportOf(node), 120).replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});

describe('the exit code', () => {
  it('is 0 where every item has a decision', () => expect(exitCodeOf(reportOf(shop))).toBe(0));

  it('is 1 where an item could not be loaded', () => {
    const failed = { kind: 'container', id: 'x', tag: 'MetadataMissing', message: 'no metadata' } as const;
    expect(exitCodeOf({ ...reportOf(shop), failures: [failed] })).toBe(1);
  });

  it('is 1 where directories look orphaned and are left alone', () => {
    const node = fakeNode({
      directories: [fakeDirectory({ kind: 'container', area: 'root', name: 'left' })],
    });
    expect(exitCodeOf(reportOf(node))).toBe(1);
    expect(reportText(reportOf(node), 200)).toMatch(/would do: nothing\. left alone: 1 directory\.\n$/);
    expect(exitCodeOf(reportOf(node, policies.containerd))).toBe(0);
    expect(reportText(reportOf(node, policies.containerd), 200)).not.toContain('left alone');
  });
});
