/** A node taken along as a recording: planned elsewhere it gives the plan of the live node, and what was secret stays where it was. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createPlanner,
  decide,
  decodeRecording,
  encodeRecording,
  encodeReport,
  type Observation,
  policies,
  reportPlan,
} from '../../src/index.js';
import { spawnCommand } from '../cli/spawned-command.js';
import { describeReleases, type TestNode } from './harness/index.js';
import { disturbedNode, secret } from './plan/disturbed-node.js';
import { livePorts } from './plan/live-ports.js';
import { type PlanDocument, parsePlan } from './plan/plan-document.js';
import { bothPolicies, type Plans, type PolicyName, planBoth, whereIs } from './plan/plan-of.js';

const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left));
  return either.right;
};

describeReleases('plan of a recording', (release) => {
  let node: TestNode;
  let folder: string;
  let file: string;
  let observation: Observation;
  let live: Plans;

  beforeAll(async () => {
    node = await disturbedNode(release);
    folder = await mkdtemp(join(tmpdir(), 'cri-recovery-recording-'));
    file = join(folder, 'node.json');
    const { ports, close } = await livePorts(node);
    observation = await createPlanner(ports).observe();
    close();
    live = await planBoth(node);
    const ended = await spawnCommand(['record', ...whereIs(node), '--output', file]);
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  afterAll(async () => {
    await node?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const planned = (of: Observation, policy: PolicyName) => right(decide(policies[policy], of.takenAt)(of));

  describe.each(bothPolicies)('policy %s', (policy) => {
    test('it is the same report to the byte', () => {
      const recorded = right(decodeRecording(encodeRecording(observation)));
      const report = (of: Observation): string => encodeReport(reportPlan(planned(of, policy), 0));
      expect(report(recorded)).toBe(report(observation));
    });

    test('the command says of it what it says of the node', async () => {
      const ended = await spawnCommand(['plan', '--node', file, '--json', '--policy', policy]);
      expect([ended.code, ended.stderr]).toEqual([1, '']);
      const offline = parsePlan(ended.stdout);

      expect(timeless(offline)).toEqual(timeless(live[policy]));
      expect(offline.containers.length).toBeGreaterThan(10);
      expect(BigInt(offline.startedAt)).toBe(right(decodeRecording(await readFile(file, 'utf8'))).takenAt);
    });
  });

  /** Without when it was, how long it took, and the start of processes, which the kernel tells to about 10 ms. */
  const timeless = ({ durationMs: _, startedAt, ...rest }: PlanDocument): unknown => {
    const containers = rest.containers.map((container) =>
      container.evidence.startedAt === 'task' ? { ...container, startedAt: 'process' } : container,
    );
    return JSON.parse(JSON.stringify({ ...rest, containers }, (__, value) => (value === startedAt ? 'now' : value)));
  };

  test('it holds no environment variable and no annotation, neither values nor keys', async () => {
    const text = await readFile(file, 'utf8');
    expect(text.length).toBeGreaterThan(1000);
    for (const stored of [secret, Buffer.from(secret).toString('base64').slice(0, 16), 'PASSWORD', 'example.test/note'])
      expect(text).not.toContain(stored);
  });

  test('a plan shows none of them', async () => {
    for (const format of [['--json'], []]) {
      const { stdout } = await spawnCommand(['plan', ...whereIs(node), ...format]);
      expect(stdout.length).toBeGreaterThan(1000);
      expect(stdout).not.toContain(secret);
    }
  });

  test('a recording is for its owner only', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('without --output the recording is all there is on standard output', async () => {
    const { code, stdout, stderr } = await spawnCommand(['record', ...whereIs(node)]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain(secret);
    const { sandboxes, containers } = right(decodeRecording(stdout));
    expect([sandboxes.length, containers.length]).toEqual([
      observation.sandboxes.length,
      observation.containers.length,
    ]);
  });
});
