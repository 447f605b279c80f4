/** A recovery over ports that never wait lets others have their turn all the same, in each of its phases. */
import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import { policies, recover } from '../src/index.js';
import type { Progress } from '../src/ports/index.js';
import { leanPorts } from './bench/growth/lean-ports.js';

it.each(['careful', 'containerd'] as const)('under %s', { timeout: 60_000 }, async (policy) => {
  const turns: Record<string, number> = { observe: 0, decide: 0, act: 0 };
  let phase: string | undefined;
  const progress = (event: Progress): void => {
    if (event._tag === 'PhaseBegan') phase = event.phase;
    if (event._tag === 'PhaseEnded') phase = undefined;
  };
  const turn = (): void => {
    if (phase !== undefined) turns[phase] = (turns[phase] ?? 0) + 1;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  const ports = { ...leanPorts(20_000), log: { progress } };
  const recovered = await recover({ policy: policies[policy] })(ports)();
  clearImmediate(next);
  expect(E.isRight(recovered) && recovered.right.containers.length).toBe(20_000);
  for (const count of Object.values(turns)) expect(count).toBeGreaterThan(5);
});
