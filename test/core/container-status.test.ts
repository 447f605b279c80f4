/** What a status amounts to, and when two are the same in a file. */
import { expect, it } from 'vitest';
import { containerState, isSameWhenStored } from '../../src/core/container-status.js';
import { storedStatuses } from './tables/readings.js';

const status = { ...storedStatuses.EXITED, message: 'ended', unknown: false };

it.each([
  { pid: 1 },
  { createdAt: 1n },
  { startedAt: 1n },
  { finishedAt: 1n },
  { exitCode: 1 },
  { reason: 'Error' },
  { message: 'otherwise' },
])('a status with another %o is stored otherwise', (change) => {
  expect(isSameWhenStored(status, { ...status, ...change })).toBe(false);
  expect(isSameWhenStored({ ...status, ...change }, status)).toBe(false);
});

it('the UNKNOWN flag is not stored', () => {
  expect(isSameWhenStored(status, { ...status, unknown: true })).toBe(true);
});

it('the flag comes before the times, and a later time before an earlier one', () => {
  const { ZERO, CREATED, RUNNING, EXITED } = storedStatuses;
  expect([ZERO, CREATED, RUNNING, EXITED].map(containerState)).toStrictEqual([
    'UNKNOWN',
    'CREATED',
    'RUNNING',
    'EXITED',
  ]);
  expect(containerState({ ...EXITED, unknown: true })).toBe('UNKNOWN');
  expect(containerState({ ...ZERO, finishedAt: -1n })).toBe('EXITED');
});
