/**
 * The plan for a whole node: one decision for every item, and nothing done yet.
 */
import type { ContainerDecision } from './container-decision.js';
import type { ImageDecision } from './decide-image.js';
import type { OrphanDecision } from './decide-orphans.js';
import type { SandboxDecision } from './decide-sandbox.js';
import type { ItemFailure } from './failure.js';
import type { NodeIdentity } from './observation.js';
import type { Policy } from './policy.js';

/** Every list is sorted by id, name or path. */
export interface Plan {
  /** `apply` once its steps have been done. */
  readonly mode: 'plan' | 'apply';
  readonly node: NodeIdentity;
  readonly policy: Policy;
  /** When the observation began, in nanoseconds since 1970. */
  readonly takenAt: bigint;
  readonly sandboxes: ReadonlyArray<SandboxDecision>;
  readonly containers: ReadonlyArray<ContainerDecision>;
  readonly images: ReadonlyArray<ImageDecision>;
  readonly orphans: ReadonlyArray<OrphanDecision>;
  /** What could not be loaded; in no other list. */
  readonly failures: ReadonlyArray<ItemFailure>;
}
