/**
 * A node as an explanation needs it: decided under any policy, even one that would end the recovery before anything is decided.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { decide } from './decide.js';
import { decisiveChoices, differencesOf, type Values } from './explain-choices.js';
import type { Choice, Comparison, Ending, Explanation } from './explanation.js';
import type { Observation } from './observation.js';
import type { Plan } from './plan.js';
import { containerd, type Policy } from './policy.js';

/** What is to be explained, under which policy. */
export interface Subject {
  readonly policy: Policy;
  readonly observation: Observation;
  /** All of the observation that decides about it, and little else. */
  readonly surroundings: Observation;
  readonly id: string;
}

/** What every explanation has of its subject. */
export const fieldsOf = ({
  policy,
  observation: { node, takenAt },
  id,
}: Subject): Pick<Explanation, 'id' | 'node' | 'takenAt' | 'policy'> => ({ id, node, takenAt, policy });

/** The choices that can end a recovery, as they never do. No item's decision depends on them unless they do. */
const notEnding = { duplicateName: 'shadow', orphanedDirectory: 'quarantine' } as const satisfies Partial<Policy>;
const endingChoices = Object.keys(notEnding) as ReadonlyArray<keyof typeof notEnding>;

/** The plan for the subject and what is around it, as it would be if nothing ended the recovery. */
export const planAnyhow = ({ surroundings }: Subject, policy: Policy): O.Option<Plan> =>
  O.fromEither(decide({ ...policy, ...notEnding }, surroundings.takenAt)(surroundings));

/** What ends the recovery under a policy, if anything does. */
export const endingUnder = ({ observation }: Subject, policy: Policy): Ending | undefined => {
  const decided = decide(policy, observation.takenAt)(observation);
  if (E.isRight(decided)) return undefined;
  const ends = (choice: Choice): boolean =>
    E.isLeft(decide({ ...policy, ...notEnding, [choice]: policy[choice] }, observation.takenAt)(observation));
  return { failure: decided.left, choices: endingChoices.filter(ends) };
};

/** Both values of what differs, and why it does, where an item has values under every policy. */
export const comparisonWith = (policy: Policy, valuesUnder: (policy: Policy) => Values): Comparison => ({
  differences: differencesOf(valuesUnder(policy), valuesUnder(containerd)),
  choices: decisiveChoices(policy, valuesUnder),
});
