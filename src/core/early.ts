/**
 * Acting on what has answered while something else has not: which part of a plan nothing can change that is still to be read, and how the whole
 * plan looks once that part has been performed.
 */
import type { RecordFields } from './metadata.js';
import type { Plan } from './plan.js';
import { sortedBy } from './sorted-by.js';

/** An item of a plan that goes by an id and holds a name. */
interface Named {
  readonly record: Pick<RecordFields, 'id' | 'name'>;
}

/**
 * The sandboxes and containers of a plan that do not depend on those of the ids given: not one of them, no other holder of a name of theirs, and
 * no container of their pods. Images, directories and failures are left for the end.
 */
export const earlyPart = (plan: Plan, late: ReadonlySet<string>): Plan => {
  const isIndependent = independentOf(plan.sandboxes, late);
  const sandboxes = plan.sandboxes.filter(isIndependent);
  const lateSandboxes = new Set<string>(
    plan.sandboxes.filter((sandbox) => !isIndependent(sandbox)).map(({ record }) => record.id),
  );
  const containers = plan.containers
    .filter(independentOf(plan.containers, late))
    .filter(({ record }) => !lateSandboxes.has(record.metadata.sandboxId));
  return { ...plan, sandboxes, containers, images: [], orphans: [], failures: [] };
};

const independentOf = (all: ReadonlyArray<Named>, late: ReadonlySet<string>): ((item: Named) => boolean) => {
  const lateNames = new Set(all.filter(({ record }) => late.has(record.id)).map(({ record }) => record.name));
  return ({ record }) => !lateNames.has(record.name);
};

/** What is left of the whole plan beside a part of it. */
export const without = (plan: Plan, part: Plan): Plan => ({
  ...plan,
  sandboxes: plan.sandboxes.filter(notOf(part.sandboxes)),
  containers: plan.containers.filter(notOf(part.containers)),
});

const notOf = (items: ReadonlyArray<Named>): ((item: Named) => boolean) => {
  const ids = new Set(items.map(({ record }) => record.id));
  return ({ record }) => !ids.has(record.id);
};

/** Two parts of one plan as one. */
export const together = (early: Plan, late: Plan): Plan => ({
  ...late,
  sandboxes: byId([...early.sandboxes, ...late.sandboxes]),
  containers: byId([...early.containers, ...late.containers]),
  failures: [...early.failures, ...late.failures],
});

const byId = <A extends Named>(items: ReadonlyArray<A>): ReadonlyArray<A> => sortedBy(items, ({ record }) => record.id);
