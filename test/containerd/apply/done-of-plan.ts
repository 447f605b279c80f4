/** A plan as the report of having done it. */
import type { PlanDocument, PlannedAction } from '../plan/plan-document.js';

const done = ({ action }: PlannedAction): PlannedAction => ({ action, outcome: 'done' });
const withActionsDone = <A extends { readonly actions: ReadonlyArray<PlannedAction> }>(item: A): A => ({
  ...item,
  actions: item.actions.map(done),
});

/** What `apply` reports when it does all of it: as planned, but for the moment that it calls now. */
export const doneOf = (plan: PlanDocument): Omit<PlanDocument, 'mode' | 'startedAt' | 'durationMs'> =>
  withoutMoments({
    ...plan,
    sandboxes: plan.sandboxes.map(withActionsDone),
    containers: plan.containers.map(withActionsDone).map((container) => ({
      ...container,
      checkpoint: container.checkpoint === 'planned' ? 'written' : container.checkpoint,
    })),
    images: plan.images.map(withActionsDone),
    orphans: plan.orphans.map(withActionsDone).map((orphan) => ({
      ...orphan,
      outcome: orphan.outcome === 'planned' ? outcomeOf(orphan.actions) : orphan.outcome,
    })),
  });

const outcomeOf = ([first]: ReadonlyArray<PlannedAction>): string =>
  first?.action === 'remove' ? 'removed' : 'quarantined';

/** A report without when it was made, and without when processes started, which is told to the tick of a clock. */
export const withoutMoments = ({
  mode,
  startedAt,
  durationMs,
  ...report
}: PlanDocument): Omit<PlanDocument, 'mode' | 'startedAt' | 'durationMs'> => {
  const orNow = (time: string): string => (time === startedAt ? 'now' : time);
  return {
    ...report,
    containers: report.containers.map((container) => ({
      ...container,
      startedAt: container.evidence.startedAt === 'task' ? 'process' : orNow(container.startedAt),
      finishedAt: orNow(container.finishedAt),
    })),
  };
};
