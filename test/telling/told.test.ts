/** What a log is told of a run, from its beginning to its end. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { careful, containerd } from '../../src/core/policy.js';
import { createPlanner, createRecovery, observe, plan, recover, watch } from '../../src/index.js';
import type { Ports, Progress } from '../../src/ports/index.js';
import { type Fault, fakePorts, withFaults } from '../../src/testing/index.js';
import { node } from './told-node.js';

/** Ports that tell a log of their own, and what it was told. */
const listened = (faults: ReadonlyArray<Fault> = []) => {
  const events: Progress[] = [];
  const log = { progress: (event: Progress) => void events.push(event) };
  return { ports: { ...withFaults<Ports>(fakePorts(node), faults), log }, events };
};

/** An event as one line. */
const lineOf = (event: Progress): string => {
  if (event._tag === 'Changed') return `Changed ${event.change}`;
  const words = [
    'mode' in event ? event.mode : '',
    'phase' in event ? `${event.phase} ${event.part}` : '',
    'kind' in event ? `${event.kind} ${event.id}` : '',
  ];
  return [event._tag, ...words].filter((word) => word !== '').join(' ');
};
const linesOf = (events: ReadonlyArray<Progress>): ReadonlyArray<string> => events.map(lineOf);
const withTag = <Tag extends Progress['_tag']>(events: ReadonlyArray<Progress>, tag: Tag) =>
  events.filter((event): event is Extract<Progress, { readonly _tag: Tag }> => event._tag === tag);

const isOfItem = (line: string): boolean => line.startsWith('Item');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a run', () => {
  it('of a plan is told with its phases and what it came to', async () => {
    const { ports, events } = listened();
    const planned = await plan({ policy: containerd })(ports)();
    expect(linesOf(events).filter((line) => !isOfItem(line))).toStrictEqual([
      'RunBegan plan',
      'PhaseBegan observe whole',
      'Listed',
      'PhaseEnded observe whole',
      'PhaseBegan decide whole',
      'PhaseEnded decide whole',
      'RunEnded',
    ]);
    expect(events[0]).toMatchObject({ policy: O.some(containerd) });
    expect(events.at(-1)).toMatchObject({ result: E.map(O.some)(planned) });
  });

  it('of a recovery acts as well', async () => {
    const { ports, events } = listened();
    const recovered = await recover()(ports)();
    expect(linesOf(events).filter((line) => !isOfItem(line))).toStrictEqual([
      'RunBegan recover',
      'PhaseBegan observe whole',
      'Listed',
      'PhaseEnded observe whole',
      'PhaseBegan decide whole',
      'PhaseEnded decide whole',
      'PhaseBegan act whole',
      'PhaseEnded act whole',
      'RunEnded',
    ]);
    expect(events[0]).toMatchObject({ policy: O.some(careful) });
    expect(events.at(-1)).toMatchObject({ result: E.map(O.some)(recovered) });
  });

  it('of an observation comes to no plan', async () => {
    const { ports, events } = listened();
    await observe()(ports)();
    expect(linesOf(events).filter((line) => !isOfItem(line))).toStrictEqual([
      'RunBegan observe',
      'PhaseBegan observe whole',
      'Listed',
      'PhaseEnded observe whole',
      'RunEnded',
    ]);
    expect(events.at(-1)).toMatchObject({ result: E.right(O.none) });
  });

  it('of a watch is its recovery, and ends with it; what changes later is told beside it', async () => {
    const fake = fakePorts(node);
    const events: Progress[] = [];
    const begun = await watch()({ ...fake, log: { progress: (event) => void events.push(event) } })();
    if (E.isLeft(begun)) return expect.fail(begun.left._tag);
    expect(events[0]).toMatchObject({ _tag: 'RunBegan', mode: 'recover' });
    expect(events.at(-1)).toMatchObject({ _tag: 'RunEnded', result: E.right(O.some(begun.right.recovered)) });
    fake.exit('fine', 1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(linesOf(events).slice(-2)).toStrictEqual(['RunEnded', 'Changed ContainerChanged']);
    await Promise.all([begun.right.stop(), vi.advanceTimersByTimeAsync(5_000)]);
  });

  it('that fails says why, in the phase that failed and in the end', async () => {
    const unreadable = listened([{ port: 'images', operation: 'list', effect: { error: 'Unavailable' } }]);
    await plan()(unreadable.ports)();
    const failure = { _tag: 'NodeUnreadable', error: { _tag: 'Unavailable', port: 'images' } };
    expect(linesOf(unreadable.events)).toStrictEqual([
      'RunBegan plan',
      'PhaseBegan observe whole',
      'PhaseEnded observe whole',
      'RunEnded',
    ]);
    expect(unreadable.events.slice(-2)).toMatchObject([{ failure: { value: failure } }, { result: { left: failure } }]);
  });

  it('is told although nothing was begun', async () => {
    const fake = fakePorts({ ...node, hasActiveCri: true });
    const events: Progress[] = [];
    await recover()({ ...fake, log: { progress: (event) => void events.push(event) } })();
    expect(linesOf(events)).toStrictEqual(['RunBegan recover', 'RunEnded']);
    expect(events.at(-1)).toMatchObject({ result: E.left({ _tag: 'CriActive' }) });
  });

  it('is told apart from others that go on at the same time', async () => {
    const { ports, events } = listened();
    const runs = [plan({ policy: careful })(ports)(), plan({ policy: containerd })(ports)()];
    await Promise.all(runs);
    const numbers = [...new Set(events.flatMap((event) => ('run' in event ? [event.run] : [])))];
    expect(numbers).toHaveLength(2);
    const [first, second] = numbers.map((number) =>
      linesOf(events.filter((event) => 'run' in event && event.run === number)).toSorted(),
    );
    expect(first).toStrictEqual(second);
    for (const run of numbers)
      expect(events.find((event) => 'run' in event && event.run === run)?._tag).toBe('RunBegan');
  });

  it('is not disturbed by a log that throws at every turn', async () => {
    const throwing = (): void => {
      throw new Error('the embedder’s');
    };
    const fake = fakePorts(node);
    const disturbed = await createRecovery({ ...fake, log: { progress: throwing } }).recover();
    expect(disturbed).toStrictEqual(await createRecovery(fakePorts(node)).recover());
  });
});

describe('an item', () => {
  it('is told when its turn comes and when it has been read', async () => {
    const { ports, events } = listened();
    await createPlanner(ports).plan();
    const items = linesOf(events).filter(isOfItem);
    const each = (tag: string) =>
      items.filter((line) => line.startsWith(`${tag} `)).map((line) => line.slice(tag.length));
    expect(each('ItemObserved').toSorted()).toStrictEqual([
      ' container ended',
      ' container fine',
      ' directory /fake/root/containers',
      ' directory /fake/root/sandboxes',
      ' directory /fake/state/containers',
      ' directory /fake/state/sandboxes',
      ' image example/app:1',
      ' sandbox pod',
    ]);
    expect(each('ItemObserving').toSorted()).toStrictEqual(each('ItemObserved').toSorted());
    for (const line of each('ItemObserved')) {
      expect(items.indexOf(`ItemObserving${line}`)).toBeLessThan(items.indexOf(`ItemObserved${line}`));
    }
  });

  it('says what could not be read of it; what is not there is an answer', async () => {
    const { ports, events } = listened([
      { port: 'checkpoints', operation: 'read', subject: 'fine', effect: { error: 'Corrupt' } },
      { port: 'checkpoints', operation: 'read', subject: 'ended', effect: { error: 'NotFound' } },
      { port: 'directories', operation: 'list', subject: '/fake/root/sandboxes', effect: { error: 'Denied' } },
    ]);
    await createPlanner(ports).plan();
    const odd = withTag(events, 'ItemObserved').filter(({ errors }) => errors.length > 0);
    expect(
      odd.map(({ id, answered, errors }) => [id, answered, errors.map(({ _tag }) => _tag)]).toSorted(),
    ).toStrictEqual([
      ['/fake/root/sandboxes', false, ['Denied']],
      ['fine', true, ['Corrupt']],
    ]);
  });

  it('is acted on where there is something to do, and says what was done', async () => {
    const { ports, events } = listened([{ port: 'images', operation: 'adopt', effect: { error: 'Denied' } }]);
    await createRecovery(ports).recover();
    const acted = withTag(events, 'ItemActed').map(({ kind, id, result }) => [
      kind,
      id,
      E.isRight(result) && result.right.performed.map(({ step, outcome }) => `${step._tag} ${outcome._tag}`),
    ]);
    expect(acted).toStrictEqual([
      ['container', 'ended', ['AttachIo Skipped', 'WriteCheckpoint Done', 'DeleteTask Done']],
      ['image', 'example/app:1', ['AdoptImage Failed']],
      ['directory', '/fake/root/containers/orphan', ['QuarantineDirectory Done']],
    ]);
    expect(withTag(events, 'ItemActing').map(({ id }) => id)).toStrictEqual(acted.map(([, id]) => id));
  });

  it('is attached where somebody stays', async () => {
    const { ports, events } = listened();
    const begun = await watch()(ports)();
    if (E.isLeft(begun)) return expect.fail(begun.left._tag);
    expect(withTag(events, 'ItemActed').map(({ id }) => id)).toStrictEqual(
      expect.arrayContaining(['pod', 'fine', 'ended']),
    );
    await Promise.all([begun.right.stop(), vi.advanceTimersByTimeAsync(5_000)]);
  });

  it('that fails says so', async () => {
    const { ports, events } = listened([{ port: 'checkpoints', operation: 'write', effect: { error: 'NoSpace' } }]);
    await createRecovery(ports, { policy: containerd }).recover();
    const failed = withTag(events, 'ItemActed').flatMap(({ id, result }) =>
      E.isLeft(result) ? [[id, result.left.tag]] : [],
    );
    expect(failed).toStrictEqual(expect.arrayContaining([['ended', 'CheckpointWriteFailed']]));
  });
});

describe('beside something that answers late', () => {
  const late: ReadonlyArray<Fault> = [
    { port: 'tasks', operation: 'list', effect: { error: 'Unavailable' } },
    { port: 'images', operation: 'content', effect: { delayMs: 5_000 } },
  ];

  it('it is decided and acted twice, and the observation ends when it ends', async () => {
    const { ports, events } = listened(late);
    const running = recover()(ports)();
    await vi.advanceTimersByTimeAsync(4_000);
    const inHaste = linesOf(events).filter((line) => line.startsWith('Phase'));
    expect(inHaste).toStrictEqual([
      'PhaseBegan observe whole',
      'PhaseBegan decide early',
      'PhaseEnded decide early',
      'PhaseBegan act early',
      'PhaseEnded act early',
    ]);
    await vi.advanceTimersByTimeAsync(2_000);
    await running;
    expect(
      linesOf(events)
        .filter((line) => line.startsWith('Phase'))
        .slice(5),
    ).toStrictEqual([
      'PhaseEnded observe whole',
      'PhaseBegan decide rest',
      'PhaseEnded decide rest',
      'PhaseBegan act rest',
      'PhaseEnded act rest',
    ]);
  });

  it('the observation ends when its last item does, although the early part is still acted on', async () => {
    const slow: Fault = { port: 'checkpoints', operation: 'write', effect: { delayMs: 8_000 } };
    const { ports, events } = listened([...late, slow]);
    const running = recover()(ports)();
    await vi.advanceTimersByTimeAsync(20_000);
    await running;
    const phases = linesOf(events).filter((line) => line.startsWith('Phase'));
    expect(phases.slice(3, 6)).toStrictEqual([
      'PhaseBegan act early',
      'PhaseEnded observe whole',
      'PhaseEnded act early',
    ]);
  });
});
