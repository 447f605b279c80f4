/** Which tasks live, in one call. */
import * as E from 'fp-ts/lib/Either.js';
import { answer, withDeadline } from '../bounds/deadline.js';
import type { Limits } from '../bounds/limits.js';
import type { Ports } from '../ports/index.js';

/**
 * The ids of tasks that are listed as running or paused. Of any other nothing is known but that it has to be asked for: where the list is not to
 * be had, of all.
 */
export const aliveTasks = async (
  { tasks }: Pick<Ports, 'tasks'>,
  limits: Limits,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> => {
  const call = { port: 'tasks', operation: 'list', subject: '' } as const;
  const listed = await withDeadline(limits.itemTimeoutMs, signal, (short) => answer(call, () => tasks.list(), short))();
  const alive = E.isRight(listed) ? listed.right.filter(({ state }) => living.has(state)) : [];
  return new Set(alive.map(({ id }) => id));
};

const living: ReadonlySet<string> = new Set(['running', 'paused', 'pausing']);
