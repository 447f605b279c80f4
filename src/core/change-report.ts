/**
 * What is told of a node that somebody watches, one value for each change. Its JSON form is documented in docs/watch.md.
 */
import type { Finding } from './finding.js';
import type { Report, ReportedContainer, ReportedSandbox } from './report.js';

/** When it was told, in nanoseconds since 1970, and what. */
export type ReportedChange = { readonly at: bigint } & (
  | RecoveredChange
  | ContainerChange
  | SandboxChange
  | ConnectionLostChange
  | ConnectionBackChange
  | IoTroubleChange
  | EndedChange
);

/** The recovery, always the first. */
export interface RecoveredChange {
  readonly change: 'recovered';
  readonly report: Report;
}

/** A container is not what it was. */
export interface ContainerChange {
  readonly change: 'container';
  readonly before: Pick<ReportedContainer, 'state' | 'checkpoint' | 'findings'>;
  readonly container: ReportedContainer;
}

/** A sandbox is not what it was. */
export interface SandboxChange {
  readonly change: 'sandbox';
  readonly before: { readonly state: ReportedSandbox['state']; readonly findings: ReadonlyArray<Finding> };
  readonly sandbox: ReportedSandbox;
}

/** Exits are not heard of until the connection is back. */
export interface ConnectionLostChange {
  readonly change: 'connection-lost';
  readonly error: string;
}

/** What happened meanwhile is asked for, and told in changes of its own. */
export interface ConnectionBackChange {
  readonly change: 'connection-back';
}

/** A container's log cannot be written, or can again. */
export interface IoTroubleChange {
  readonly change: 'io-trouble';
  readonly id: string;
  readonly name: string;
  readonly phase: 'began' | 'over';
  readonly error: string;
  /** Log records dropped so far. */
  readonly dropped: number;
}

/** The watch has ended by itself; always the last. */
export interface EndedChange {
  readonly change: 'ended';
  readonly error: string;
}
