/** Deciding an observation over and over. */
import * as E from 'fp-ts/lib/Either.js';
import {
  decide,
  type Observation,
  type Plan,
  policies,
  type Step,
  settleContainer,
  settleImage,
  settleOrphan,
  settleSandbox,
} from '../../../src/core/index.js';
import type { CoreResult } from './measure-core.js';

const policy = policies.careful;

/** Rounds of at least `roundMs` each, after one that does not count. */
export const decideAndSettle = (observation: Observation, rounds: number, roundMs: number): CoreResult => {
  const { sandboxes, containers, images } = observation;
  const items = sandboxes.length + containers.length + images.length;
  const plan = (): Plan => {
    const planned = decide(policy, observation.takenAt)(observation);
    if (E.isLeft(planned)) throw new Error(planned.left._tag);
    return planned.right;
  };
  const perSecond = (work: () => unknown): number => {
    const began = performance.now();
    let times = 0;
    do {
      work();
      times += 1;
    } while (performance.now() - began < roundMs);
    return (1_000 * times * items) / (performance.now() - began);
  };
  const rates = (work: () => unknown): ReadonlyArray<number> =>
    Array.from({ length: rounds + 1 }, () => perSecond(work)).slice(1);
  return { items, decided: rates(plan), settled: rates(() => settleAll(plan())) };
};

/** Every step as done, without doing it. */
const settleAll = ({ sandboxes, containers, images, orphans, takenAt }: Plan): number => {
  const settleOne = settleContainer(policy, takenAt);
  const ended = [
    ...sandboxes.map((decision) => toTheEnd(decision, (one) => settleSandbox(policy)(one, done))),
    ...containers.map((decision) => toTheEnd(decision, (one) => E.getOrElse(() => one)(settleOne(one, done)))),
    ...images.map((decision) => toTheEnd(decision, (one) => settleImage(one, done))),
    ...orphans.map((decision) => toTheEnd(decision, (one) => settleOrphan(one, done))),
  ];
  return ended.length;
};

const done = { _tag: 'Done' } as const;

const toTheEnd = <D extends { readonly steps: ReadonlyArray<Step> }>(decision: D, settle: (decision: D) => D): D => {
  let current = decision;
  while (current.steps.length > 0) current = settle(current);
  return current;
};
