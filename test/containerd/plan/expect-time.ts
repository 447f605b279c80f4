/** The times of a planned container against the words that the expectation has for them. */
import { expect } from 'vitest';
import type { Scene } from './disturbed-scene.js';
import type { Time } from './expected-containers.js';
import type { PlanDocument, PlannedContainer } from './plan-document.js';
import { inventedExit } from './situations.js';

type Field = 'createdAt' | 'startedAt' | 'finishedAt';

/** The kernel tells when a process started to about 10 ms. */
const slack = 30_000_000n;

/** What the evidence has to say of a time; the record's own is one thing for `createdAt` and a guess for `startedAt`. */
const origins: Readonly<Partial<Record<Time, string>>> = {
  checkpoint: 'checkpoint',
  invented: 'checkpoint',
  process: 'task',
  exit: 'task',
  now: 'estimated',
};

/** Expects that the time in this field is the one meant, and that the evidence says so. */
export const expectTime = async (
  { node, before, tasks }: Scene,
  plan: PlanDocument,
  planned: PlannedContainer,
  field: Field,
  expected: Time,
): Promise<void> => {
  const { createdAt } = await node.engine.containers.get(planned.id);
  const record = createdAt === undefined ? 0n : createdAt.seconds * 1_000_000_000n + BigInt(createdAt.nanos);
  const status = before.containers.get(planned.id);
  const time = BigInt(planned[field]);
  const origin = origins[expected];
  if (origin !== undefined) expect(planned.evidence).toMatchObject({ [field]: origin });
  if (expected === 'process') {
    // It is made with the task: after the record, and before the start.
    expect(time).toBeGreaterThan(record - slack);
    expect(time).toBeLessThan((status?.startedAt ?? 0n) + slack);
    return;
  }
  const moments: Record<Exclude<Time, 'process'>, bigint | undefined> = {
    checkpoint: status?.[field],
    record,
    exit: tasks.get(planned.id)?.exitedAt,
    now: BigInt(plan.startedAt),
    invented: inventedExit.finishedAt,
    none: 0n,
  };
  expect(time).toBe(moments[expected]);
};
