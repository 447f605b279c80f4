import { describe, expect, it } from 'vitest';
import { diskErrorText, failureText, portErrorText } from '../../src/cli/failure-text.js';
import { portError } from '../../src/ports/index.js';

const lock = { port: 'lock', operation: 'acquire', subject: '' } as const;
const read = { port: 'directories', operation: 'list', subject: '/root/containers' } as const;
const version = { port: 'daemon', operation: 'version', subject: '' } as const;

describe('what to do about an error', () => {
  it('is to run as root only where that would change anything', () => {
    const held = portError('Denied', lock, 'cri-recovery.lock is held by process 7');
    expect(failureText('/sock')({ _tag: 'NodeLocked', error: held })).toBe(
      'lock acquire: cri-recovery.lock is held by process 7',
    );
    expect(diskErrorText(portError('Denied', read, 'not permitted', new Error('EACCES')))).toMatch(/; run it as root$/);
    expect(portErrorText(portError('Denied', version, 'not allowed to connect'), '/sock')).toMatch(
      /^containerd at \/sock: .*; run it as root$/,
    );
  });

  it('does not send who waits for the disk to containerd', () => {
    expect(diskErrorText(portError('TimedOut', read, 'no answer in time'))).not.toContain('containerd');
    expect(portErrorText(portError('TimedOut', version, 'no answer in time'), '/sock')).toContain(
      'is containerd busy?',
    );
  });

  it('names both holders of a name', () => {
    const taken = { _tag: 'NameTaken', kind: 'container', name: 'n', ids: ['a', 'b'] } as const;
    expect(failureText('/sock')(taken)).toMatch(/"n" is held by a and b.*--policy careful$/);
  });

  it('says that the CRI plugin is at work, and how to go on all the same', () => {
    expect(failureText('/sock')({ _tag: 'CriActive' })).toMatch(/CRI plugin is at work.*--alongside-cri$/);
  });
});
