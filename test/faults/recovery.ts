/** A whole recovery, and a whole watch, as something that can be disturbed. */
import * as E from 'fp-ts/lib/Either.js';
import type { Plan } from '../../src/core/plan.js';
import type { Policy } from '../../src/core/policy.js';
import { describeRecoveryFailure, recover, watch } from '../../src/index.js';
import type { Ports } from '../../src/ports/index.js';
import type { Told } from './ending.js';
import { limits } from './fault.js';

/** What is disturbed: from ports to what it tells in the end. */
export type Run = (ports: Ports) => Promise<Told>;

export const recovery =
  (policy: Policy, concurrency = 32): Run =>
  async (ports) => {
    const recovered = await recover({ policy, limits: { ...limits, concurrency } })(ports)();
    return E.isLeft(recovered) ? new Map([['node', describeRecoveryFailure(recovered.left)]]) : toldBy(recovered.right);
  };

/** How long a watch stays: so that what failed at first is tried again, more than once. */
const stayMs = 12_000;

/** A watch that is stopped after a while. */
export const watching =
  (policy: Policy): Run =>
  async (ports) => {
    const begun = await watch({ policy, limits })(ports)();
    if (E.isLeft(begun)) return new Map([['node', describeRecoveryFailure(begun.left)]]);
    await new Promise((resolve) => setTimeout(resolve, stayMs));
    const told = toldBy(begun.right.current());
    await begun.right.stop();
    return told;
  };

/** The state of every item; what was found odd on the way and what was done depends on the way. */
const toldBy = ({ sandboxes, containers, images, failures }: Plan): Told =>
  new Map<string, unknown>([
    ...sandboxes.map(
      ({ record, status, netns, monitored }) => [`sandbox ${record.id}`, { status, netns, monitored }] as const,
    ),
    ...containers.map(({ record, status, monitored }) => [`container ${record.id}`, { status, monitored }] as const),
    ...images.map(({ record, state }) => [`image ${record.name}`, state] as const),
    ...failures.map(({ kind, id, tag }) => [`${kind} ${id}`, tag] as const),
  ]);
