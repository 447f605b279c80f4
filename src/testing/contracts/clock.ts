/** The contract of `Clock`. */
import assert from 'node:assert/strict';
import type { Clock } from '../../ports/index.js';
import type { Arrange, Check } from './check.js';

/** What every `Clock` keeps. */
export const clockContract = (arrange: Arrange<Clock>): ReadonlyArray<Check> => [
  {
    name: 'clock now: nanoseconds since 1970, within this century',
    run: async () => {
      const now = (await arrange()).now();
      assert.equal(typeof now, 'bigint');
      assert.ok(now > nanosecondsAt('2020-01-01') && now < nanosecondsAt('2100-01-01'), String(now));
    },
  },
];

const nanosecondsAt = (date: string): bigint => BigInt(Date.parse(date)) * 1_000_000n;
