/** One row of a container table, and the leaves it promises: a row speaks of many combinations and of every way through their steps. */
import type { CheckpointFate } from '../../../src/core/container-decision.js';
import type { ContainerState, ContainerStatus } from '../../../src/core/container-status.js';
import type { EvidencedField, Origin } from '../../../src/core/evidence.js';
import type { FindingCode } from '../../../src/core/finding.js';
import type { StepName, Walked } from './path.js';
import { waysOf, writeWay } from './path.js';
import {
  type CheckpointCase,
  isStored,
  type ProcessCase,
  pids,
  storedStatuses,
  type TaskCase,
  times,
} from './readings.js';

export interface ContainerRow {
  readonly tasks: ReadonlyArray<TaskCase>;
  readonly checkpoints: ReadonlyArray<CheckpointCase>;
  /** See path.ts. */
  readonly path: string;
  readonly state: ContainerState;
  /** The UNKNOWN flag, where it is not just what the state says. */
  readonly flag?: boolean;
  /** False unless said. */
  readonly monitored?: boolean;
  /** What becomes of the file where all writes go well. */
  readonly file: CheckpointFate | 'skipped';
  readonly set?: Changes;
  /** Beyond those of the checkpoint itself. */
  readonly findings?: ReadonlyArray<FindingCode>;
}

/** What differs from the checkpoint, by where it is taken from. */
export interface Changes {
  readonly pid?: 'task' | 'none';
  readonly createdAt?: 'record';
  readonly startedAt?: 'now' | 'process' | 'record';
  readonly finishedAt?: 'now' | 'task' | 'go zero';
  readonly exitCode?: 'unseen' | 'task' | 'zero';
  readonly reason?: 'unseen' | 'empty';
}

export interface Leaf {
  readonly state: ContainerState;
  readonly status: ContainerStatus;
  readonly evidence: Readonly<Partial<Record<EvidencedField, Origin>>>;
  readonly monitored: boolean;
  readonly file: CheckpointFate;
  /** What was written last, if anything was tried. */
  readonly wrote: ContainerStatus | undefined;
  readonly findings: ReadonlyArray<FindingCode>;
}

/** Left out: an item that is skipped. */
export type Leaves = ReadonlyMap<string, Leaf | 'skipped'>;

/** What a policy makes of a checkpoint before any task is looked at. */
export interface Base {
  readonly status: ContainerStatus;
  readonly evidence: Readonly<Record<EvidencedField, Origin>>;
}

const tolerances: Partial<Record<StepName, FindingCode>> = {
  AttachIo: 'io-degraded',
  CreateIo: 'io-degraded',
  WatchExit: 'wait-failed',
  WriteCheckpoint: 'checkpoint-not-written',
};

/** The leaves of one combination, from all rows that speak of it. Two rows that promise the same way contradict each other. */
export const leavesOf = (
  rows: ReadonlyArray<ContainerRow>,
  base: Base,
  task: TaskCase,
  checkpoint: CheckpointCase,
  process: ProcessCase,
): Leaves => {
  const leaves = new Map<string, Leaf | 'skipped'>();
  for (const row of rows) {
    if (!row.tasks.includes(task) || !row.checkpoints.includes(checkpoint)) continue;
    for (const way of waysOf(row.path)) {
      const key = writeWay(way);
      if (leaves.has(key)) throw new Error(`two rows for ${task}, ${checkpoint}, ${key}`);
      leaves.set(key, row.file === 'skipped' ? 'skipped' : leafOf(row, row.file, way, base, task, checkpoint, process));
    }
  }
  return leaves;
};

const leafOf = (
  row: ContainerRow,
  file: CheckpointFate,
  way: ReadonlyArray<Walked>,
  base: Base,
  task: TaskCase,
  checkpoint: CheckpointCase,
  process: ProcessCase,
): Leaf => {
  const found = Object.entries(row.set ?? {}).map(
    ([field, source]) => [field, sourced(field, source, task, process)] as const,
  );
  const values = Object.fromEntries(found.map(([field, [value]]) => [field, value])) as Partial<ContainerStatus>;
  const origins = Object.fromEntries(found.map(([field, [, origin]]) => [field, origin]));
  const status = { ...base.status, ...values, unknown: row.flag ?? row.state === 'UNKNOWN' };
  const writes = way.filter(({ step }) => step === 'WriteCheckpoint');
  const tolerated = way.flatMap((walked) => (walked.tolerated ? [tolerances[walked.step]] : []));
  return {
    state: row.state,
    status,
    evidence: { ...base.evidence, ...origins },
    monitored: row.monitored ?? false,
    file: writes.some((walked) => walked.tolerated) ? 'dirty' : file,
    wrote: writes.length === 0 ? undefined : { ...status, unknown: false },
    findings: [...ofCheckpoint(checkpoint), ...(row.findings ?? []), ...tolerated]
      .filter((code): code is FindingCode => code !== undefined)
      .sort(),
  };
};

const sourced = (
  field: string,
  source: string,
  task: TaskCase,
  process: ProcessCase,
): readonly [bigint | number | string, Origin] => {
  switch (`${field} ${source}`) {
    case 'pid task':
      return [pids.task, 'task'];
    case 'pid none':
      return [0, task.startsWith('stopped') ? 'task' : 'estimated'];
    case 'createdAt record':
      return [times.recordCreated, 'record'];
    case 'startedAt now':
    case 'finishedAt now':
      return [times.now, 'estimated'];
    case 'startedAt process':
      return process === 'known' ? [times.processStarted, 'task'] : [times.now, 'estimated'];
    case 'startedAt record':
      return [times.recordCreated, 'estimated'];
    case 'finishedAt task':
      return [times.exited, 'task'];
    case 'finishedAt go zero':
      return [-6_795_364_578_871_345_152n, 'estimated'];
    case 'exitCode unseen':
      return [255, 'estimated'];
    case 'exitCode task':
      return [task === 'stopped -1' ? -1 : 137, 'task'];
    case 'exitCode zero':
      return [0, 'task'];
    case 'reason unseen':
      return ['Unknown', 'estimated'];
    case 'reason empty':
      return ['', 'task'];
    default:
      throw new Error(`a row says ${field} ${source}`);
  }
};

const ofCheckpoint = (checkpoint: CheckpointCase): ReadonlyArray<FindingCode> => {
  switch (checkpoint) {
    case 'LOST missing':
      return ['checkpoint-missing'];
    case 'LOST foreign':
      return ['checkpoint-foreign-version'];
    case 'ZERO':
      return ['checkpoint-empty'];
    default:
      return isStored(checkpoint) ? [] : ['checkpoint-unreadable'];
  }
};

/** The base where the checkpoint is taken as it is: what containerd does. */
export const storedBase = (checkpoint: CheckpointCase): Base => {
  const origin = isStored(checkpoint) ? 'checkpoint' : 'estimated';
  return {
    status: isStored(checkpoint) ? storedStatuses[checkpoint] : lost,
    evidence: {
      pid: origin,
      createdAt: origin,
      startedAt: origin,
      finishedAt: origin,
      exitCode: origin,
      reason: origin,
    },
  };
};

/** "LOST = times 0, ExitCode 255, Reason "Unknown", Unknown flag set". */
const lost: ContainerStatus = { ...storedStatuses.ZERO, exitCode: 255, reason: 'Unknown', unknown: true };

/** The base under `rebuild`: ZERO is as good as lost, and what lacks its creation gets the record's. */
export const rebuiltBase = (checkpoint: CheckpointCase): Base => {
  const base = storedBase(checkpoint === 'ZERO' ? 'LOST missing' : checkpoint);
  if (base.status.createdAt !== 0n) return base;
  return {
    status: { ...base.status, createdAt: times.recordCreated },
    evidence: { ...base.evidence, createdAt: 'record' },
  };
};
