/** A run in a process of its own, which ends with it. */
import type { Ports } from '../../src/ports/index.js';
import type { FakeNode, FakePorts } from '../../src/testing/index.js';
import { type Ending, endingOf, type Told } from './ending.js';
import { limits } from './fault.js';
import { type Loss, lockLeft, noEnd } from './loss.js';
import type { Run } from './recovery.js';
import type { VirtualTime } from './virtual-time.js';

interface Ended {
  /** None of a process that died. */
  readonly ending: Ending | undefined;
  /** What was wrong with it as a process. */
  readonly losses: ReadonlyArray<Loss>;
}

/** How much later the next process begins, in nanoseconds: so odd that nothing else on a node happens that far from now. */
const later = 3_600_000_000_007n;

/** When the runs so far began, two at the most. */
const timesOf = ({ now }: FakeNode): ReadonlyArray<bigint> => [now, now - later];

/** The longest that a run may take in milliseconds: its deadline, and once more an item's for the lock to be given back. */
const longest = limits.deadlineMs + limits.itemTimeoutMs;

/**
 * Runs until the run has ended, or its process has died. What it still has under way happens after that; the next process begins an
 * hour later, and finds the lock of a dead one where this one has kept it.
 */
export const runToItsEnd = async (
  run: Run,
  ports: Ports,
  fake: FakePorts,
  time: VirtualTime,
  isDead: () => boolean = () => false,
): Promise<Ended> => {
  const began = time.passed();
  let told: Told | undefined;
  let thrown: unknown;
  run(ports).then(
    (value) => {
      told = value;
    },
    (reason: unknown) => {
      thrown = reason;
    },
  );
  const isOver = (): boolean => told !== undefined || thrown !== undefined || isDead();
  await time.passUntil(isOver);
  const took = time.passed() - began;
  const ending = told === undefined ? undefined : endingOf(told, fake.node(), timesOf(fake.node()));
  const losses: ReadonlyArray<Loss> = [
    ...(isOver() ? [] : [noEnd('it does not end')]),
    ...(thrown === undefined ? [] : [noEnd(`it throws ${String(thrown)}`)]),
    ...(took > longest ? [noEnd(`it takes ${took} ms`)] : []),
    ...(told !== undefined && fake.node().lock === 'ours' ? [lockLeft(fake.node())] : []),
  ];
  if (isDead()) time.forget();
  else await time.passUntil(() => false);
  fake.change((node) => ({
    ...node,
    now: node.now + later,
    lock: node.lock === 'ours' ? 'abandoned' : node.lock,
    // The kernel closes what a dead process had open.
    attached: isDead() ? [] : node.attached,
  }));
  return { ending, losses };
};
