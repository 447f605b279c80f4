/** How it goes when nothing happens: what every disturbed run is measured by. */
import type { Policy } from '../../src/core/policy.js';
import type { Call } from '../../src/ports/index.js';
import { type FakeNode, fakePorts } from '../../src/testing/index.js';
import { destroyed, mayGo } from './destroyed.js';
import { type Difference, differencesFrom, type Ending } from './ending.js';
import { type Fact, factsOf, forgotten } from './known.js';
import { endsOtherwise, type Loss, leftBehind, unguarded, wasDestroyed, wasForgotten } from './loss.js';
import { type MadeCall, noting } from './made-calls.js';
import { runToItsEnd } from './process.js';
import type { Run } from './recovery.js';
import { inVirtualTime } from './virtual-time.js';

export interface Undisturbed {
  readonly policy: Policy;
  readonly node: FakeNode;
  readonly run: Run;
  /** The calls of the first run. */
  readonly calls: ReadonlyArray<MadeCall>;
  /** Where it ends, the first time and the second. */
  readonly endings: ReadonlyArray<Ending>;
  /** What both runs destroy. */
  readonly gone: ReadonlyArray<Call>;
  /** What is known in the end of what was known at the beginning. */
  readonly kept: ReadonlyArray<Fact>;
  /** What is lost without any fault: nothing, under a careful policy. */
  readonly losses: ReadonlyArray<Loss>;
}

/** Runs twice without any fault. */
export const undisturbed = (policy: Policy, node: FakeNode, run: Run): Promise<Undisturbed> =>
  inVirtualTime(async (time) => {
    const made: MadeCall[] = [];
    const fake = noting(fakePorts(node), (call) => made.push(call));
    const first = await runToItsEnd(run, fake, fake, time);
    const calls = [...made];
    const second = await runToItsEnd(run, fake, fake, time);
    const endings = [first, second].flatMap(({ ending }) => ending ?? []);
    const known = factsOf(node);
    const lost = forgotten(known, fake.node());
    const gone = destroyed(made);
    const losses = [
      ...lost.map(wasForgotten),
      ...unguarded(node, made),
      ...gone.filter((call) => !mayGo(policy, node, call)).map(wasDestroyed(node)),
      ...endings.flatMap((ending) => differencesFrom(endings.slice(0, 1), ending).filter(isNotNew)).map(endsOtherwise),
      ...[first, second].flatMap(({ losses }) => losses),
      ...leftBehind(fake.node()),
    ];
    return { policy, node, run, calls, endings, gone, kept: known.filter((fact) => !lost.includes(fact)), losses };
  });

/** What the first run has made it could not tell of. */
const isNotNew = ({ aspect, expected }: Difference): boolean => aspect !== 'told' || expected !== 'nothing';
