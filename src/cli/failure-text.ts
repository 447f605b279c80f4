/**
 * One clear line for everything that makes a plan impossible: what, where, and what to do about it.
 */
import { describePortError, describeRecoveryFailure, type PortError, type RecoveryFailure } from '../index.js';

/** `source` is the socket or the recording that was observed. */
export const failureText =
  (source: string) =>
  (failure: RecoveryFailure): string => {
    switch (failure._tag) {
      case 'NodeUnreadable':
        return portErrorText(failure.error, source);
      case 'NameTaken':
        return `${describeRecoveryFailure(failure)}, and containerd would not start; remove one of them, or use --policy careful`;
      case 'IdTaken':
        return `${describeRecoveryFailure(failure)}, and containerd would not start; use --policy careful`;
      case 'Aborted':
        return describeRecoveryFailure(failure);
      case 'CriActive':
        return `${describeRecoveryFailure(failure)}, and two would act against each other; disable the plugin, or say --alongside-cri`;
      case 'NodeLocked':
        return diskErrorText(failure.error);
    }
  };

/** A port error of a live node with what to do about it. */
export const portErrorText = (error: PortError, source: string): string => {
  return ofContainerd.includes(error.port)
    ? `containerd at ${source}: ${error.message}${advice(error, false)}`
    : diskErrorText(error);
};

const ofContainerd: ReadonlyArray<PortError['port']> = ['daemon', 'containers', 'tasks', 'images', 'exits'];

/** A port error of the local disk with what to do about it. */
export const diskErrorText = (error: PortError): string => `${describePortError(error)}${advice(error, true)}`;

const advice = ({ _tag, cause }: PortError, isDisk: boolean): string => {
  switch (_tag) {
    case 'Denied':
      // The lock and the quarantine deny for reasons of their own, which being root does not change.
      return isDisk && cause === undefined ? '' : '; run it as root';
    case 'Unavailable':
      return '; is containerd running, and is --address its socket?';
    case 'TimedOut':
      return isDisk
        ? '; --deadline gives it longer'
        : '; is containerd busy? --deadline and --item-timeout give it longer';
    case 'NotFound':
      return isDisk ? '; --root and --state name the CRI plugin’s directories' : '';
    case 'Corrupt':
    case 'NoSpace':
    case 'Unexpected':
      return '';
  }
};
