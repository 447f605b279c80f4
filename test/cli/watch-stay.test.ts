/** The watch over a fake node: what it prints, what ends it, and what it leaves behind. */
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Recovering } from '../../src/cli/arguments.js';
import { hearSignals } from '../../src/cli/hear-signals.js';
import { stay } from '../../src/cli/stay.js';
import type { ExitCode, Terminal } from '../../src/cli/terminal.js';
import { openTroubles, type Troubles } from '../../src/cli/troubles.js';
import { defaultLimits, policies } from '../../src/index.js';
import { type Ports, portError } from '../../src/ports/index.js';
import {
  type FakeNode,
  type FakePorts,
  fakeContainer,
  fakeId,
  fakeNode,
  fakePorts,
  fakeSandbox,
  recorded,
  withFaults,
} from '../../src/testing/index.js';
import { fakeProcess } from './fake-process.js';

const node = fakeNode({
  sandboxes: [fakeSandbox({ id: 'pod', name: 'cart_shop_uid_0' })],
  containers: [
    fakeContainer({ id: 'web', name: 'web_cart_shop_uid_0', sandboxId: 'pod' }),
    fakeContainer({ id: 'log', name: 'log_cart_shop_uid_0', sandboxId: 'pod' }),
  ],
});

const command: Recovering = {
  node: { address: '/sock', root: '/r', state: '/s', namespace: 'k8s.io', limits: defaultLimits },
  policy: policies.careful,
  json: false,
  alongsideCri: false,
};

interface Begun {
  readonly node?: FakeNode;
  readonly json?: boolean;
  readonly through?: (ports: FakePorts, troubles: Troubles) => Ports;
  readonly terminal?: Partial<Terminal>;
}

const endings: Array<() => void> = [];
afterEach(() => {
  vi.useRealTimers();
  for (const end of endings.splice(0)) end();
});

const begin = (given: Begun = {}) => {
  const ports = fakePorts(given.node ?? node);
  const process = fakeProcess(given.terminal);
  const { terminal, own } = process;
  const heard = hearSignals(own, terminal);
  const troubles = openTroubles();
  const around = { terminal, own, heard, troubles, elapsedMs: () => 12.5, eraseProgress: () => undefined };
  const ended = stay({ ...command, json: given.json ?? false }, given.through?.(ports, troubles) ?? ports, around);
  endings.push(() => process.send('SIGTERM'));
  return { ...process, ports, ended, troubles };
};
type Watching = ReturnType<typeof begin>;

/** The lines that came after the recovery was shown. */
const linesOf = ({ written }: Watching): ReadonlyArray<string> => {
  const lines = written.out.split('\n').slice(0, -1);
  const isJson = lines[0]?.startsWith('{') === true;
  return isJson ? lines.slice(1) : lines.slice(lines.findIndex((line) => line.includes(' WATCHING ')) + 1);
};
const documentsOf = ({ written }: Watching): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  written.out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

const recovered = ({ written }: Watching): Promise<void> =>
  vi.waitFor(() => expect(written.out).toMatch(/ WATCHING |"recovered"/));
const toldLines = (watching: Watching, count: number): Promise<void> =>
  vi.waitFor(() => expect(linesOf(watching)).toHaveLength(count), { timeout: 5_000 });
/** Lets everything happen that needs no time. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const stopped = async (watching: Watching): Promise<E.Either<string, ExitCode>> => {
  watching.send('SIGTERM');
  return watching.ended;
};

const broken = {
  _tag: 'Broken',
  error: portError('Unavailable', { port: 'exits', operation: 'subscribe', subject: '' }, 'the connection broke'),
} as const;

describe('what is printed', () => {
  test('is the table that apply shows, then a line for each change', async () => {
    const watching = begin();
    await recovered(watching);
    expect(watching.written.out).toMatch(/^containerd 1\.7\.24, namespace k8s\.io: apply under policy careful/);
    expect(watching.written.out).toMatch(/^RUNNING .* {2}web /m);
    expect(linesOf(watching)).toEqual([]);
    watching.ports.exit('web', 137);
    await toldLines(watching, 1);
    expect(linesOf(watching)[0]).toBe(
      '2024-05-01T09:00:00Z RUNNING → EXITED  shop/cart/web: exit code 137; done: write checkpoint, delete task; id web',
    );
    watching.ports.exit('pod', 0);
    await toldLines(watching, 2);
    expect(linesOf(watching)[1]).toMatch(/^\S+ READY → NOTREADY {2}shop\/cart: its task is gone; .*done: delete task/);
    expect(await stopped(watching)).toEqual(E.right(0));
    expect(watching.written.err).toBe('');
  });

  test('is one JSON document per line, and nothing else, with --json', async () => {
    const watching = begin({ json: true });
    await recovered(watching);
    watching.ports.exit('web', 137);
    await toldLines(watching, 1);
    await stopped(watching);
    const [first, second, ...others] = documentsOf(watching);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      schema: 'cri-recovery/change@1',
      change: 'recovered',
      at: String(node.now),
      report: { schema: 'cri-recovery/report@1', mode: 'apply', durationMs: 12.5, containers: [{}, {}] },
    });
    expect(second).toMatchObject({
      schema: 'cri-recovery/change@1',
      change: 'container',
      before: { state: 'RUNNING', checkpoint: 'unchanged', findings: [] },
      container: {
        id: 'web',
        state: 'EXITED',
        exitCode: 137,
        finishedAt: String(node.now),
        checkpoint: 'written',
        actions: [
          { action: 'write-checkpoint', outcome: 'done' },
          { action: 'delete-task', outcome: 'done' },
        ],
      },
    });
  });

  test('is one line to every reader, whatever the names, with --json', async () => {
    const name = 'red\u001b[31m\r\n\u2028\u0085\u202e';
    const watching = begin({ json: true, node: fakeNode({ sandboxes: [fakeSandbox({ id: 'pod', name })] }) });
    await recovered(watching);
    watching.ports.exit('pod', 0);
    await toldLines(watching, 1);
    expect(watching.written.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
    expect(documentsOf(watching)[1]).toMatchObject({ change: 'sandbox', sandbox: { name } });
  });

  test('says when containerd is lost and when it is back', async () => {
    const watching = begin();
    await recovered(watching);
    watching.ports.notify(broken);
    await toldLines(watching, 2);
    expect(linesOf(watching)[0]).toMatch(/ CONNECTION LOST .*the connection broke$/);
    expect(linesOf(watching)[1]).toMatch(/ CONNECTION BACK /);
  });

  test('says when a log cannot be written, and when it can again', async () => {
    const watching = begin({ json: true });
    await recovered(watching);
    const error = portError(
      'NoSpace',
      { port: 'container-io', operation: 'write', subject: 'web' },
      'the disk is full',
    );
    watching.troubles.tell({ id: fakeId('web'), phase: 'began', error, dropped: 3 });
    await toldLines(watching, 1);
    watching.troubles.tell({ id: fakeId('web'), phase: 'over', error, dropped: 40 });
    watching.troubles.tell({ id: fakeId('nobody'), phase: 'over', error, dropped: 0 });
    await toldLines(watching, 3);
    const trouble = { change: 'io-trouble', error: 'the disk is full', at: String(node.now) };
    expect(documentsOf(watching).slice(1)).toMatchObject([
      { ...trouble, id: 'web', name: 'web_cart_shop_uid_0', phase: 'began', dropped: 3 },
      { ...trouble, id: 'web', phase: 'over', dropped: 40 },
      { ...trouble, id: 'nobody', name: '', phase: 'over', dropped: 0 },
    ]);
  });

  test('has the troubles that are over because the watch ends', async () => {
    const error = portError('NoSpace', { port: 'container-io', operation: 'write', subject: '' }, 'the disk is full');
    const watching = begin({
      through: (ports, { tell }) => ({
        ...ports,
        containerIo: {
          ...ports.containerIo,
          detach: (id) => {
            for (let dropped = 0; dropped < 20; dropped += 1)
              tell({ id: fakeId(`${id}-${dropped}`), phase: 'over', error, dropped });
            return ports.containerIo.detach(id);
          },
        },
      }),
    });
    await recovered(watching);
    await stopped(watching);
    expect(linesOf(watching)).toHaveLength(40);
  });

  test('of a log is the latest of what was told while nobody read, to the end', async () => {
    const troubles = openTroubles();
    const error = portError(
      'NoSpace',
      { port: 'container-io', operation: 'write', subject: 'web' },
      'the disk is full',
    );
    troubles.tell({ id: fakeId('web'), phase: 'began', error, dropped: 1 });
    troubles.tell({ id: fakeId('web'), phase: 'over', error, dropped: 2 });
    troubles.end();
    const told: number[] = [];
    for await (const { dropped } of troubles.values) told.push(dropped);
    expect(told).toEqual([2]);
  });
});

describe('what ends it', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'is %s: streams let go, the lock given back, no task touched',
    async (name) => {
      const watching = begin();
      await recovered(watching);
      expect(watching.ports.node()).toMatchObject({ lock: 'ours', attached: [{}, {}] });
      watching.send(name);
      expect(await watching.ended).toEqual(E.right(0));
      expect(watching.ports.node()).toMatchObject({ lock: 'free', attached: [] });
      expect(watching.ports.node().containers.map(({ task }) => task?.state)).toEqual(['running', 'running']);
      expect(watching.exits).toEqual([]);
    },
  );

  test('is, at once, a second signal while the first is still being obeyed', async () => {
    vi.useFakeTimers();
    const watching = begin({
      through: (ports) => withFaults(ports, [{ port: 'container-io', operation: 'detach', effect: 'never' }]),
    });
    await vi.advanceTimersByTimeAsync(100);
    watching.send('SIGINT');
    watching.send('SIGINT');
    await vi.advanceTimersByTimeAsync(299);
    watching.send('SIGINT');
    expect(watching.exits).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    watching.send('SIGTERM');
    watching.send('SIGINT');
    expect(watching.exits).toEqual([
      [143, 0],
      [130, 0],
    ]);
    await vi.advanceTimersByTimeAsync(60_000);
  });

  test('tells who watches that it stops, and how to be quicker', async () => {
    const watching = begin({ terminal: { isWatched: true } });
    await recovered(watching);
    await stopped(watching);
    expect(watching.written.err).toBe('\r\u001b[Kstopping; once more ends it at once\n');
  });

  test('is the end of its reader', async () => {
    const watching = begin();
    await recovered(watching);
    watching.loseReader();
    expect(await watching.ended).toEqual(E.right(0));
    expect(watching.ports.node()).toMatchObject({ lock: 'free', attached: [] });
  });

  test('is containerd that has come back with its CRI plugin', async () => {
    for (const json of [false, true]) {
      const watching = begin({ json });
      await recovered(watching);
      watching.ports.change((now) => ({ ...now, hasActiveCri: true }));
      watching.ports.notify(broken);
      expect(await watching.ended).toMatchObject(
        E.left(
          expect.stringMatching(/^the watch has ended: containerd's own CRI plugin is at work .*--alongside-cri$/),
        ),
      );
      expect(linesOf(watching)).toHaveLength(2);
      expect(linesOf(watching)[1]).toMatch(
        json ? /"change":"ended".*CRI plugin/ : / ENDED +containerd's own CRI plugin/,
      );
      expect(watching.ports.node()).toMatchObject({ lock: 'free', attached: [] });
    }
  });

  test('is 1 where an item failed in the recovery, as for apply', async () => {
    const unreadable = [{ kind: 'container', id: 'odd', tag: 'MetadataMissing', message: 'no metadata' }] as const;
    const watching = begin({ node: { ...node, unreadable } });
    await recovered(watching);
    expect(await stopped(watching)).toEqual(E.right(1));
  });

  test('before the node is recovered is a signal too', async () => {
    const watching = begin({
      through: (ports) => withFaults(ports, [{ port: 'containers', effect: 'never' }]),
    });
    await settle();
    watching.send('SIGTERM');
    expect(await watching.ended).toEqual(E.left('stopped by SIGTERM before the node was recovered'));
    expect(watching.written.out).toBe('');
    expect(watching.ports.node().lock).toBe('free');
  });
});

describe('what is refused', () => {
  test.each([
    ['while the CRI plugin is at work', { ...node, hasActiveCri: true }, /CRI plugin is at work.*--alongside-cri$/],
    ['while another has the lock', { ...node, lock: 'theirs' }, /lock acquire: /],
  ] as const)('%s', async (_, refusing, words) => {
    const watching = begin({ node: refusing });
    expect(await watching.ended).toEqual(E.left(expect.stringMatching(words)));
    expect(watching.written.out).toBe('');
  });

  test('without a subscription to exits', async () => {
    const watching = begin({
      through: (ports) => withFaults(ports, [{ port: 'exits', effect: { error: 'Unavailable' } }]),
    });
    expect(await watching.ended).toEqual(
      E.left(expect.stringMatching(/^containerd at \/sock: .*is containerd running/)),
    );
    expect(watching.ports.node().lock).toBe('free');
  });
});

describe('SIGHUP', () => {
  const reopened = (calls: ReturnType<typeof recorded>['calls']): ReadonlyArray<string> =>
    calls()
      .filter(({ operation }) => operation === 'reopenLog')
      .map(({ subject }) => subject)
      .sort();

  test('reopens the log of every container that is attached, and says so', async () => {
    const watch = recorded(fakePorts(node));
    const watching = begin({ through: () => watch.ports });
    await recovered(watching);
    await watch.ports.containerIo.detach(fakeId('log'))(new AbortController().signal)();
    watching.send('SIGHUP');
    await vi.waitFor(() => expect(watching.written.err).toBe('cri-recovery: SIGHUP: 1 log reopened\n'));
    expect(reopened(watch.calls)).toEqual(['log', 'web']);
    watching.send('SIGHUP');
    await vi.waitFor(() => expect(reopened(watch.calls)).toHaveLength(4));
    expect(linesOf(watching)).toEqual([]);
    expect(await stopped(watching)).toEqual(E.right(0));
  });

  test('tells of each log that could not be reopened, and goes on', async () => {
    const fault = {
      port: 'container-io',
      operation: 'reopenLog',
      subject: 'web',
      effect: { error: 'Denied' },
    } as const;
    const watching = begin({ through: (ports) => withFaults(ports, [fault]) });
    await recovered(watching);
    watching.send('SIGHUP');
    await vi.waitFor(() =>
      expect(watching.written.err).toBe(
        'cri-recovery: the log of shop/cart/web was not reopened: a fault made by the test\n' +
          'cri-recovery: SIGHUP: 1 log reopened\n',
      ),
    );
    watching.ports.exit('web', 0);
    await toldLines(watching, 1);
  });

  test('during the recovery is obeyed after it', async () => {
    const watch = recorded(fakePorts(node));
    const watching = begin({ through: () => watch.ports });
    watching.send('SIGHUP');
    await recovered(watching);
    await vi.waitFor(() => expect(reopened(watch.calls)).toEqual(['log', 'web']));
  });

  test('while it ends does nothing any more', async () => {
    const watch = recorded(fakePorts(node));
    const watching = begin({ through: () => watch.ports });
    await recovered(watching);
    watching.send('SIGTERM');
    watching.send('SIGHUP');
    await watching.ended;
    expect(reopened(watch.calls)).toEqual([]);
  });
});

describe('a reader that stands still', () => {
  test('is waited for before the next change is taken', async () => {
    const watching = begin();
    await recovered(watching);
    watching.stallReader();
    watching.ports.exit('web', 1);
    await toldLines(watching, 1);
    watching.ports.exit('log', 2);
    watching.ports.exit('pod', 0);
    await settle();
    expect(linesOf(watching)).toHaveLength(1);
    expect(watching.ports.node().containers.map(({ task }) => task)).toEqual([undefined, undefined]);
    watching.moveReader();
    await toldLines(watching, 3);
  });

  test('costs no more memory than one trouble for each container', async () => {
    const watching = begin();
    await recovered(watching);
    watching.stallReader();
    const error = portError(
      'NoSpace',
      { port: 'container-io', operation: 'write', subject: 'web' },
      'the disk is full',
    );
    for (let dropped = 0; dropped < 1_000; dropped += 1) {
      watching.troubles.tell({ id: fakeId('web'), phase: 'began', error, dropped });
      await Promise.resolve();
    }
    await settle();
    watching.moveReader();
    await settle();
    expect(linesOf(watching)).toHaveLength(2);
    expect(linesOf(watching)[1]).toContain('999 lines');
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('is not waited for after %s', async (name) => {
    const watching = begin();
    await recovered(watching);
    watching.stallReader();
    watching.ports.exit('web', 1);
    watching.ports.exit('log', 1);
    await toldLines(watching, 1);
    watching.send(name);
    expect(await watching.ended).toEqual(E.right(0));
    expect(linesOf(watching)).toHaveLength(2);
  });

  test('is not waited for when the watch has ended by itself', async () => {
    const watching = begin();
    await recovered(watching);
    watching.stallReader();
    watching.ports.change((now) => ({ ...now, hasActiveCri: true }));
    watching.ports.notify(broken);
    expect(await watching.ended).toEqual(E.left(expect.stringMatching(/^the watch has ended/)));
  });
});
