/** Which steps change the node. */
import { expect, it } from 'vitest';
import { isAction, type Step } from '../../src/core/action.js';
import { idOf } from './records.js';
import { storedStatuses } from './tables/readings.js';

const id = idOf('c1');
const stdio = { stdin: '', stdout: '', stderr: '', terminal: false };
const directory = { base: { kind: 'container', area: 'root' }, name: 'o' } as const;

it.each<readonly [Step, boolean]>([
  [{ _tag: 'AttachIo', id, stdio, logPath: '' }, false],
  [{ _tag: 'CreateIo', id, streams: { tty: false, stdin: false } }, false],
  [{ _tag: 'WatchExit', id }, false],
  [{ _tag: 'DeleteTask', id, state: 'stopped' }, true],
  [{ _tag: 'KeepAside', id }, true],
  [{ _tag: 'WriteCheckpoint', id, checkpoint: { status: storedStatuses.ZERO, rest: {} } }, true],
  [{ _tag: 'AdoptImage', id, image: { name: 'web', target: '', labels: {} } }, true],
  [{ _tag: 'RemoveDirectory', ...directory }, true],
  [{ _tag: 'QuarantineDirectory', ...directory }, true],
])('%o is an action: %s', (step, expected) => {
  expect(isAction(step)).toBe(expected);
});
