/** A change as a value to be shown: items in the form of the report. */
import type { ReportedChange } from '../core/change-report.js';
import { describeRecoveryFailure } from '../core/failure.js';
import { reportContainer, reportSandbox } from '../core/report.js';
import type { Change } from './change.js';

/** Reports a change that is told at a time, in nanoseconds since 1970. */
export const reportChange = (change: Change, at: bigint): ReportedChange => {
  switch (change._tag) {
    case 'ContainerChanged': {
      const { state, checkpoint, findings } = reportContainer(change.before);
      const before = { state, checkpoint, findings };
      return { change: 'container', at, before, container: reportContainer(change.now) };
    }
    case 'SandboxChanged': {
      const { state, findings } = reportSandbox(change.before);
      return { change: 'sandbox', at, before: { state, findings }, sandbox: reportSandbox(change.now) };
    }
    case 'ConnectionLost':
      return { change: 'connection-lost', at, error: change.error.message };
    case 'ConnectionBack':
      return { change: 'connection-back', at };
    case 'Ended':
      return { change: 'ended', at, error: describeRecoveryFailure(change.failure) };
  }
};
