/**
 * What `apply` leaves behind, containerd's own plugin starts on: without an error in its log that apply has not told of, and with the same to
 * say of every pod and container, as far as an UNKNOWN can be stored and the plugin's own rules let it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyTo } from './apply/apply-of.js';
import { type PodName, type TroubledNode, tellable, troubledNode } from './apply/troubled-node.js';
import { describeReleases } from './harness/index.js';
import { type CriView, criContainer, criView, plannedContainer } from './plan/cri-view.js';
import { codesOf, itemOf, type PlanDocument } from './plan/plan-document.js';
import { bothPolicies, type PolicyName } from './plan/plan-of.js';
import type { SituationName } from './plan/situations.js';

/**
 * What the plugin says where it is not what apply said. Under `containerd` it is what the plugin says of its own work: the flag of an UNKNOWN is
 * not stored (H4), and without its task a container that had started has exited. Under `careful` it is the plugin's table against that of careful.
 */
const saidDifferently: Readonly<Record<PolicyName, Partial<Record<SituationName, string>>>> = {
  containerd: {
    'created task, RUNNING': 'EXITED',
    'created task, EXITED': 'EXITED',
    'running task, missing': 'RUNNING',
    'running task, corrupt': 'RUNNING',
    'running task, empty': 'RUNNING',
    'running task, truncated': 'RUNNING',
    'running task, NUL-filled': 'RUNNING',
    'running task, exit code out of range': 'RUNNING',
    'running task, of another version': 'RUNNING',
    'stopped task, corrupt': 'EXITED',
    'stopped task, of another version': 'EXITED',
  },
  careful: {
    'running task, of another version': 'UNKNOWN',
    'stopped task, of another version': 'UNKNOWN',
    'paused task, RUNNING': 'UNKNOWN',
    'paused task, missing': 'UNKNOWN',
  },
};

/** Kept aside under careful; otherwise the checkpoint cannot be written, which apply says, and the plugin cannot write it either. */
const inTheWay: SituationName = 'running task, a directory';

const podStates: Readonly<
  Record<PolicyName, Readonly<Record<Exclude<PodName, 'removed'>, readonly [string, string]>>>
> = {
  careful: {
    table: ['READY', 'READY'],
    hosted: ['READY', 'READY'],
    deleted: ['NOTREADY', 'NOTREADY'],
    created: ['NOTREADY', 'NOTREADY'],
    stopped: ['NOTREADY', 'NOTREADY'],
    // Left alone here, killed there.
    paused: ['READY', 'NOTREADY'],
  },
  containerd: {
    table: ['READY', 'READY'],
    hosted: ['READY', 'READY'],
    deleted: ['NOTREADY', 'NOTREADY'],
    created: ['NOTREADY', 'NOTREADY'],
    stopped: ['NOTREADY', 'NOTREADY'],
    paused: ['NOTREADY', 'NOTREADY'],
  },
};

describeReleases('what apply leaves behind', (release) => {
  describe.each(bothPolicies)('under policy %s', (policy) => {
    let made: TroubledNode;
    let report: PlanDocument;
    let after: CriView;
    let log: string;

    beforeAll(async () => {
      made = await troubledNode(release);
      ({ report } = await applyTo(made.node, policy));
      await made.node.kill();
      const before = made.node.log().length;
      await made.node.start({ cri: true });
      after = await criView(made.node.cri);
      log = made.node.log().slice(before);
    });

    afterAll(() => made?.node.dispose());

    const id = (situation: SituationName): string => made.containers.get(situation) ?? situation;
    const alike = tellable.filter(
      (name) => (policy === 'careful' || name !== inTheWay) && saidDifferently[policy][name] === undefined,
    );

    test('the plugin starts on without an error that apply has not foretold', () => {
      const foretold = ['task-paused', 'task-unexpected', 'task-kept', 'checkpoint-not-written'];
      const odd = report.containers.filter((container) => codesOf(container).some((code) => foretold.includes(code)));
      // In 2.x the plugin has a store of its own, where it finds the pod whose record the test has deleted.
      const removed = made.pods.get('removed') ?? 'removed';
      const ids = [...[...odd, ...report.failures].map((item) => item.id), removed];
      // The paused pod that careful leaves alone is killed by the plugin, whose shim complains.
      const ofKilledPod = policy === 'careful' ? /resuming exited container from paused state/ : /^$/;
      // What cleans up after a shim is told of while containerd does not listen yet.
      const ofShims = /msg="post event".*\.ttrpc/;
      const isForetold = (line: string): boolean =>
        ids.some((each) => line.includes(each)) || ofKilledPod.test(line) || ofShims.test(line);
      const errors = log.split('\n').filter((line) => /level=(error|fatal|panic)/.test(line));
      expect(errors.filter((line) => !isForetold(line))).toEqual([]);
      expect(log).toContain('level=info');
    });

    test.each(alike)('it says the same of a container with %s', (situation) => {
      const status = after.containers.get(id(situation));
      const container = itemOf(report.containers, id(situation));
      const never = 2n ** 63n;
      // Of an UNKNOWN that has been rebuilt nothing can be stored; the CRI shows the record's time for none.
      const isUnstored = container.state === 'UNKNOWN' && container.evidence.createdAt === 'record';
      const expected = plannedContainer(container, never);
      expect(status && criContainer(status, never)).toEqual(isUnstored ? { ...expected, createdAt: 0n } : expected);
    });

    test.each(Object.entries(saidDifferently[policy]))('of a container with %s it says %s', (situation, state) => {
      const name = situation as SituationName;
      expect(after.containers.get(id(name))?.state).toBe(state);
      expect(itemOf(report.containers, id(name)).state).not.toBe(state);
    });

    test(`of one with a directory in its checkpoint’s place it says ${policy === 'careful' ? 'RUNNING' : 'nothing, which apply has told'}`, () => {
      const told = [
        ...report.containers.filter(({ checkpoint }) => checkpoint === 'dirty'),
        ...report.failures.filter(({ tag }) => tag === 'CheckpointWriteFailed'),
      ];
      expect(told.map((item) => item.id)).toEqual(policy === 'careful' ? [] : [id(inTheWay)]);
      expect(after.containers.get(id(inTheWay))?.state).toBe(policy === 'careful' ? 'RUNNING' : undefined);
    });

    test.each(Object.entries(podStates[policy]))(
      'of the %s pod apply and the plugin say %j',
      (name, [ours, theirs]) => {
        const pod = made.pods.get(name as PodName) ?? name;
        expect(itemOf(report.sandboxes, pod).state).toBe(ours);
        expect(after.pods.get(pod)?.state).toBe(theirs);
        expect(BigInt(itemOf(report.sandboxes, pod).createdAt)).toBe(after.pods.get(pod)?.createdAt);
      },
    );

    test('the image that apply has taken over is one of its images', async () => {
      const image = report.images.find(({ name }) => name === 'example.test/whole:1');
      expect(image?.actions).toEqual([{ action: 'adopt-image', outcome: 'done' }]);
      expect((await made.node.cri.listImages()).map((one) => one.id)).toContain(image?.id);
    });
  });
});
