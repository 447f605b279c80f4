/** Errors as one line, which names everything that is involved. */
import { expect, it } from 'vitest';
import { describePortError, describeRecoveryFailure, type RecoveryFailure } from '../../src/core/failure.js';
import { portError } from './tables/readings.js';

const error = portError('tasks', 'TimedOut');

it('a port error is said with what was called, and what for where it was for one thing', () => {
  expect(describePortError(error)).toBe('tasks get c1: answered TimedOut');
  expect(describePortError({ ...error, operation: 'list', subject: '' })).toBe('tasks list: answered TimedOut');
});

it.each<readonly [RecoveryFailure, string]>([
  [{ _tag: 'NodeUnreadable', error }, 'tasks get c1: answered TimedOut'],
  [
    { _tag: 'NameTaken', kind: 'sandbox', name: 'a "b"', ids: ['p1', 'p2', 'p3'] },
    'the sandbox name "a \\"b\\"" is held by p1 and p2 and p3',
  ],
  [{ _tag: 'IdTaken', kind: 'container', id: 'c1' }, 'the container id "c1" was listed twice'],
  [{ _tag: 'Aborted' }, 'the caller gave up waiting'],
  [{ _tag: 'CriActive' }, "containerd's own CRI plugin is at work on this node"],
  [{ _tag: 'NodeLocked', error: { ...error, message: 'held by process 7' } }, 'held by process 7'],
])('a recovery that failed with %o is said to be: %s', (failure, line) => {
  expect(describeRecoveryFailure(failure)).toBe(line);
});
