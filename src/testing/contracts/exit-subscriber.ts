/** The contract of `ExitSubscriber`. */
import assert from 'node:assert/strict';
import type { Exit, ExitNotice, ExitSubscriber } from '../../ports/index.js';
import { type Arrange, type Check, within } from './check.js';

/** What the checks need. */
export interface ExitSubscriberWorld {
  readonly port: ExitSubscriber;
  /** Lets a container end, the same or another one each time, and gives its exit as it has to be told. */
  readonly endContainer: () => Promise<Exit>;
  /** Lets an exec end in a container that goes on, and gives its exit as it has to be told. */
  readonly endExec: () => Promise<Exit>;
  /** How many listen to the signal; Node's `getEventListeners` knows. */
  readonly listenersOf: (signal: AbortSignal) => number;
}

/** What every `ExitSubscriber` keeps. */
export const exitSubscriberContract = (arrange: Arrange<ExitSubscriberWorld>): ReadonlyArray<Check> => [
  {
    name: 'exits subscribe: tells an exit once, with all its fields, to the nanosecond',
    run: () =>
      subscribed(arrange, async (notices, { endContainer }) => {
        const exits = [await endContainer(), await endContainer()];
        assert.deepEqual(await nextExits(notices, exits), exits);
      }),
  },
  {
    name: 'exits subscribe: tells an exec from the container that it ran in',
    run: () =>
      subscribed(arrange, async (notices, { endExec }) => {
        const exit = await endExec();
        assert.notEqual(exit.processId, exit.containerId);
        assert.deepEqual(await nextExits(notices, [exit]), [exit]);
      }),
  },
  {
    name: 'exits subscribe: tells everything to everybody who has subscribed',
    run: () =>
      subscribed(arrange, (notices, world) =>
        subscribed(
          async () => world,
          async (others) => {
            const exit = await world.endContainer();
            assert.deepEqual(await nextExits(notices, [exit]), [exit]);
            assert.deepEqual(await nextExits(others, [exit]), [exit]);
          },
        ),
      ),
  },
  {
    name: 'exits subscribe: ends with the signal while a notice is waited for',
    run: () =>
      subscribed(arrange, async (notices, { listenersOf }, controller) => {
        const waiting = nextUntilDone(notices);
        await new Promise((resolve) => setTimeout(resolve, 20));
        controller.abort();
        assert.deepEqual(await within(promptly, waiting), done);
        assert.equal(listenersOf(controller.signal), 0);
      }),
  },
  {
    name: 'exits subscribe: ends with the signal while nobody waits, whatever was still to be told',
    run: () =>
      subscribed(arrange, async (notices, { endContainer, listenersOf }, controller) => {
        await endContainer();
        controller.abort();
        assert.deepEqual(await within(promptly, notices.next()), done);
        assert.equal(listenersOf(controller.signal), 0);
      }),
  },
  {
    name: 'exits subscribe: ends at once when the signal has fired before',
    run: async () => {
      const { port } = await arrange();
      const notices = port.subscribe(AbortSignal.abort())[Symbol.asyncIterator]();
      assert.deepEqual(await within(promptly, notices.next()), done);
    },
  },
  {
    name: 'exits subscribe: a loop that is left early leaves nothing behind',
    run: async () => {
      const { port, endContainer, listenersOf } = await arrange();
      const { signal } = new AbortController();
      for await (const notice of port.subscribe(signal)) {
        assert.deepEqual(notice, { _tag: 'Open' });
        break;
      }
      assert.equal(listenersOf(signal), 0);
      await endContainer();
    },
  },
];

type Notices = AsyncIterator<ExitNotice>;

/** How long a notice, or the end of all, may take, in milliseconds. */
const promptly = 5_000;

const done = { done: true, value: undefined };

/** A check on a subscription that has begun with `Open`, and is over after it. */
const subscribed = async (
  arrange: Arrange<ExitSubscriberWorld>,
  check: (notices: Notices, world: ExitSubscriberWorld, controller: AbortController) => Promise<void>,
): Promise<void> => {
  const world = await arrange();
  const controller = new AbortController();
  const notices = world.port.subscribe(controller.signal)[Symbol.asyncIterator]();
  try {
    assert.deepEqual(await within(promptly, notices.next()), { done: false, value: { _tag: 'Open' } });
    await check(notices, world, controller);
  } finally {
    controller.abort();
    assert.deepEqual(await within(promptly, nextUntilDone(notices)), done);
  }
};

const nextUntilDone = async (notices: Notices): Promise<IteratorResult<ExitNotice>> => {
  const next = await notices.next();
  return next.done === true || next.value._tag === 'Broken' ? next : nextUntilDone(notices);
};

/** As many exits as are given, of what ended there; what else goes on in the world is passed over. */
const nextExits = async (notices: Notices, exits: ReadonlyArray<Exit>): Promise<ReadonlyArray<Exit>> => {
  const told: Exit[] = [];
  while (told.length < exits.length) {
    const { done: isOver, value: notice } = await within(promptly, notices.next());
    assert.ok(isOver !== true && notice._tag !== 'Broken', 'the subscription goes on');
    if (notice._tag !== 'Exit') assert.notEqual(notice._tag, 'Open', 'it is open once');
    else if (exits.some(({ processId }) => processId === notice.exit.processId)) told.push(notice.exit);
  }
  return told;
};
