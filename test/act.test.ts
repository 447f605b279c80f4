import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plan } from '../src/core/plan.js';
import { careful, containerd, type Policy } from '../src/core/policy.js';
import { plan, type RecoverOptions, recover, reportPlan } from '../src/index.js';
import type { PortError, Ports } from '../src/ports/index.js';
import {
  type FakeNode,
  type FakePorts,
  fakeContainer,
  fakeDirectory,
  fakeImage,
  fakeNode,
  fakePorts,
  fakeSandbox,
  recorded,
  withFaults,
} from '../src/testing/index.js';

/** A bit of everything that a recovery changes. */
const disturbed = fakeNode({
  sandboxes: [fakeSandbox({ id: 'up' }), fakeSandbox({ id: 'down', task: 'stopped' })],
  containers: [
    fakeContainer({ id: 'fine', sandboxId: 'up' }),
    fakeContainer({ id: 'ended', sandboxId: 'up', task: 'stopped' }),
    fakeContainer({ id: 'gone', sandboxId: 'up', task: 'absent' }),
    fakeContainer({ id: 'torn', sandboxId: 'up', checkpoint: 'corrupt' }),
    fakeContainer({ id: 'newer', sandboxId: 'down', task: 'stopped', checkpoint: 'foreign' }),
  ],
  images: [fakeImage({ name: 'example/app:1', labels: {} })],
  directories: [fakeDirectory({ kind: 'container', area: 'root', name: 'orphan' })],
});

const writes = ['delete', 'keepAside', 'write', 'adopt', 'remove', 'quarantine'];

const finish = async (ports: Ports, options: RecoverOptions = {}): Promise<Plan> => {
  const running = recover(options)(ports)();
  await vi.advanceTimersByTimeAsync(300_000);
  const result = await running;
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};

const container = ({ containers }: Plan, id: string) => containers.find(({ record }) => record.id === id);

/** What a node would be found to be, without what only tests see. */
const leftBy = ({ node }: FakePorts): Partial<FakeNode> => {
  const { sandboxes, containers, images, directories } = node();
  return { sandboxes, containers, images, directories };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a task that was seen created or stopped and runs by now', () => {
  it.each(['created', 'stopped'] as const)("%s: is somebody else's, and is not killed", async (task) => {
    const checkpoint = task === 'created' ? 'CREATED' : 'RUNNING';
    const fake = fakePorts(
      fakeNode({
        sandboxes: [fakeSandbox({ id: 'up' })],
        containers: [fakeContainer({ id: 'c', sandboxId: 'up', task, checkpoint })],
      }),
    );
    const startBehindOurBack = (node: FakeNode): FakeNode => ({
      ...node,
      containers: node.containers.map((item) =>
        item.task ? { ...item, task: { ...item.task, state: 'running' } } : item,
      ),
    });
    const collectStale: Ports['checkpoints']['collectStale'] = () => (signal) => {
      fake.change(startBehindOurBack);
      return fake.checkpoints.collectStale()(signal);
    };
    const done = await finish({ ...fake, checkpoints: { ...fake.checkpoints, collectStale } });
    expect(fake.node().containers[0]?.task?.state).toBe('running');
    expect(container(done, 'c')?.findings.map(({ code }) => code)).toContain('task-not-deleted');
  });
});

describe.each([
  ['careful', careful],
  ['containerd', containerd],
] as const)('recover under %s', (_, policy: Policy) => {
  it('does what the plan said, and nothing else', async () => {
    const planned = await plan({ policy })(fakePorts(disturbed))();
    if (E.isLeft(planned)) throw new Error(planned.left._tag);
    const done = await finish(fakePorts(disturbed), { policy });
    const actions = (of: Plan): unknown => {
      const { sandboxes, containers, images, orphans } = reportPlan(of, 0);
      return [...sandboxes, ...containers, ...images, ...orphans].map((item) =>
        item.actions.map(({ action }) => action),
      );
    };
    expect(actions(done)).toStrictEqual(actions(planned.right));
    expect(JSON.stringify(actions(done))).toContain('delete-task');
    const outcomes = [...done.containers, ...done.sandboxes].flatMap(({ performed }) =>
      performed.map(({ outcome }) => outcome._tag),
    );
    expect(outcomes).not.toContain('Failed');
  });

  it('twice is recover once', async () => {
    const ports = fakePorts(disturbed);
    await finish(ports, { policy });
    const once = leftBy(ports);
    ports.change((node) => ({ ...node, now: node.now + 1_000_000_000n }));
    const { ports: watched, calls } = recorded<Ports>(ports);
    await finish(watched, { policy });
    expect(leftBy(ports)).toStrictEqual(once);
    const again = calls().filter(({ operation }) => writes.includes(operation));
    if (policy === careful) expect(again).toStrictEqual([]);
    else expect(new Set(again.map(({ operation }) => operation))).toStrictEqual(new Set(['write']));
  });

  it('gives the lock back', async () => {
    const ports = fakePorts(disturbed);
    await finish(ports, { policy });
    await expect(finish(ports, { policy })).resolves.toBeDefined();
  });
});

describe('an action that goes wrong', () => {
  const tags: ReadonlyArray<PortError['_tag']> = [
    'Denied',
    'Unavailable',
    'TimedOut',
    'Corrupt',
    'NoSpace',
    'Unexpected',
  ];
  const actions = [
    { port: 'tasks', operation: 'delete', subject: 'ended' },
    { port: 'checkpoints', operation: 'write', subject: 'ended' },
    { port: 'checkpoints', operation: 'keepAside', subject: 'torn' },
    { port: 'images', operation: 'adopt', subject: 'example/app:1' },
  ] as const;

  it.each(actions)('changes its own item only: $operation $subject', async (action) => {
    const expected = await finish(fakePorts(disturbed));
    for (const error of tags) {
      const done = await finish(withFaults<Ports>(fakePorts(disturbed), [{ ...action, effect: { error } }]));
      const others = (of: Plan) => of.containers.filter(({ record }) => record.id !== action.subject);
      expect(others(done)).toStrictEqual(others(expected));
      expect(done.sandboxes).toStrictEqual(expected.sandboxes);
      expect(done.failures).toStrictEqual(expected.failures);
    }
  });

  it.each(actions)('does not hold up the others when it hangs: $operation $subject', async (action) => {
    const ports = fakePorts(disturbed);
    const done = await finish(withFaults<Ports>(ports, [{ ...action, effect: 'never' }]), {
      limits: { itemTimeoutMs: 2_000 },
    });
    expect(container(done, 'gone')?.checkpoint).toBe('written');
    expect(ports.node().directories.map(({ name }) => name)).not.toContain('orphan');
  });

  it('keeps the stopped task whose exit could not be stored', async () => {
    const ports = fakePorts(disturbed);
    const done = await finish(
      withFaults<Ports>(ports, [{ port: 'checkpoints', operation: 'write', effect: { error: 'NoSpace' } }]),
    );
    expect(container(done, 'ended')).toMatchObject({ checkpoint: 'dirty', status: { finishedAt: expect.any(BigInt) } });
    expect(ports.node().containers.find(({ record }) => record.id === 'ended')?.task?.state).toBe('stopped');
  });

  it('drops the container whose checkpoint cannot be written, as containerd does', async () => {
    const faulty = withFaults<Ports>(fakePorts(disturbed), [
      { port: 'checkpoints', operation: 'write', subject: 'fine', effect: { error: 'NoSpace' } },
    ]);
    const done = await finish(faulty, { policy: containerd });
    expect(container(done, 'fine')).toBeUndefined();
    expect(done.failures).toMatchObject([{ kind: 'container', id: 'fine', tag: 'CheckpointWriteFailed' }]);
  });
});

describe('one at a time', () => {
  const refused = async (ports: Ports, options: RecoverOptions = {}) => {
    const { ports: watched, calls } = recorded(ports);
    const result = await recover(options)(watched)();
    expect(calls().filter(({ operation }) => writes.includes(operation))).toStrictEqual([]);
    return result;
  };

  it('refuses while the CRI plugin is at work, unless told otherwise', async () => {
    const active = { ...disturbed, hasActiveCri: true };
    expect(await refused(fakePorts(active))).toStrictEqual(E.left({ _tag: 'CriActive' }));
    await expect(finish(fakePorts(active), { alongsideCri: true })).resolves.toBeDefined();
  });

  it('refuses when nobody can say whether it is', async () => {
    const silent = withFaults<Ports>(fakePorts(disturbed), [
      { port: 'daemon', operation: 'hasActiveCri', effect: { error: 'Unavailable' } },
    ]);
    expect(await refused(silent)).toMatchObject(E.left({ _tag: 'NodeUnreadable' }));
  });

  it('refuses while another has the lock', async () => {
    const ports = fakePorts(disturbed);
    await ports.lock.acquire()(new AbortController().signal)();
    expect(await refused(ports)).toMatchObject(E.left({ _tag: 'NodeLocked', error: { _tag: 'Denied' } }));
  });

  it('gives the lock back when there is no plan', async () => {
    const ports = fakePorts(disturbed);
    const blind = withFaults<Ports>(ports, [{ port: 'containers', effect: { error: 'Unavailable' } }]);
    expect(await recover()(blind)()).toMatchObject(E.left({ _tag: 'NodeUnreadable' }));
    await expect(finish(ports)).resolves.toBeDefined();
  });

  it('keeps what was done when the lock cannot be given back', async () => {
    const stuck = withFaults<Ports>(fakePorts(disturbed), [{ port: 'lock', operation: 'release', effect: 'never' }]);
    expect(container(await finish(stuck), 'gone')?.checkpoint).toBe('written');
  });
});
