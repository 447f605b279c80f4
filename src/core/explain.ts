/**
 * The story of one item: the decision of a whole node where it concerns one sandbox or container, beside what containerd would decide.
 */
import * as E from 'fp-ts/lib/Either.js';
import { flow, pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { containerValues, sandboxValues, type Values } from './explain-choices.js';
import { checkpointReason, explainContainerSteps, explainSandboxSteps } from './explain-steps.js';
import { comparisonWith, endingUnder, fieldsOf, planAnyhow, type Subject } from './explain-subject.js';
import type {
  ContainerExplanation,
  ContainerJudgement,
  Explanation,
  FailureExplanation,
  SandboxExplanation,
  SandboxJudgement,
} from './explanation.js';
import type { Observation } from './observation.js';
import { containerd, type Policy } from './policy.js';
import { recallCheckpoint } from './recall-checkpoint.js';
import { reportContainer, reportSandbox } from './report.js';
import { sightContainer, sightSandbox } from './sighting.js';
import { surroundingsOf } from './surroundings.js';
import { containerRow, sandboxRow } from './table-row.js';
import { sightTask } from './task-sight.js';

/**
 * Explains what a policy makes of the item of an id, at the time of the observation, and what containerd's CRI plugin would make of it. None where
 * nothing of this id was listed. Where the policy would end the recovery, it says so, and what would be decided otherwise.
 *
 * @example
 * const node = fakeNode({ containers: [fakeContainer({ id: 'nginx', task: 'absent', checkpoint: 'RUNNING' })] });
 * const explained = explain(policies.careful, observationOf(node), 'nginx');
 * assert.deepStrictEqual(O.isSome(explained) && explained.value.about, 'container');
 */
export const explain = (policy: Policy, observation: Observation, id: string): O.Option<Explanation> => {
  const subject: Subject = { policy, observation, surroundings: surroundingsOf(observation, id), id };
  return pipe(
    explainContainer(subject),
    O.altW(() => explainSandbox(subject)),
    O.altW(() => explainFailure(subject)),
  );
};

const explainContainer = (subject: Subject): O.Option<ContainerExplanation> => {
  const { policy, surroundings, id } = subject;
  const judge = (chosen: Policy): O.Option<Omit<ContainerJudgement, 'ends'>> =>
    pipe(
      planAnyhow(subject, chosen),
      O.chain(({ containers }) => ofId(containers, id)),
      O.map((decision) => ({
        item: reportContainer(decision),
        steps: explainContainerSteps(chosen, decision),
        checkpointReason: checkpointReason(chosen, decision),
      })),
    );
  return pipe(
    O.Do,
    O.apS('here', judge(policy)),
    O.apS('there', judge(containerd)),
    O.apS('observed', listedAs(surroundings.containers, id)),
    O.map(({ here, there, observed }) => {
      const { says } = recallCheckpoint(policy, observed);
      return {
        about: 'container',
        ...fieldsOf(subject),
        seen: sightContainer(surroundings, observed, says),
        row: containerRow(sightTask(observed.task), says),
        decided: { ends: endingUnder(subject, policy), ...here },
        containerd: {
          ends: endingUnder(subject, containerd),
          ...there,
          ...comparisonWith(policy, flow(judge, valuesOr(containerValues))),
        },
      };
    }),
  );
};

const explainSandbox = (subject: Subject): O.Option<SandboxExplanation> => {
  const { policy, surroundings, id } = subject;
  const judge = (chosen: Policy): O.Option<Omit<SandboxJudgement, 'ends'>> =>
    pipe(
      planAnyhow(subject, chosen),
      O.chain(({ sandboxes }) => ofId(sandboxes, id)),
      O.map((decision) => ({
        item: reportSandbox(decision),
        steps: explainSandboxSteps(chosen, decision),
      })),
    );
  return pipe(
    O.Do,
    O.apS('here', judge(policy)),
    O.apS('there', judge(containerd)),
    O.apS('observed', listedAs(surroundings.sandboxes, id)),
    O.map(({ here, there, observed }) => ({
      about: 'sandbox',
      ...fieldsOf(subject),
      seen: sightSandbox(surroundings, observed, here.item.netns),
      row: sandboxRow(sightTask(observed.task)),
      decided: { ends: endingUnder(subject, policy), ...here },
      containerd: {
        ends: endingUnder(subject, containerd),
        ...there,
        ...comparisonWith(policy, flow(judge, valuesOr(sandboxValues))),
      },
    })),
  );
};

const explainFailure = (subject: Subject): O.Option<FailureExplanation> => {
  const { policy, id } = subject;
  return pipe(
    planAnyhow(subject, policy),
    O.chainNullableK(({ failures }) => failures.find((failure) => failure.id === id)),
    O.map((failure) => ({
      about: 'failure',
      ...fieldsOf(subject),
      failure,
      decided: { ends: endingUnder(subject, policy) },
      containerd: { ends: endingUnder(subject, containerd) },
    })),
  );
};

interface OfId {
  readonly record: { readonly id: string };
}

const ofId = <A extends OfId>(items: ReadonlyArray<A>, id: string): O.Option<A> =>
  O.fromNullable(items.find(({ record }) => record.id === id));

const listedAs = <A extends OfId>(listed: ReadonlyArray<E.Either<unknown, A>>, id: string): O.Option<A> =>
  ofId(
    listed.flatMap((one) => (E.isRight(one) ? [one.right] : [])),
    id,
  );

/** An item that is there under one policy is there under all. */
const valuesOr = <A>(values: (judgement: A) => Values): ((judgement: O.Option<A>) => Values) =>
  O.match(() => ({}), values);
