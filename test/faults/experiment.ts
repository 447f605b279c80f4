/** One experiment: a run that is disturbed, then one that is not; and what that has cost. */
import type { Call } from '../../src/ports/index.js';
import { fakePorts } from '../../src/testing/index.js';
import { destroyed, mayGo } from './destroyed.js';
import { disturbed } from './disturbed.js';
import { differencesFrom } from './ending.js';
import type { Fault } from './fault.js';
import { forgotten } from './known.js';
import { endsOtherwise, type Loss, leftBehind, unguarded, wasDestroyed, wasForgotten } from './loss.js';
import { type MadeCall, noting } from './made-calls.js';
import { runToItsEnd } from './process.js';
import type { Undisturbed } from './undisturbed.js';
import { inVirtualTime } from './virtual-time.js';

export interface Outcome {
  readonly losses: ReadonlyArray<Loss>;
  /** What the disturbed run has changed. */
  readonly done: ReadonlyArray<Call>;
}

/** What comes of a fault; throws where it has met no call, as the experiment is wrong then. */
export const outcomeOf = ({ policy, node, run, endings, gone, kept }: Undisturbed, fault: Fault): Promise<Outcome> =>
  inVirtualTime(async (time) => {
    const made: MadeCall[] = [];
    const fake = noting(fakePorts(node), (call) => made.push(call));
    const { ports, isDead, strikes } = disturbed(fake, fault);
    const first = await runToItsEnd(run, ports, fake, time, isDead);
    if (strikes() === 0) throw new Error('the fault has met no call');
    const done = made.flatMap(({ call, isWrite }) => (isWrite ? [call] : []));
    const second = await runToItsEnd(run, fake, fake, time);
    const found = second.ending === undefined ? [] : differencesFrom(endings, second.ending);
    const isNew = ({ operation, subject }: Call): boolean =>
      !gone.some((call) => call.operation === operation && call.subject === subject);
    const losses = [
      ...first.losses,
      ...second.losses,
      ...found.map(endsOtherwise),
      ...destroyed(made)
        .filter((call) => isNew(call) || !mayGo(policy, node, call))
        .map(wasDestroyed(node)),
      ...forgotten(kept, fake.node()).map(wasForgotten),
      ...unguarded(node, made),
      ...leftBehind(fake.node()),
    ];
    return { losses, done };
  });
