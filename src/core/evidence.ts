/**
 * Where each value of a status came from.
 */
import type { ContainerStatus } from './container-status.js';

/** Asked of the task, read from the checkpoint, taken from containerd's record, or nobody knows and this is the best guess. */
export type Origin = 'task' | 'checkpoint' | 'record' | 'estimated';

/** The fields of a status that have an origin. */
export type EvidencedField = 'pid' | 'createdAt' | 'startedAt' | 'finishedAt' | 'exitCode' | 'reason';

/** For each field of a status, where its value came from. */
export type Evidence = Readonly<Record<EvidencedField, Origin>>;

/** A status together with where it came from. */
export interface Known {
  readonly status: ContainerStatus;
  readonly evidence: Evidence;
}

/** A status whose values all have one origin. */
export const knownFrom = (origin: Origin, status: ContainerStatus): Known => ({
  status,
  evidence: {
    pid: origin,
    createdAt: origin,
    startedAt: origin,
    finishedAt: origin,
    exitCode: origin,
    reason: origin,
  },
});

/** The same with some values replaced by better ones. */
export const learn = (known: Known, origin: Origin, values: Partial<Pick<ContainerStatus, EvidencedField>>): Known => ({
  status: { ...known.status, ...values },
  evidence: { ...known.evidence, ...Object.fromEntries(Object.keys(values).map((field) => [field, origin])) },
});

/** The same with the UNKNOWN flag set or cleared. */
export const flagUnknown = (known: Known, unknown: boolean): Known => ({
  status: { ...known.status, unknown },
  evidence: known.evidence,
});
